import ExactArithmetic
import Networks

/// The check of a ``BoxTree``: bounds of f − g on a part of the domain, computed anew.
///
/// It encloses signals by affine forms in common symbols as the search does, but by plain loops over the networks'
/// own entries: nothing of the search is used, neither its forms nor its relaxations nor its products.
///
/// - Exactness: proved bounds for the stored weights.
/// - Complexity: O(parameters · symbols) for each part.
struct BoxReplay: Sendable {
  /// A number: centre and coefficients of the symbols known when it was made, and a bound of what they leave out.
  struct Form: Sendable {
    var terms: [Double]
    var slack: Double

    /// The sum of the magnitudes of the coefficients, rounded up.
    var radius: Double { sum(from: 1) }
    /// The same with the centre.
    var size: Double { sum(from: 0) }

    private func sum(from first: Int) -> Double {
      var sum = 0.0
      for k in first..<terms.count { sum += terms[k].magnitude }
      return sum * (1 + 0x1p-52 * Double(terms.count + 4))
    }

    var range: Interval {
      let spread = (radius + slack).nextUp
      let (low, high) = ((terms[0] - spread).nextDown, (terms[0] + spread).nextUp)
      return low.isFinite && high.isFinite ? Interval(low, high) : .everything
    }
  }

  let a: Network
  let b: Network
  let pairs: [LayerPairing]
  /// For each network, layer and neuron the number of its pair, or −1.
  private let pairOf: [[[Int]]]
  /// For each pair of layers, then for each of its neurons: what to read, see ``Entry``.
  private(set) var rows: [[Row]] = []

  /// What one entry of a difference reads.
  enum Signal: Sendable {
    case input(Int)
    case first(layer: Int, Int)
    case second(layer: Int, Int)
    case difference(pair: Int, Int)
  }

  struct Row: Sendable {
    var entries: [(signal: Signal, weight: Double)] = []
    var bias = 0.0
  }

  /// - Throws: ``ProofFailure`` where the pairing is not one.
  init(_ a: Network, _ b: Network, pairs: [LayerPairing]) throws(ProofFailure) {
    var pairOf = [a, b].map { $0.layers.map { Array(repeating: -1, count: $0.width) } }
    var last = (0, 0)
    for pair in pairs {
      guard pair.first > last.0, pair.second > last.1, pair.first < a.layers.count,
        pair.second < b.layers.count
      else { throw ProofFailure(step: "pairing", reason: "layers \(pair.first) and \(pair.second)") }
      last = (pair.first, pair.second)
      for (k, row) in pair.rows.enumerated() {
        guard pairOf[0][pair.first - 1].indices.contains(row.first),
          pairOf[1][pair.second - 1].indices.contains(row.second),
          pairOf[0][pair.first - 1][row.first] < 0, pairOf[1][pair.second - 1][row.second] < 0,
          row.scale > 0, row.scale.isFinite
        else { throw ProofFailure(step: "pairing", reason: "neurons \(row.first) and \(row.second)") }
        pairOf[0][pair.first - 1][row.first] = k
        pairOf[1][pair.second - 1][row.second] = k
      }
    }
    self.a = a
    self.b = b
    self.pairOf = pairOf
    let outputs = LayerPairing(
      first: a.layers.count, second: b.layers.count,
      rows: (0..<a.outputCount).map { LayerPairing.Row(first: $0, second: $0, scale: 1) })
    self.pairs = pairs + [outputs]
    rows = self.pairs.map { pair in pair.rows.map { difference(pair, $0) } }
  }

  /// z_first − scale · z_second, entry by entry, with each coefficient rounded once.
  private func difference(_ pair: LayerPairing, _ row: LayerPairing.Row) -> Row {
    let (x, y) = (a.layers[pair.first - 1], b.layers[pair.second - 1])
    let scale = Dyadic(row.scale)
    var result = Row()
    var inputs = Array(repeating: Dyadic.zero, count: a.inputCount)
    // What is read of the second network, by layer and neuron, collects what pairs leave.
    var second: [Int: [Dyadic]] = [:]
    for block in y.blocks {
      let weights = (0..<block.weights.columns).map { -(block.weights[row.second, $0] * scale) }
      if block.source == 0 {
        for (k, weight) in weights.enumerated() { inputs[k] = inputs[k] + weight }
      } else {
        second[block.source] = weights
      }
    }
    for block in x.blocks {
      let partner = block.source == 0 ? nil : pairs.firstIndex { $0.first == block.source }
      for j in 0..<block.weights.columns {
        let weight = block.weights[row.first, j]
        if weight.isZero { continue }
        if block.source == 0 {
          inputs[j] = inputs[j] + weight
          continue
        }
        let k = pairOf[0][block.source - 1][j]
        guard let partner, k >= 0 else {
          result.entries.append((.first(layer: block.source, j), BoxReplay.rounded(weight)))
          continue
        }
        // w h_j = w (h_j − s h'_k) + w s h'_k.
        result.entries.append((.difference(pair: partner, k), BoxReplay.rounded(weight)))
        let other = pairs[partner]
        let place = other.rows[k].second
        var known =
          second[other.second] ?? Array(repeating: .zero, count: b.layers[other.second - 1].width)
        known[place] = known[place] + weight * Dyadic(other.rows[k].scale)
        second[other.second] = known
      }
    }
    for (j, weight) in inputs.enumerated() where !weight.isZero {
      result.entries.append((.input(j), BoxReplay.rounded(weight)))
    }
    for (layer, weights) in second.sorted(by: { $0.key < $1.key }) {
      for (j, weight) in weights.enumerated() where !weight.isZero {
        result.entries.append((.second(layer: layer, j), BoxReplay.rounded(weight)))
      }
    }
    result.bias = BoxReplay.rounded(x.bias[row.first, 0] - y.bias[row.second, 0] * scale)
    return result
  }

  /// The nearest double, but never 0 for what is not.
  private static func rounded(_ value: Dyadic) -> Double {
    let nearest = value.nearestDouble
    return nearest == 0 && !value.isZero ? Double.leastNonzeroMagnitude : nearest
  }
}
