import ExactArithmetic
import Networks

/// How many orders of hidden neurons leave a network's parameters as they are, up to rescaling: bounds of the stabiliser.
///
/// Definition: the permutations π of the hidden layers for which positive factors of the neurons take the permuted
/// parameters back to θ. The orbit of θ, up to rescaling, has n_1! ⋯ n_{L−1}! / |stabiliser| members.
///
/// - ``lower`` counts the permutations within classes of neurons of which any two can be exchanged: rows that are positive
///   multiples of each other, read with weights in the inverse proportion. Twins and neurons that are all 0 are such.
/// - ``upper`` counts the permutations within classes that no invariant tells apart: values of rows and columns in units that
///   rescaling leaves alone, and the classes of the neurons they lead to, until nothing changes.
///
/// Exactness: both bounds are exact; residues modulo a prime can only make `upper` larger.
///
/// Complexity: O(parameters) for each round, few rounds.
public struct ParameterStabiliser: Hashable, Sendable {
  /// The number of permutations known to leave the parameters as they are.
  public let lower: LargeCount
  /// A number that there are not more of.
  public let upper: LargeCount
  /// The classes of at least two neurons that can be exchanged.
  public let exchangeable: [[Neuron]]

  /// Whether both bounds agree.
  public var isExact: Bool { lower == upper }

  /// An enclosure of the decimal logarithm of the size of the orbit.
  public func log10Orbit(of symmetry: ArchitectureSymmetry) -> Interval {
    let order = symmetry.permutations.log10
    return Interval((order - upper.log10).lower, max(0, (order - lower.log10).upper))
  }

  /// The stabiliser of a network's parameters.
  ///
  /// - Throws: `CancellationError`.
  public init(of network: Network, progress: Progress = Progress()) throws {
    let units = try NeuronUnits(of: network, progress: progress)
    let colours = try NeuronColours(units, progress: progress)
    var lower = LargeCount.one
    var upper = LargeCount.one
    var exchangeable: [[Neuron]] = []
    for layer in network.layers.indices.dropLast().map({ $0 + 1 }) {
      let classes = Dictionary(grouping: 0..<network.widths[layer]) { colours[layer][$0] }
      for members in classes.values.filter({ $0.count > 1 }).sorted(by: { $0[0] < $1[0] }) {
        upper = upper * .orders(of: members.count)
        // Being exchangeable is an equivalence: compare with one of each kind.
        var kinds: [[Int]] = []
        for i in members {
          if let known = kinds.firstIndex(where: { units.canExchange($0[0], i, layer: layer) }) {
            kinds[known].append(i)
          } else {
            kinds.append([i])
          }
        }
        for kind in kinds where kind.count > 1 {
          lower = lower * .orders(of: kind.count)
          exchangeable.append(kind.map { Neuron(layer: layer, index: $0) })
        }
      }
    }
    self.lower = lower
    self.upper = upper
    self.exchangeable = exchangeable
  }
}

/// The size of each neuron's row, in units that rescaling leaves alone.
private struct NeuronUnits {
  let network: Network
  /// For the input and each layer, the largest absolute value of a row, its weights in units of what they read; 1 for inputs
  /// and outputs, 0 for rows of zeros.
  let sizes: [[Dyadic]]

  init(of network: Network, progress: Progress) throws {
    self.network = network
    var sizes = [Array(repeating: Dyadic.one, count: network.inputCount)]
    for (position, layer) in network.layers.enumerated() {
      try progress.step("symmetries of the parameters", done: position, of: network.layers.count)
      if position == network.layers.count - 1 {
        sizes.append(Array(repeating: .one, count: layer.width))
        break
      }
      sizes.append(
        (0..<layer.width).map { i in
          layer.blocks.reduce(layer.bias[i, 0].magnitude) { largest, block in
            (0..<block.weights.columns).reduce(largest) { best, j in
              if block.weights.sign(i, j) == 0 { return best }
              let size = block.weights[i, j].magnitude * sizes[block.source][j]
              return best < size ? size : best
            }
          }
        })
    }
    self.sizes = sizes
  }

  /// Whether exchanging two neurons of a layer, and rescaling them, leaves all parameters as they are.
  func canExchange(_ i: Int, _ j: Int, layer: Int) -> Bool {
    let rows = network.layers[layer - 1]
    let entries = rows.blocks.map(\.weights) + [rows.bias]
    let columns = network.layers.flatMap { $0.blocks.filter { $0.source == layer }.map(\.weights) }
    /// The first pair of entries that are not both 0 gives the factor, and all others must have it.
    func areProportional(_ pairs: [(Dyadic, Dyadic)], to ratio: inout (Dyadic, Dyadic)?) -> Bool {
      for (a, b) in pairs where !(a.isZero && b.isZero) {
        guard a.sign == b.sign else { return false }
        if let known = ratio {
          guard a * known.1 == b * known.0 else { return false }
        } else {
          ratio = (a.magnitude, b.magnitude)
        }
      }
      return true
    }
    var ratio: (Dyadic, Dyadic)?
    let row = entries.flatMap { matrix in (0..<matrix.columns).map { (matrix[i, $0], matrix[j, $0]) } }
    guard areProportional(row, to: &ratio) else { return false }
    // Columns have the inverse factor.
    ratio = ratio.map { ($0.1, $0.0) }
    return areProportional(
      columns.flatMap { matrix in (0..<matrix.rows).map { (matrix[$0, i], matrix[$0, j]) } }, to: &ratio)
  }
}

/// Classes of neurons that the values around them tell apart.
private struct NeuronColours {
  private var colours: [[UInt64]]

  subscript(layer: Int) -> [UInt64] { colours[layer] }

  init(_ units: NeuronUnits, progress: Progress) throws {
    let network = units.network
    let sizes = units.sizes.map { $0.map(\.residue) }
    let isSilent = units.sizes.map { $0.map(\.isZero) }
    // Inputs and outputs stay where they are.
    colours = network.widths.enumerated().map { layer, width in
      let isFixed = layer == 0 || layer == network.layers.count
      return (0..<width).map { isFixed ? UInt64($0) : 0 }
    }
    // A size that the prime divides has no inverse: nothing can be told.
    guard !zip(sizes, isSilent).contains(where: { zip($0, $1).contains { $0 == .zero && !$1 } }) else {
      return
    }
    let inverses = sizes.map { $0.map { $0.inverse ?? .zero } }
    var count = 0
    while true {
      for (position, layer) in network.layers.dropLast().enumerated() {
        try progress.step("symmetries of the parameters", done: position, of: network.layers.count)
        var sums = (0..<layer.width).map { i in
          NeuronColours.mix(
            colours[position + 1][i], (layer.bias[i, 0].residue * inverses[position + 1][i]).value)
        }
        for block in layer.blocks {
          for i in sums.indices {
            for j in 0..<block.weights.columns
            where block.weights.sign(i, j) != 0 && !isSilent[block.source][j] {
              let value = block.weights[i, j].residue * sizes[block.source][j] * inverses[position + 1][i]
              sums[i] &+= NeuronColours.mix(
                colours[block.source][j] &+ UInt64(block.source) &* 0x9E37, value.value)
            }
          }
        }
        for (reader, behind) in network.layers.enumerated() {
          for block in behind.blocks where block.source == position + 1 {
            for j in sums.indices where !isSilent[position + 1][j] {
              for i in 0..<block.weights.rows where block.weights.sign(i, j) != 0 {
                let value = block.weights[i, j].residue * sizes[position + 1][j] * inverses[reader + 1][i]
                sums[j] &+= NeuronColours.mix(
                  colours[reader + 1][i] &+ UInt64(reader + 1) &* 0xC2B3, value.value)
              }
            }
          }
        }
        colours[position + 1] = sums
      }
      let found = colours.reduce(0) { $0 + Set($1).count }
      if found == count || found == network.widths.reduce(0, +) { return }
      count = found
    }
  }

  /// A hash of a pair; sums of such hashes do not depend on the order.
  private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var rng = SplitMix64(seed: a &* 0xD6E8_FEB8_6659_FD93 ^ b)
    return rng.next() ^ (rng.next() &* 0x2545_F491_4F6C_DD1D)
  }
}
