import ExactArithmetic
import Symmetry

extension LayerReducer {
  /// Two neurons of a layer, the pre-activation of the second being a multiple of that of the first.
  private struct Multiple {
    let first: Int
    let second: Int
    /// A column in which neither row is 0.
    let place: Int
    let isOpposite: Bool
  }

  /// Positive multiples of an earlier neuron: their outgoing weights go to it.
  mutating func mergeTwins(_ l: Int) -> Bool {
    var dropped: [Int] = []
    for pair in multiples(l) where !pair.isOpposite {
      let (i, j) = (pair.first, pair.second)
      let ratio = ratio(l, pair)
      guard let scaled = scaled(l, i, by: ratio) else {
        skip(l, j)
        continue
      }
      let merged = zip(scaled.column, column(l, j)).map { $0 + $1 * ratio.numerator }
      guard holds(merged + scaled.row + [scaled.bias]) else {
        skip(l, j)
        continue
      }
      (layers[l].weights[i], layers[l].bias[i]) = (scaled.row, scaled.bias)
      setColumn(l, i, merged)
      if layers[l].signs[i] == .open { layers[l].signs[i] = layers[l].signs[j] }
      dropped.append(j)
    }
    remove(l, dropped)
    counts[layers[l].origin].twins += dropped.count
    return !dropped.isEmpty
  }

  /// Opposite pairs where one neuron is enough.
  ///
  /// With t = w·h + b and μ > 0, max(−μt, 0) = μ (max(t, 0) − t). The linear part is free where w is a combination of
  /// rows of active neurons; where only the linear part is left, one active neuron carries it.
  mutating func mergeOpposite(_ l: Int) -> Bool {
    for pair in multiples(l) where pair.isOpposite {
      let (i, j) = (pair.first, pair.second)
      if layers[l].signs[i] != .open || layers[l].signs[j] != .open { continue }
      let ratio = ratio(l, pair)
      guard let scaled = scaled(l, i, by: ratio) else {
        skip(l, j)
        continue
      }
      // The outgoing weights of max(t, 0) and of t.
      let linear = column(l, j).map { $0 * ratio.numerator }
      let merged = zip(scaled.column, linear).map { $0 - $1 }
      let before = (layers[l], layers[l + 1])
      (layers[l].weights[i], layers[l].bias[i]) = (scaled.row, scaled.bias)
      setColumn(l, i, merged)
      setColumn(l, j, linear.map { _ in .zero })
      let isDone =
        addLinear(l, scaled.row, scaled.bias, times: linear)
        || (merged.allSatisfy(\.isZero) && carry(l, i, linear))
      if isDone, holds(column(l, i) + layers[l].weights[i] + [layers[l].bias[i]]) {
        remove(l, [j])
        counts[layers[l].origin].opposite += 1
        // Numbers have moved: the next pairs are looked for again.
        _ = mergeOpposite(l)
        return true
      }
      (layers[l], layers[l + 1]) = before
    }
    return false
  }

  /// Adds `column` times w·h + b to the next layer through active neurons; false, changing nothing, where those that
  /// there are do not span w in dyadic numbers.
  private mutating func addLinear(
    _ l: Int, _ weights: [Dyadic], _ constant: Dyadic, times column: [Dyadic]
  ) -> Bool {
    let active = layers[l].signs.indices.filter { layers[l].signs[$0] == .nonnegative }
    guard let basis = independent(l, active), let factors = combination(l, basis, for: weights) else {
      return false
    }
    return add(l, combination: zip(basis, factors).map { ($0, $1) }, constant: constant, times: column)
  }

  /// Makes neuron i, whose outgoing weights are free, an active one that carries its own line.
  private mutating func carry(_ l: Int, _ i: Int, _ column: [Dyadic]) -> Bool {
    guard let box else { return false }
    let range = network().preactivationRanges(over: box)[l][i]
    guard range.lower.isFinite else { return false }
    let shift = LayerReducer.roundedUp(-range.lower)
    let bias = zip(layers[l + 1].bias, column).map { $0 - $1 * shift }
    guard holds(bias) else { return false }
    layers[l].bias[i] = layers[l].bias[i] + shift
    layers[l].signs[i] = .nonnegative
    layers[l + 1].bias = bias
    setColumn(l, i, column)
    return true
  }

  /// A short number that is not below a given one, and not negative.
  static func roundedUp(_ value: Double) -> Dyadic {
    guard value > 0 else { return .zero }
    let unit = value.ulp * 0x1p44
    let short = (value / unit).rounded(.up) * unit
    return Dyadic(short.isFinite ? short : value)
  }

  /// The factor between the rows of a pair as they are now.
  private func ratio(_ l: Int, _ pair: Multiple) -> Rational {
    Rational(layers[l].weights[pair.second][pair.place], over: layers[l].weights[pair.first][pair.place])
  }

  /// For each neuron that is a multiple of earlier ones the first of those, rather of the same side.
  private func multiples(_ l: Int) -> [Multiple] {
    struct Key: Hashable {
      let places: [Int]
      let ratio: Rational
    }
    var known: [Key: [Int]] = [:]
    var result: [Multiple] = []
    for j in layers[l].weights.indices {
      let row = layers[l].weights[j] + [layers[l].bias[j]]
      let places = Array(row.indices.lazy.filter { !row[$0].isZero }.prefix(2))
      guard let first = places.first, first < row.count - 1 else { continue }
      let key = Key(
        places: places, ratio: places.count > 1 ? Rational(row[places[1]], over: row[first]) : .zero)
      let earlier = known[key, default: []].filter { i in
        let other = layers[l].weights[i] + [layers[l].bias[i]]
        return zip(row, other).allSatisfy { $0 * other[first] == $1 * row[first] }
      }
      let twin = earlier.first { layers[l].weights[$0][first].sign == row[first].sign }
      if let other = twin ?? earlier.first {
        result.append(Multiple(first: other, second: j, place: first, isOpposite: twin == nil))
      }
      // One of each side stands for all.
      if twin == nil { known[key, default: []].append(j) }
    }
    return result
  }

  /// Neuron i divided by the denominator of a ratio, so that the ratio becomes its numerator; nil where that is not
  /// dyadic.
  private func scaled(
    _ l: Int, _ i: Int, by ratio: Rational
  ) -> (row: [Dyadic], bias: Dyadic, column: [Dyadic])? {
    let denominator = Dyadic(ratio.denominator)
    let row = layers[l].weights[i].compactMap { $0.dividedExactly(by: denominator) }
    guard row.count == layers[l].weights[i].count,
      let bias = layers[l].bias[i].dividedExactly(by: denominator)
    else { return nil }
    return (row, bias, column(l, i).map { $0 * denominator })
  }
}
