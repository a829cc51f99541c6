import LinearAlgebra
import Networks

extension PairedNetworks {
  /// Two networks with neurons paired that behave alike on sample inputs.
  ///
  /// Pre-activations are compared as vectors over the inputs: the pair with the largest cosine first, each neuron
  /// once; their scale is the least-squares factor, or a power of two close to it. Layers are matched in order, so
  /// that the most neurons find a partner.
  ///
  /// - Exactness: a heuristic. Any pairing gives right bounds.
  /// - Complexity: O(samples · (parameters + Σ n_l m_k)).
  init(_ f: Network, _ g: Network, samples: [[Double]]) {
    let signalsF = NeuronPairing.signals(f, samples)
    let signalsG = NeuronPairing.signals(g, samples)
    let table = signalsF.map { a in signalsG.map { NeuronPairing.pairs(a, $0) } }
    let path = NeuronPairing.bestPath(table.map { $0.map(\.count) })
    self.init(
      f, g, hidden: path.map { LayerPairing(first: $0.0 + 1, second: $0.1 + 1, rows: table[$0.0][$0.1]) })
  }
}

/// The steps of pairing neurons by their behaviour.
private enum NeuronPairing {
  /// Neurons with smaller cosines are no partners.
  static let leastCosine = 0.8

  /// For each hidden layer a row of pre-activations for each neuron, scaled to norm 1, with the norms.
  static func signals(_ network: Network, _ samples: [[Double]]) -> [(unit: Matrix<Double>, norms: [Double])]
  {
    let traces = samples.map { network.boundedPreactivations(at: $0) }
    return network.hiddenLayers.indices.map { l in
      let width = network.layers[l].width
      var unit = Matrix(repeating: 0.0, rows: width, columns: samples.count)
      var norms = Array(repeating: 0.0, count: width)
      for i in 0..<width {
        let row = traces.map { $0[l].values[i] }
        norms[i] = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        if norms[i] > 0, norms[i].isFinite {
          for (k, value) in row.enumerated() { unit[i, k] = value / norms[i] }
        }
      }
      return (unit, norms)
    }
  }

  /// The pairs of two layers.
  static func pairs(
    _ a: (unit: Matrix<Double>, norms: [Double]), _ b: (unit: Matrix<Double>, norms: [Double])
  ) -> [LayerPairing.Row] {
    var cosines = Matrix(repeating: 0.0, rows: a.unit.rows, columns: b.unit.rows)
    a.unit.addProduct(with: b.unit, otherTransposed: true, to: &cosines)
    let candidates = cosines.elements.indices.filter { cosines.elements[$0] >= leastCosine }
      .sorted { (cosines.elements[$1], $0) < (cosines.elements[$0], $1) }
    var (usedA, usedB) = (Set<Int>(), Set<Int>())
    var rows: [LayerPairing.Row] = []
    for position in candidates {
      let (i, j) = (position / cosines.columns, position % cosines.columns)
      if usedA.contains(i) || usedB.contains(j) { continue }
      let scale = rounded(cosines.elements[position] * a.norms[i] / b.norms[j])
      if !scale.isNormal { continue }
      usedA.insert(i)
      usedB.insert(j)
      rows.append(LayerPairing.Row(first: i, second: j, scale: scale))
    }
    return rows.sorted { $0.first < $1.first }
  }

  /// A power of two where one is close, for then nothing is rounded; else the factor itself.
  static func rounded(_ scale: Double) -> Double {
    let power = Double(sign: .plus, exponent: (scale * 2.0.squareRoot()).exponent, significand: 1)
    return (scale / power - 1).magnitude < 1 / 16 ? power : scale
  }

  /// A path through a table, increasing in both directions, with the largest sum.
  static func bestPath(_ counts: [[Int]]) -> [(Int, Int)] {
    let (rows, columns) = (counts.count, counts.first?.count ?? 0)
    if rows == 0 || columns == 0 { return [] }
    var best = Array(repeating: Array(repeating: 0, count: columns + 1), count: rows + 1)
    for i in stride(from: rows - 1, through: 0, by: -1) {
      for j in stride(from: columns - 1, through: 0, by: -1) {
        best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + counts[i][j])
      }
    }
    var path: [(Int, Int)] = []
    var (i, j) = (0, 0)
    while i < rows, j < columns {
      if counts[i][j] > 0, best[i][j] == best[i + 1][j + 1] + counts[i][j] {
        path.append((i, j))
        (i, j) = (i + 1, j + 1)
      } else if best[i][j] == best[i + 1][j] {
        i += 1
      } else {
        j += 1
      }
    }
    return path
  }
}
