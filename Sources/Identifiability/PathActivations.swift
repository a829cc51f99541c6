import ExactArithmetic
import LinearAlgebra
import Networks

/// The path activations α(X, θ): for each input and path, what the input gives to the path.
///
/// Definition: α_p(x) is 1 if every hidden neuron of p is active at x and 0 if not, times x_i if p starts at input i; α_β = 1.
/// With the embedding, f_θ(X) = α(X, θ) Φ(θ). A neuron at exactly 0 counts as not active; the product is the same.
///
///     let alpha = PathActivations(of: network, at: inputs)
///     alpha.gram()                    // α αᵀ, without a path
///     try alpha.rank().value          // R_A, where it is proved
///
/// - Exactness: exact: activations are decided exactly.
/// - Reference: [SG22]; [BMB22] the rank of α.
public struct PathActivations: Sendable {
  /// The network.
  public let network: Network
  /// The inputs.
  public let inputs: [[Double]]
  /// Which hidden neurons are active at each input.
  public let patterns: [ActivationPattern]
  /// The number of inputs at which some hidden neuron is exactly zero.
  public let kinks: Int
  /// The number of the first neuron of each hidden layer, and at the end that of all.
  private let starts: [Int]

  /// The path activations of a network at inputs.
  ///
  /// - Complexity: O(parameters) for each input.
  public init(of network: Network, at inputs: [[Double]]) {
    self.network = network
    self.inputs = inputs
    let activations = inputs.map { network.activations(at: $0) }
    patterns = activations.map(\.pattern)
    kinks = activations.count { $0.kinks > 0 }
    var starts = [0]
    for layer in network.hiddenLayers { starts.append((starts.last ?? 0) + layer.width) }
    self.starts = starts
  }

  /// α_p at the input of the given index.
  public func value(of path: NetworkPath, at index: Int) -> Dyadic {
    let pattern = patterns[index]
    guard path.neurons.allSatisfy({ pattern[starts[$0.layer - 1] + $0.index] }) else { return .zero }
    return path.input.map { Dyadic(inputs[index][$0]) } ?? .one
  }

  /// α(X, θ) Φ(θ), summed over all paths.
  ///
  /// - Shapes: a row for each input, a column for each output.
  /// - Throws: ``PathEmbedding/TooManyPaths``; `CancellationError`.
  /// - Complexity: O(inputs · paths without a zero).
  public func product(limit: Int, progress: Progress = Progress()) throws -> [[Dyadic]] {
    let embedding = PathEmbedding(of: network)
    let count = try embedding.checkedEntryCount(limit: limit, progress: progress)
    let row = Array(repeating: Dyadic.zero, count: network.outputCount)
    var result = Array(repeating: row, count: inputs.count)
    var done = 0
    try embedding.forEachEntry { entry in
      if done & 0xFFF == 0 { try progress.step("multiplying paths", done: done, of: count) }
      done += 1
      for index in inputs.indices {
        let activation = value(of: entry.path, at: index)
        if activation.isZero { continue }
        result[index][entry.path.output] = result[index][entry.path.output] + activation * entry.value
      }
    }
    return result
  }

  /// Whether f_θ(x) = α(x, θ) Φ(θ) at all inputs, exactly, by both sides.
  ///
  /// - Throws: as ``product(limit:progress:)``.
  public func satisfiesFactorization(limit: Int, progress: Progress = Progress()) throws -> Bool {
    try product(limit: limit, progress: progress) == inputs.map { network.exactOutputs(at: $0) }
  }

  /// The Gram matrix α αᵀ: for each pair of inputs the inner product over all paths of the architecture.
  ///
  /// With c_l the number of neurons of layer l active at both inputs, the paths that end in layer l have the inner
  /// product K_l = c_l (1 + Σ K_k) over the layers k that l reads, K₀ = ⟨x, x'⟩; so no path is enumerated. In a multilayer
  /// perceptron that is ⟨x, x'⟩ Π c_l + Σ_l Π_{k ≥ l} c_k + 1.
  ///
  /// - Shapes: square, a row for each input.
  /// - Exactness: exact.
  /// - Throws: `CancellationError`.
  /// - Complexity: O(inputs² · (n₀ + hidden neurons / 64)).
  public func gram(progress: Progress = Progress()) throws -> [[Dyadic]] {
    let points = inputs.map { $0.map { Dyadic($0) } }
    let row = Array(repeating: Dyadic.zero, count: inputs.count)
    var gram = Array(repeating: row, count: inputs.count)
    for i in inputs.indices {
      try progress.step("multiplying activations", done: i, of: inputs.count)
      for j in 0...i {
        let entry = innerProduct(i, j, points)
        gram[i][j] = entry
        gram[j][i] = entry
      }
    }
    return gram
  }

  private func innerProduct(_ i: Int, _ j: Int, _ points: [[Dyadic]]) -> Dyadic {
    var ending = [zip(points[i], points[j]).reduce(Dyadic.zero) { $0 + $1.0 * $1.1 }]
    for (position, layer) in network.layers.enumerated() {
      let reaching = layer.blocks.reduce(Dyadic.one) { $0 + ending[$1.source] }
      if position == network.layers.count - 1 { return reaching }
      let common = patterns[i].commonCount(with: patterns[j], in: starts[position]..<starts[position + 1])
      ending.append(Dyadic(Int64(common)) * reaching)
    }
    return .one
  }

  /// The rank of α(X, θ), which is that of the Gram matrix.
  public struct Rank: Hashable, Sendable {
    /// A proved lower bound, the rank modulo a prime.
    public let lower: Int
    /// A proved upper bound: equal, or the number of inputs or of paths.
    public let upper: Int
    /// The rank, where it is proved.
    public var value: Int? { lower == upper ? lower : nil }
  }

  /// The rank R_A of α(X, θ).
  ///
  /// - Exactness: both bounds are proved: below modulo a prime, above by exact vectors in the kernel.
  /// - Throws: `CancellationError`.
  /// - Complexity: that of ``gram(progress:)``, and O(inputs³) for each prime that the kernel needs.
  public func rank(seed: UInt64 = 1, progress: Progress = Progress()) throws -> Rank {
    let gram = try gram(progress: progress)
    let count = inputs.count
    if count == 0 { return Rank(lower: 0, upper: 0) }
    var rng = SplitMix64(seed: seed)
    func space(_ field: PrimeField) -> EchelonBasis {
      var space = EchelonBasis(columns: count, field: field)
      space.insert(rows: gram.flatMap { field.residues(of: $0) }, count: count)
      return space
    }
    let paths = PathEmbedding(of: network).pathCount
    let bound = min(count, paths.int64.map { Int($0) } ?? count)
    let lower = space(PrimeField.random(using: &rng)).rank
    if lower == bound { return Rank(lower: lower, upper: bound) }
    let kernel = try RationalKernel(columns: count, using: &rng) { field in
      try progress.step("eliminating activations")
      return space(field)
    }
    guard let kernel, gram.allSatisfy({ kernel.isOrthogonal(to: $0) }) else {
      return Rank(lower: lower, upper: bound)
    }
    return Rank(lower: kernel.rank, upper: kernel.rank)
  }
}

extension ActivationPattern {
  /// The number of neurons active in both patterns among those of a range of numbers.
  func commonCount(with other: ActivationPattern, in range: Range<Int>) -> Int {
    if range.isEmpty { return 0 }
    var count = 0
    for index in range.lowerBound >> 6...(range.upperBound - 1) >> 6 {
      var word = words[index] & other.words[index]
      let first = index << 6
      if first < range.lowerBound { word &= ~0 << UInt64(range.lowerBound - first) }
      if first + 64 > range.upperBound { word &= ~0 >> UInt64(first + 64 - range.upperBound) }
      count += word.nonzeroBitCount
    }
    return count
  }
}
