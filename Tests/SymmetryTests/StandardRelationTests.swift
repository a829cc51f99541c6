import Crease
import Testing
import _TestSupport

@Suite("Permutations and rescalings between two networks")
struct StandardRelationTests {
  /// The network after a standard symmetry, by its definition.
  private func moved(_ network: Network, by symmetry: StandardSymmetry) -> Network {
    let layout = ParameterLayout(of: network)
    var parameters = network.parameters
    func place(_ layer: Int, _ i: Int) -> (index: Int, scale: Rational) {
      layer == 0 || layer == layout.layers.count
        ? (i, .one) : (symmetry.permutations[layer - 1][i], symmetry.scales[layer - 1][i])
    }
    for index in 0..<layout.count {
      let value = Rational(network.parameters.values[index])
      let target: ParameterLayout.Name
      let moved: Rational?
      switch layout.name(at: index) {
      case .bias(let layer, let row):
        let (to, scale) = place(layer, row)
        target = .bias(layer: layer, row: to)
        moved = value * scale
      case .weight(let layer, let row, let source, let column):
        let (to, scale) = place(layer, row)
        let (from, divisor) = place(source, column)
        target = .weight(layer: layer, row: to, source: source, column: from)
        moved = (value * scale).dividedExactly(by: divisor)
      }
      parameters.values[layout.index(of: target) ?? 0] = moved?.dyadic ?? .zero
    }
    return network.with(parameters: parameters)
  }

  @Test("A disguise by permutations and powers of two is found, and its undoing is the network")
  func disguised() {
    forEachSeed(0..<20) { seed, rng in
      let network = Network.random(widths: [3, 5, 4, 2], denominator: 1 << 10, using: &rng)
      let disguise = Disguise(permutes: true, logRange: 2, powersOfTwo: true)
      let other = network.disguised(by: disguise, using: &rng)
      guard case .related(let symmetry) = network.standardRelation(to: other) else {
        Issue.record("seed \(seed): not found")
        return
      }
      #expect(moved(network, by: symmetry).parameters == other.parameters, "seed \(seed)")
      // One weight more, and there is none.
      var parameters = other.parameters
      let index = Int.random(in: 0..<parameters.count, using: &rng)
      parameters.values[index] = parameters.values[index] + Dyadic(1, exponent: -30)
      let changed = other.with(parameters: parameters)
      #expect(network.standardRelation(to: changed) == .unrelated, "seed \(seed)")
    }
  }

  @Test("A rescaling is found as one, also among twins")
  func rescaling() {
    let network = Network(weights: [[[1], [2], [-3]], [[1, 2, 1]]], biases: [[1, 2, 0], [0.5]])
    let other = Network(weights: [[[4], [1], [-3]], [[0.25, 4, 1]]], biases: [[4, 1, 0], [0.5]])
    guard case .related(let symmetry) = network.standardRelation(to: other) else {
      Issue.record("not found")
      return
    }
    #expect(symmetry.isRescaling)
    // The outgoing weights tell twins apart: only the exchange fits.
    let exchanged = Network(weights: [[[1], [2], [-3]], [[4, 0.5, 1]]], biases: [[1, 2, 0], [0.5]])
    guard case .related(let exchange) = network.standardRelation(to: exchanged) else {
      Issue.record("not found")
      return
    }
    #expect(exchange.permutations == [[1, 0, 2]] && !exchange.isRescaling)
    let split = Network(weights: [[[1], [2], [-3]], [[3, 1, 1]]], biases: [[1, 2, 0], [0.5]])
    #expect(network.standardRelation(to: split) == .unrelated)
  }

  @Test("Negative factors, other shapes, rows of zeros, and too many that are alike")
  func limits() {
    let f = Network(weights: [[[1], [-1]], [[1, 2]]], biases: [[0, 0], [0]])
    let g = Network(weights: [[[-1], [3]], [[2, 1 / 4]]], biases: [[0, 0], [0]])
    #expect(f.standardRelation(to: g) == .unrelated)
    // A factor of −1 would do, were it positive.
    let turned = Network(weights: [[[-1], [-1]], [[-1, 2]]], biases: [[0, 0], [0]])
    #expect(f.standardRelation(to: turned) == .unrelated)
    #expect(f.standardRelation(to: Network(weights: [[[1]], [[1]]], biases: [[0], [0]])) == .unrelated)
    let zero = Network(weights: [[[0], [1]], [[1, 2]]], biases: [[0, 0], [0]])
    let other = Network(weights: [[[0], [1]], [[3, 2]]], biases: [[0, 0], [0]])
    let third = Rational(.one, over: Dyadic(3))
    guard case .related(let scaled) = zero.standardRelation(to: other) else {
      Issue.record("a factor that the reader tells")
      return
    }
    #expect(scaled.isRescaling && scaled.scales == [[third, .one]])
    let exchanged = Network(weights: [[[1], [0]], [[2, 3]]], biases: [[0, 0], [0]])
    #expect(zero.standardRelation(to: exchanged) == .open)
    let row = Array(repeating: 1.0, count: 9)
    let alike = Network(weights: [row.map { [$0] }, [row]], biases: [row, [0]])
    let unlike = alike.with(
      parameters: {
        var parameters = alike.parameters
        parameters.values[parameters.count - 1] = .one
        return parameters
      }())
    #expect(alike.standardRelation(to: alike) != .open)
    #expect(alike.standardRelation(to: unlike, limit: 1000) == .open)
  }
}
