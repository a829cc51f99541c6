import ExactArithmetic
import Networks
import Polyhedra

/// On how many activation regions a network is zero, and where it is not.
public struct OutputZeros: Hashable, Sendable {
  /// The number of activation regions.
  public let regions: Int
  /// The number of those on which some output is not the zero map.
  public let nonzeroRegions: Int
  /// A point, inside a region of the second kind, at which no neuron is zero.
  public let example: InteriorPoint?

  /// Whether all outputs are 0 on the whole domain.
  public var areZero: Bool { nonzeroRegions == 0 }
}

extension Subdivision {
  /// Decides on every activation region whether all outputs are zero on it.
  ///
  /// - Parameter algorithm: by default the one that suits.
  /// - Exactness: exact: regions are enumerated exactly, and the affine map of each is computed in dyadics.
  /// - Throws: `CancellationError`; ``RegionLimitExceeded``; ``SubdivisionError`` where cells have no vertices.
  public func outputZeros(
    algorithm: Algorithm? = nil, threads: Int = Concurrency.coreCount, limit: Int = .max,
    progress: Progress = Progress()
  ) throws -> OutputZeros {
    if network.hiddenNeuronCount == 0 {
      var check = ZeroCheck(network)
      [UInt64(0)].withElements { check.take($0) }
      return zeros([check])
    }
    let compiled = CompiledNetwork(network, output: false)
    let network = network
    switch algorithm ?? self.algorithm {
    case .vertices:
      let search = VertexSubdivision(
        compiled: compiled, domain: domain, threads: threads, progress: progress, limit: limit)
      let found = try search.collect(into: { ZeroCheck(network) }) { check, walker, _ in
        check.take(UnsafePointer(walker.pattern))
      }
      guard let found else { throw SubdivisionError.notPointed }
      return zeros(found.collections)
    case .programs:
      let search = ProgramSubdivision(
        compiled: compiled, domain: domain, threads: threads, progress: progress, limit: limit)
      return zeros(
        try search.collect(into: { ZeroCheck(network) }) { check, _, node in
          node.pattern.withElements { check.take($0) }
        }.collections)
    }
  }

  private func zeros(_ checks: [ZeroCheck]) -> OutputZeros {
    let pattern = checks.lazy.compactMap(\.example).first
    return OutputZeros(
      regions: checks.reduce(0) { $0 + $1.regions }, nonzeroRegions: checks.reduce(0) { $0 + $1.nonzero },
      example: pattern.map(insidePoint))
  }

  /// A point inside the region of a pattern, in all coordinates.
  private func insidePoint(_ pattern: [UInt64]) -> InteriorPoint {
    var forms = ExactForms(network, sides: [])
    var halfSpaces = domain.sides.indices.filter { domain.isBounded || $0 > 2 * domain.dimension }
      .map { domain.sides[$0] }
    for number in 0..<network.hiddenNeuronCount {
      let form = pattern.withElements { forms.form(number, pattern: $0) }
      let isActive = pattern[number >> 6] >> UInt64(number & 63) & 1 == 1
      let signed = isActive ? form : form.map { -$0 }
      guard let offset = signed.last else { continue }
      halfSpaces.append(HalfSpace(normal: signed.dropLast(), offset: offset))
    }
    switch InteriorPoint.of(halfSpaces, dimension: domain.dimension) {
    case .found(let point):
      var full = slice.origin
      for (place, value) in zip(coordinates, point) { full[place] = value }
      return .found(full)
    case .none: return .none
    case .beyondDoubles(let y): return .beyondDoubles(y)
    }
  }
}

/// Counts regions, and those on which an output is not zero.
private struct ZeroCheck: Sendable {
  private(set) var regions = 0
  private(set) var nonzero = 0
  private(set) var example: [UInt64]?
  private var forms: ExactForms
  private var last: [UInt64] = []
  private let outputs: Int
  /// For each hidden layer the number of its first neuron.
  private let starts: [Int]

  init(_ network: Network) {
    forms = ExactForms(network, sides: [])
    outputs = network.outputCount
    starts = network.hiddenLayers.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.width) }
  }

  /// Takes the region of a pattern in; forms of layers below the first change are kept from the region before.
  mutating func take(_ pattern: UnsafePointer<UInt64>) {
    let words = Array(
      UnsafeBufferPointer(start: pattern, count: max(1, (starts[starts.count - 1] + 63) / 64)))
    if let change = zip(words, last).enumerated().first(where: { $0.element.0 != $0.element.1 }) {
      let bit = change.offset * 64 + (change.element.0 ^ change.element.1).trailingZeroBitCount
      for layer in 1..<starts.count where starts[layer] > bit && layer < starts.count - 1 {
        forms.forget(layer: layer + 1)
      }
    }
    last = words
    regions += 1
    let isZero = (0..<outputs).allSatisfy { forms.output($0, pattern: pattern).allSatisfy(\.isZero) }
    if isZero { return }
    nonzero += 1
    if example == nil { example = words }
  }
}
