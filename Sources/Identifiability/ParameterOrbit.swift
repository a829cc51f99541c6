import ExactArithmetic
import Networks

extension Network {
  /// Whether another network's parameters are these up to permutation and positive rescaling of the hidden neurons of
  /// each layer; nil where neurons on one half-space, or rows of zeros, leave that open.
  ///
  /// Rows are compared in units of what they read, each divided by its first nonzero magnitude: layer after layer this fixes
  /// the permutation and the factors.
  ///
  /// - Requires: sequential networks of the same widths.
  /// - Exactness: exact.
  func isPermutationAndRescaling(of other: Network) -> Bool? {
    precondition(widths == other.widths, "widths \(widths) and \(other.widths)")
    guard isSequential, other.isSequential else { return nil }
    var mine = NormalisedRows(inputs: inputCount)
    var theirs = mine
    for position in layers.indices.dropLast() {
      let a = mine.read(layers[position])
      let b = theirs.read(other.layers[position])
      if mine.sortedRays != theirs.sortedRays { return false }
      if a && b { continue }
      // Neurons on one half-space: what the outputs read of them in all may still tell.
      guard position == layers.count - 2, !mine.hasZeroRow, !theirs.hasZeroRow else { return nil }
      return mine.columns(outputLayer) == theirs.columns(other.outputLayer)
        && mine.rows(outputLayer).map(\.last) == theirs.rows(other.outputLayer).map(\.last)
    }
    return mine.rows(outputLayer) == theirs.rows(other.outputLayer)
  }
}

/// The rows of one layer after the other in units of what they read, in a canonical order.
private struct NormalisedRows {
  /// For each place in the canonical order the neuron of the layer that was read last, and its norm.
  private var order: [Int]
  private var norms: [Rational]
  /// The rays of the layer that was read last, in the canonical order.
  private(set) var sortedRays: [[Rational]] = []

  init(inputs: Int) {
    order = Array(0..<inputs)
    norms = Array(repeating: .one, count: inputs)
  }

  var hasZeroRow: Bool { sortedRays.contains { $0.allSatisfy(\.isZero) } }

  /// Rows of a layer in units of what they read, in the order of that; the bias last.
  func rows(_ layer: Network.Layer) -> [[Rational]] {
    (0..<layer.width).map { i in
      let row = IndicatorPieces.row(layer, i)
      guard row.count > 1 else { return [Rational(row[0])] }
      return zip(order, norms).map { Rational(row[$0]) * $1 } + [Rational(row[row.count - 1])]
    }
  }

  /// The rays with the columns of the output layer, sorted.
  func columns(_ output: Network.Layer) -> [[Rational]] {
    let rows = rows(output)
    return sortedRays.enumerated().map { place, ray in
      ray + rows.map { $0.count > 1 ? $0[place] : .zero }
    }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Reads the next layer; false where its canonical order is not unique.
  mutating func read(_ layer: Network.Layer) -> Bool {
    let rays = rows(layer).enumerated().map { index, row -> (index: Int, norm: Rational, ray: [Rational]) in
      guard let pivot = row.first(where: { !$0.isZero }) else { return (index, .zero, row) }
      let norm = pivot.sign < 0 ? -pivot : pivot
      return (index, norm, row.map { $0.dividedExactly(by: norm) ?? .zero })
    }.sorted { $0.ray.lexicographicallyPrecedes($1.ray) }
    order = rays.map(\.index)
    norms = rays.map(\.norm)
    sortedRays = rays.map(\.ray)
    return !hasZeroRow && !zip(sortedRays, sortedRays.dropFirst()).contains { $0 == $1 }
  }
}
