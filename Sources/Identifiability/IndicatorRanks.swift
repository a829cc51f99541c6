import ExactArithmetic
import LinearAlgebra
import Networks

/// Whether products of weights and 0/1 diagonals have the rank that their sizes allow.
///
/// Definition: for all k ≤ l and all sets S_k, …, S_l of neurons of the hidden layers k to l, the rank of
/// I(S_l) W_l I(S_{l−1}) ⋯ I(S_k) W_k is min(n_{k−1}, |S_k|, …, |S_l|).
///
/// - Exactness: exact: a rank modulo a prime is a lower bound, the size an upper one; where they differ the rank is exact.
/// - Reference: [PL20] general networks, second condition.
public struct IndicatorRanks: Sendable {
  /// What was found.
  public enum Finding: Hashable, Sendable {
    /// All products have full rank.
    case full(count: Int)
    /// A product of too small a rank: from which layer, the sets as masks, and the two numbers.
    case deficient(layer: Int, sets: [UInt64], rank: Int, expected: Int)
    /// There are too many products.
    case tooMany(Double)
  }

  /// What was found.
  public let finding: Finding

  /// Looks at all products of a sequential network, up to a number of them.
  ///
  /// - Throws: `CancellationError`.
  public init(
    of network: Network, limit: Int = 1 << 15, seed: UInt64 = 1, progress: Progress = Progress()
  ) throws {
    precondition(network.isSequential, "products by layers need a sequential network")
    let widths = network.hiddenLayers.map(\.width)
    var total = 0.0
    for k in widths.indices {
      var product = 1.0
      for width in widths[k...] {
        product *= Double(sign: .plus, exponent: width, significand: 1) - 1
        total += product
      }
    }
    guard total <= Double(limit) else {
      finding = .tooMany(total)
      return
    }
    var rng = SplitMix64(seed: seed)
    var search = Search(network: network, field: .random(using: &rng))
    for layer in 1..<network.layers.count where search.found == nil {
      try search.visit(
        from: layer, to: layer, search.residues[layer - 1], sets: [], bound: network.widths[layer - 1],
        progress)
    }
    finding = search.found ?? .full(count: search.count)
  }

  private struct Search {
    let network: Network
    let field: PrimeField
    /// For each hidden layer its weights modulo the prime.
    let residues: [[[Double]]]
    var found: Finding?
    var count = 0

    init(network: Network, field: PrimeField) {
      self.network = network
      self.field = field
      residues = network.hiddenLayers.map { layer in
        (0..<layer.width).map { field.residues(of: IndicatorPieces.row(layer, $0).dropLast()) }
      }
    }

    /// Looks at all sets of layer `to`, with `product` = W_to I ⋯ W_from.
    mutating func visit(
      from: Int, to: Int, _ product: [[Double]], sets: [UInt64], bound: Int, _ progress: Progress
    ) throws {
      for mask in 1..<(UInt64(1) << UInt64(product.count)) where found == nil {
        if count & 255 == 0 { try progress.step("ranks of products of weights", done: count) }
        count += 1
        let rows = product.indices.filter { mask >> UInt64($0) & 1 == 1 }
        let expected = min(bound, rows.count)
        let chosen = sets + [mask]
        if rank(rows.map { product[$0] }) < expected {
          let exact = ExactElimination.rank(of: exactProduct(from: from, chosen))
          if exact < expected {
            found = .deficient(layer: from, sets: chosen, rank: exact, expected: expected)
            return
          }
        }
        guard to < network.hiddenLayers.count else { continue }
        let next = residues[to].map { row in
          product[rows[0]].indices.map { c in
            rows.reduce(0.0) { field.sum($0, field.product(row[$1], product[$1][c])) }
          }
        }
        try visit(from: from, to: to + 1, next, sets: chosen, bound: expected, progress)
      }
    }

    private func rank(_ rows: [[Double]]) -> Int {
      guard let columns = rows.first?.count, columns > 0 else { return 0 }
      var basis = EchelonBasis(columns: columns, field: field)
      return basis.insert(rows: rows.flatMap(\.self), count: rows.count)
    }

    private func exactProduct(from: Int, _ sets: [UInt64]) -> [[Dyadic]] {
      var product: [[Dyadic]] = []
      for (offset, mask) in sets.enumerated() {
        let layer = network.layers[from - 1 + offset]
        let rows = (0..<layer.width).map { Array(IndicatorPieces.row(layer, $0).dropLast()) }
        let whole =
          offset == 0
          ? rows
          : rows.map { row in
            (product.first ?? []).indices.map { c in
              product.indices.reduce(Dyadic.zero) { $0 + row[$1] * product[$1][c] }
            }
          }
        // A row that is not chosen is zero, and so adds nothing further on.
        product = whole.enumerated().map { index, row in
          mask >> UInt64(index) & 1 == 1 ? row : row.map { _ in .zero }
        }
      }
      return product
    }
  }
}
