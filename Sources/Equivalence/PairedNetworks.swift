import ExactArithmetic
import LinearAlgebra
import Networks

/// Two networks with some of their hidden neurons paired, ready for bounds of their difference.
///
/// Definition: neuron j of layer m of g is paired with neuron i of layer l of f under a scale s > 0; what is bounded
/// is d = z_i − s z_j and D = h_i − s h_j. By the rows of both,
///
///     d = Σ W_f h_f + b_f − s (Σ W_g h_g + b_g)
///       = Σ_paired W_f D + Σ_paired (s' W_f − s W_g) h_g + Σ_unpaired W_f h_f − Σ_unpaired s W_g h_g + (b_f − s b_g),
///
/// where s' is the scale of the pair that is read. Corresponding weights cancel before anything is bounded. Outputs
/// are paired with scale 1. Any pairing is right; a good one gives narrow bounds.
struct PairedNetworks: Sendable {
  /// Whose signals a term reads.
  enum Operand: Hashable, Sendable {
    case input
    case first(Int)
    case second(Int)
    case difference(Int)
  }

  /// A matrix and what it is multiplied with.
  struct Term: Sendable {
    let operand: Operand
    let weights: Matrix<Double>
    let magnitudes: Matrix<Double>

    /// The term, or nil where the matrix is 0; `isZero` says so where the doubles do not tell.
    init?(_ operand: Operand, _ weights: Matrix<Double>, isZero: Bool? = nil) {
      if isZero ?? weights.elements.allSatisfy({ $0 == 0 }) { return nil }
      self.operand = operand
      self.weights = weights
      magnitudes = weights.magnitudes
    }
  }

  /// An affine map of signals.
  struct Rows: Sendable {
    let terms: [Term]
    let bias: [Double]

    /// How many products are added for each row.
    var termCount: Int { terms.reduce(0) { $0 + $1.weights.columns } }
  }

  /// The two networks.
  let f: Network
  let g: Network
  /// The paired layers, by increasing depth; the outputs last.
  let pairs: [LayerPairing]
  /// The layers of the first network, then of the second.
  let layersF: [Rows]
  let layersG: [Rows]
  /// For each pair of layers how their differences arise.
  let differences: [Rows]

  /// The networks with paired hidden layers, by increasing depth in both.
  init(_ f: Network, _ g: Network, hidden: [LayerPairing]) {
    precondition(
      f.inputCount == g.inputCount && f.outputCount == g.outputCount,
      "\(f.inputCount) to \(f.outputCount) against \(g.inputCount) to \(g.outputCount)")
    self.f = f
    self.g = g
    let outputs = LayerPairing(
      first: f.layers.count, second: g.layers.count,
      rows: (0..<f.outputCount).map { LayerPairing.Row(first: $0, second: $0, scale: 1) })
    pairs = hidden + [outputs]
    layersF = f.layers.map { PairedNetworks.rows(of: $0) { $0 == 0 ? .input : .first($0) } }
    layersG = g.layers.map { PairedNetworks.rows(of: $0) { $0 == 0 ? .input : .second($0) } }
    let pairs = pairs
    differences = pairs.indices.map { PairedNetworks.difference(f, g, pairs, $0) }
  }

  /// Whether a matrix is 0 where its doubles do not tell.
  private static func isZero(_ weights: ExactMatrix) -> Bool? { weights.holdsDoublesOnly ? nil : false }

  private static func rows(of layer: Network.Layer, _ operand: (Int) -> Operand) -> Rows {
    Rows(
      terms: layer.blocks.compactMap {
        Term(operand($0.source), $0.weights.nearest, isZero: isZero($0.weights))
      },
      bias: layer.bias.nearest.elements)
  }

  /// The rows z_i − s z_j of a pair of layers.
  private static func difference(_ f: Network, _ g: Network, _ pairs: [LayerPairing], _ index: Int) -> Rows {
    let pair = pairs[index]
    let (layerF, layerG) = (f.layers[pair.first - 1], g.layers[pair.second - 1])
    let scales = pair.rows.map { Dyadic($0.scale) }
    func block(_ layer: Network.Layer, _ source: Int) -> ExactMatrix? {
      layer.blocks.first { $0.source == source }?.weights
    }
    func matrix(_ columns: Int, _ entry: (Int, Int) -> Double) -> Matrix<Double> {
      Matrix(
        rows: pair.rows.count, columns: columns,
        elements: pair.rows.indices.flatMap { p in (0..<columns).map { entry(p, $0) } })
    }
    /// scale · W_f[i, j] − s W_g[i', j'], rounded once.
    func combined(_ p: Int, _ a: ExactMatrix?, _ j: Int, scale: Dyadic, _ b: ExactMatrix?, _ k: Int) -> Double
    {
      let x = a.map { $0[pair.rows[p].first, j] } ?? .zero
      let y = b.map { $0[pair.rows[p].second, k] } ?? .zero
      if x.isZero, y.isZero { return 0 }
      let difference = x * scale - y * scales[p]
      let nearest = difference.nearestDouble
      // What underflows stays visible, so that its rounding is counted.
      return nearest == 0 && !difference.isZero ? Double.leastNonzeroMagnitude : nearest
    }
    var terms: [Term?] = []
    let (inputF, inputG) = (block(layerF, 0), block(layerG, 0))
    if inputF != nil || inputG != nil {
      terms.append(
        Term(.input, matrix(f.inputCount) { combined($0, inputF, $1, scale: .one, inputG, $1) }))
    }
    let earlier = pairs[..<index]
    for (number, source) in earlier.enumerated() {
      let (a, b) = (block(layerF, source.first), block(layerG, source.second))
      if let a {
        terms.append(
          Term(
            .difference(number),
            matrix(source.rows.count) { a.nearest[pair.rows[$0].first, source.rows[$1].first] },
            isZero: isZero(a)))
      }
      if a == nil, b == nil { continue }
      var partner = Array(repeating: -1, count: g.layers[source.second - 1].width)
      for (q, row) in source.rows.enumerated() { partner[row.second] = q }
      terms.append(
        Term(
          .second(source.second),
          matrix(partner.count) { p, k in
            let q = partner[k]
            return q < 0
              ? combined(p, nil, 0, scale: .one, b, k)
              : combined(p, a, source.rows[q].first, scale: Dyadic(source.rows[q].scale), b, k)
          }))
      var isPaired = Array(repeating: false, count: f.layers[source.first - 1].width)
      for row in source.rows { isPaired[row.first] = true }
      if let a, isPaired.contains(false) {
        terms.append(
          Term(
            .first(source.first),
            matrix(isPaired.count) { isPaired[$1] ? 0 : a.nearest[pair.rows[$0].first, $1] },
            isZero: isZero(a)))
      }
    }
    let (pairedF, pairedG) = (Set(earlier.map(\.first)), Set(earlier.map(\.second)))
    for block in layerF.blocks where block.source > 0 && !pairedF.contains(block.source) {
      let weights = block.weights.nearest
      terms.append(
        Term(
          .first(block.source), matrix(weights.columns) { weights[pair.rows[$0].first, $1] },
          isZero: isZero(block.weights)))
    }
    for block in layerG.blocks where block.source > 0 && !pairedG.contains(block.source) {
      terms.append(
        Term(
          .second(block.source),
          matrix(block.weights.columns) { combined($0, nil, 0, scale: .one, block.weights, $1) }))
    }
    let bias = pair.rows.enumerated().map { p, row in
      (layerF.bias[row.first, 0] - layerG.bias[row.second, 0] * scales[p]).nearestDouble
    }
    return Rows(terms: terms.compactMap(\.self), bias: bias)
  }
}
