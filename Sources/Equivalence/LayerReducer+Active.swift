import ExactArithmetic
import LinearAlgebra
import Networks
import Symmetry

extension LayerReducer {
  /// A layer whose neurons are all active, or that has none: its map goes into the next layer.
  mutating func foldLayer(_ l: Int) -> Bool {
    guard layers[l].signs.allSatisfy({ $0 == .nonnegative }) else { return false }
    let layer = layers[l]
    let width = l == 0 ? inputCount : layers[l - 1].bias.count
    let weights = layers[l + 1].weights.map { row in
      var sums = Array(repeating: Dyadic.zero, count: width)
      for (factor, source) in zip(row, layer.weights) where !factor.isZero {
        for k in sums.indices where !source[k].isZero { sums[k] = sums[k] + factor * source[k] }
      }
      return sums
    }
    let bias = zip(layers[l + 1].weights, layers[l + 1].bias).map { row, constant in
      zip(row, layer.bias).reduce(constant) { $0 + $1.0 * $1.1 }
    }
    guard holds(weights.joined()), holds(bias) else {
      if !layer.bias.isEmpty { skip(l, 0) }
      return false
    }
    layers[l + 1].weights = weights
    layers[l + 1].bias = bias
    counts[layer.origin].linear += layer.bias.count
    layers.remove(at: l)
    return true
  }

  /// Active neurons whose rows depend on others of the kind: their part of the next layer goes to those.
  ///
  /// Where W_J = K W_I, with K dyadic: W₂[:, I] += W₂[:, J] K and b₂ += W₂[:, J] (b_J − K b_I). Where K is not, and
  /// there are more active neurons than numbers they read, one neuron for each of those numbers carries it on.
  mutating func foldActive(_ l: Int) -> Bool {
    // A whole layer goes at once.
    if layers[l].signs.allSatisfy({ $0 == .nonnegative }) { return false }
    let active = layers[l].signs.indices.filter { layers[l].signs[$0] == .nonnegative }
    guard active.count > 1, mayDepend(l, active) else { return false }
    var space = ExactElimination(columns: layers[l].weights[active[0]].count)
    var basis: [Int] = []
    var dropped: [Int] = []
    var isStuck = false
    let skippedBefore = skippedSteps
    for j in active {
      if basis.count < space.columns, space.insert(layers[l].weights[j]) {
        basis.append(j)
        continue
      }
      let outgoing = column(l, j)
      guard let factors = combination(l, basis, for: layers[l].weights[j]),
        add(
          l, combination: zip(basis, factors).map { ($0, $1) }, constant: layers[l].bias[j], times: outgoing)
      else {
        isStuck = true
        skip(l, j)
        if readCount(l, active) < active.count { break }
        continue
      }
      setColumn(l, j, outgoing.map { _ in .zero })
      dropped.append(j)
    }
    remove(l, dropped)
    counts[layers[l].origin].folded += dropped.count
    let isCarried = isStuck && carryCoordinates(l)
    if isCarried { skippedSteps = skippedBefore }
    return !dropped.isEmpty || isCarried
  }

  /// Whether rows depend on one another modulo a prime; where they do not, they are independent.
  private func mayDepend(_ l: Int, _ neurons: [Int]) -> Bool {
    let columns = layers[l].weights[neurons[0]].count
    if neurons.count > columns { return true }
    var rng = SplitMix64(seed: 0)
    let field = PrimeField.random(using: &rng)
    var basis = EchelonBasis(columns: columns, field: field)
    let rows = neurons.flatMap { field.residues(of: layers[l].weights[$0]) }
    return basis.insert(rows: rows, count: neurons.count) < neurons.count
  }

  /// How many numbers some neurons read.
  private func readCount(_ l: Int, _ neurons: [Int]) -> Int {
    layers[l].weights[neurons[0]].indices.count { k in
      neurons.contains { !layers[l].weights[$0][k].isZero }
    }
  }

  /// Replaces all active neurons by one for each number they read, where that makes them fewer.
  private mutating func carryCoordinates(_ l: Int) -> Bool {
    let active = layers[l].signs.indices.filter { layers[l].signs[$0] == .nonnegative }
    let width = layers[l].weights[0].count
    let read = (0..<width).filter { k in active.contains { !layers[l].weights[$0][k].isZero } }
    guard read.count < active.count, l > 0 || box != nil else { return false }
    // What is read is never negative but at the inputs, where a bias makes it so.
    let shifts = read.map { k in l == 0 ? LayerReducer.roundedUp(-(box?[k].lower ?? 0)) : .zero }
    var bias = layers[l + 1].bias
    var columns = read.map { _ in Array(repeating: Dyadic.zero, count: bias.count) }
    for j in active {
      for (n, weight) in column(l, j).enumerated() where !weight.isZero {
        bias[n] = bias[n] + weight * layers[l].bias[j]
        for (c, k) in read.enumerated() where !layers[l].weights[j][k].isZero {
          columns[c][n] = columns[c][n] + weight * layers[l].weights[j][k]
        }
      }
    }
    for (c, shift) in shifts.enumerated() where !shift.isZero {
      for n in bias.indices { bias[n] = bias[n] - columns[c][n] * shift }
    }
    guard holds(bias), holds(columns.joined()), holds(shifts) else { return false }
    for (c, k) in read.enumerated() {
      let neuron = active[c]
      layers[l].weights[neuron] = (0..<width).map { $0 == k ? .one : .zero }
      layers[l].bias[neuron] = shifts[c]
      setColumn(l, neuron, columns[c])
    }
    layers[l + 1].bias = bias
    remove(l, Array(active[read.count...]))
    counts[layers[l].origin].folded += active.count - read.count
    return true
  }

  /// Neurons with independent rows that span those of all the given ones; nil where there are none.
  func independent(_ l: Int, _ neurons: [Int]) -> [Int]? {
    guard let first = neurons.first else { return nil }
    var space = ExactElimination(columns: layers[l].weights[first].count)
    return neurons.filter { space.insert(layers[l].weights[$0]) }
  }

  /// The dyadic factors with which independent rows add up to a row, if there are such.
  func combination(_ l: Int, _ basis: [Int], for row: [Dyadic]) -> [Dyadic]? {
    if row.allSatisfy(\.isZero) { return basis.map { _ in .zero } }
    let equations = row.indices.map { k in basis.map { layers[l].weights[$0][k] } }
    guard let solution = ExactElimination.solution(of: equations, rightSides: row) else { return nil }
    let factors = solution.numerators.compactMap { $0.dividedExactly(by: solution.denominator) }
    return factors.count == basis.count ? factors : nil
  }

  /// Adds `column` times (Σ factor · w_i·h + constant) to the next layer through active neurons i; false, changing
  /// nothing, where the new entries cannot be kept.
  mutating func add(
    _ l: Int, combination: [(neuron: Int, factor: Dyadic)], constant: Dyadic, times column: [Dyadic]
  ) -> Bool {
    let rest = combination.reduce(constant) { $0 - $1.factor * layers[l].bias[$1.neuron] }
    let bias = zip(layers[l + 1].bias, column).map { $0 + $1 * rest }
    let columns = combination.map { part in
      zip(self.column(l, part.neuron), column).map { $0 + $1 * part.factor }
    }
    guard holds(bias), holds(columns.joined()) else { return false }
    layers[l + 1].bias = bias
    for (part, column) in zip(combination, columns) { setColumn(l, part.neuron, column) }
    return true
  }
}
