import ExactArithmetic
import Networks

/// A permutation of the neurons of each hidden layer together with positive rescalings, from one network to another.
///
/// Definition: neuron i of hidden layer l of the first network is neuron `permutations[l][i]` of the second, whose
/// weights and bias are `scales[l][i]` times those of the first, and whose readers divide by that factor.
public struct StandardSymmetry: Hashable, Sendable {
  /// For each hidden layer, what the number of each neuron becomes.
  public let permutations: [[Int]]
  /// For each hidden layer, the positive factor of each neuron.
  public let scales: [[Rational]]

  /// Whether every neuron keeps its number: a rescaling alone.
  public var isRescaling: Bool { permutations.allSatisfy { $0 == Array($0.indices) } }
}

/// Whether two networks are standard symmetries of each other.
public enum StandardRelation: Hashable, Sendable {
  /// They are: here is how.
  case related(StandardSymmetry)
  /// They are not.
  case unrelated
  /// A neuron without weights and bias leaves its factor open, or too many neurons are alike.
  case open
}

extension Network {
  /// Decides whether permutations and positive rescalings of hidden neurons take this network to another.
  ///
  /// Rows are matched layer after layer, each up to a positive factor, in terms of the signals matched before; neurons
  /// that are alike are tried one after the other, each at its own place first.
  ///
  ///     let f = Network(weights: [[[1], [-1]], [[1, 2]]], biases: [[0, 0], [0]])
  ///     let g = Network(weights: [[[-1], [3]], [[2, 1 / 4]]], biases: [[0, 0], [0]])
  ///     f.standardRelation(to: g)                                       // unrelated: 1/4 is not 1/3
  ///
  /// - Parameter limit: How many rows may be assigned, one after the other, before the search gives up.
  /// - Exactness: exact.
  /// - Complexity: O(Σ n_l² n_{l−1}) where no neurons are alike, most rows being told apart by their first entries.
  public func standardRelation(to other: Network, limit: Int = 100_000) -> StandardRelation {
    guard hasArchitecture(of: other) else { return .unrelated }
    if let rescaling = rescaling(to: other).rescaling {
      return .related(
        StandardSymmetry(
          permutations: hiddenLayers.map { Array(0..<$0.width) }, scales: rescaling.factors))
    }
    var search = StandardSearch(self, other, limit: limit)
    if search.assignLayers(from: 0) { return .related(search.result) }
    return search.isOpen ? .open : .unrelated
  }
}

/// The search for a standard symmetry, layer after layer.
private struct StandardSearch {
  private let first: Network
  private let second: Network
  /// For the input and each hidden layer, what numbers become.
  private var places: [[Int]]
  private var scales: [[Rational]]
  private var remaining: Int
  /// Whether a failure proves nothing.
  private(set) var isOpen = false

  init(_ first: Network, _ second: Network, limit: Int) {
    self.first = first
    self.second = second
    places = [Array(0..<first.inputCount)]
    scales = [Array(repeating: .one, count: first.inputCount)]
    remaining = limit + first.hiddenNeuronCount
  }

  var result: StandardSymmetry {
    StandardSymmetry(permutations: Array(places.dropFirst()), scales: Array(scales.dropFirst()))
  }

  /// Assigns the neurons of a layer and of all behind it.
  mutating func assignLayers(from position: Int) -> Bool {
    let (a, b) = (first.layers[position], second.layers[position])
    let rows = (0..<a.width).map { rewrittenRow($0, of: a) }
    let others = (0..<b.width).map { StandardSearch.row($0, of: b) }
    if position == first.layers.count - 1 {
      return zip(rows, others).allSatisfy { row, other in
        zip(row, other).allSatisfy { ($0 - Rational($1)).isZero }
      }
    }
    let candidates = rows.enumerated().map { i, row in
      // Its own place first, so that what is a rescaling is found as one.
      ([i] + others.indices.filter { $0 != i }).compactMap { k in
        StandardSearch.factor(from: row, to: others[k]).map { (place: k, factor: $0) }
      }
    }
    if rows.contains(where: { $0.allSatisfy(\.isZero) }) { isOpen = true }
    places.append([])
    scales.append([])
    if assign(0, candidates, taken: [], position) { return true }
    places.removeLast()
    scales.removeLast()
    return false
  }

  /// Assigns neuron `i` of a layer and all after it.
  private mutating func assign(
    _ i: Int, _ candidates: [[(place: Int, factor: Rational)]], taken: Set<Int>, _ position: Int
  ) -> Bool {
    if i == candidates.count { return assignLayers(from: position + 1) }
    for (place, factor) in candidates[i] where !taken.contains(place) {
      if remaining == 0 {
        isOpen = true
        return false
      }
      remaining -= 1
      places[position + 1].append(place)
      scales[position + 1].append(factor)
      if assign(i + 1, candidates, taken: taken.union([place]), position) { return true }
      places[position + 1].removeLast()
      scales[position + 1].removeLast()
    }
    return false
  }

  /// The weights and the bias of a neuron of the first network, in the signals of the second.
  private func rewrittenRow(_ i: Int, of layer: Network.Layer) -> [Rational] {
    layer.blocks.flatMap { block in
      var entries = Array(repeating: Rational.zero, count: block.weights.columns)
      for j in entries.indices {
        // Scales are positive, so there is always a quotient.
        let weight = Rational(block.weights[i, j])
        entries[places[block.source][j]] =
          weight.dividedExactly(by: scales[block.source][j]) ?? weight
      }
      return entries
    } + [Rational(layer.bias[i, 0])]
  }

  private static func row(_ i: Int, of layer: Network.Layer) -> [Dyadic] {
    layer.blocks.flatMap { block in (0..<block.weights.columns).map { block.weights[i, $0] } }
      + [layer.bias[i, 0]]
  }

  /// The positive factor that takes a row to another; 1 for two rows of zeros, nil where there is none.
  private static func factor(from row: [Rational], to other: [Dyadic]) -> Rational? {
    guard let pivot = row.firstIndex(where: { !$0.isZero }) else {
      return other.allSatisfy(\.isZero) ? .one : nil
    }
    guard row[pivot].sign == other[pivot].sign,
      let factor = Rational(other[pivot]).dividedExactly(by: row[pivot])
    else { return nil }
    return zip(row, other).allSatisfy { ($0 * factor - Rational($1)).isZero } ? factor : nil
  }
}
