import ExactArithmetic
import LinearAlgebra
import Networks

/// Whether no two affine pieces of hidden neurons are multiples of each other, over all patterns that choose a nonempty set of
/// every earlier layer, and none is constant.
///
/// - Exactness: exact: canonical forms that differ modulo a prime differ; equal ones are compared exactly.
/// - Reference: [PL20] general networks, third condition.
public struct PieceProportions: Sendable {
  /// A neuron under a pattern of the layers before it: a mask for each.
  public struct Piece: Hashable, Sendable {
    /// The neuron.
    public let neuron: Neuron
    /// For each earlier layer the set of active neurons, lowest bit first.
    public let pattern: [UInt64]
  }

  /// What was found.
  public enum Finding: Hashable, Sendable {
    /// All pieces were compared.
    case distinct(count: Int)
    /// A piece without a gradient.
    case constant(Piece)
    /// Two pieces that are multiples of each other.
    case proportional(Piece, Piece)
    /// There are too many pieces.
    case tooMany(Double)
  }

  /// What was found.
  public let finding: Finding

  /// Compares the pieces of a sequential network, up to a number of them.
  ///
  /// - Throws: `CancellationError`.
  public init(
    of network: Network, limit: Int = 1 << 16, seed: UInt64 = 1, progress: Progress = Progress()
  ) throws {
    precondition(network.isSequential, "pieces by layers need a sequential network")
    let count = IndicatorPieces.count(network)
    guard count <= Double(limit) else {
      finding = .tooMany(count)
      return
    }
    var rng = SplitMix64(seed: seed)
    let pieces = IndicatorPieces(network, field: .random(using: &rng))
    var search = Search(pieces: pieces)
    if network.hiddenNeuronCount > 0 {
      try search.visit(layer: 1, pieces.first, pattern: [], progress)
    }
    finding = search.found ?? .distinct(count: search.count)
  }

  private struct Search {
    let pieces: IndicatorPieces
    var known: [[Double]: [Piece]] = [:]
    var found: Finding?
    var count = 0

    mutating func visit(
      layer: Int, _ forms: [[Double]], pattern: [UInt64], _ progress: Progress
    ) throws {
      if count & 255 == 0 { try progress.step("comparing affine pieces", done: count) }
      for (index, form) in forms.enumerated() where found == nil {
        add(Piece(neuron: Neuron(layer: layer, index: index), pattern: pattern), form)
      }
      guard layer < pieces.network.hiddenLayers.count else { return }
      for mask in pieces.masks(ofLayer: layer) where found == nil {
        try visit(
          layer: layer + 1, pieces.next(layer + 1, after: forms, active: mask), pattern: pattern + [mask],
          progress)
      }
    }

    private mutating func add(_ piece: Piece, _ form: [Double]) {
      count += 1
      let pivot = form.dropLast().first { $0 != 0 }
      guard let pivot, let inverse = pieces.field.inverse(pivot) else {
        // Zero modulo the prime: perhaps not zero, and then perhaps a multiple of any other.
        if exact(piece).dropLast().allSatisfy(\.isZero) {
          found = .constant(piece)
        } else if let other = known.values.joined().first(where: { areProportional(piece, $0) }) {
          found = .proportional(other, piece)
        }
        known[[], default: []].append(piece)
        return
      }
      let key = form.map { pieces.field.product($0, inverse) }
      for other in known[key, default: []] + known[[], default: []] where areProportional(piece, other) {
        found = .proportional(other, piece)
      }
      known[key, default: []].append(piece)
    }

    private func exact(_ piece: Piece) -> [Dyadic] { pieces.exact(piece.pattern)[piece.neuron.index] }

    private func areProportional(_ a: Piece, _ b: Piece) -> Bool {
      NeuronShapes.areParallel(exact(a), exact(b))
    }
  }
}
