import Crease
import Testing
import _TestSupport

@Suite("Rescalings")
struct RescalingTests {
  @Test("The factors of planted rescalings by rationals are found exactly")
  func planted() throws {
    try forEachSeed(0..<40) { seed, rng in
      // Entries that are multiples of 60 stay whole under λ = a/b with a, b in 1 … 5.
      let base = Network.random(widths: [2, 3, 2, 1], denominator: 1, using: &rng).parameters
      let values = base.values.map { _ in
        Dyadic(Int64.random(in: 1...9, using: &rng) * (Bool.random(using: &rng) ? 3600 : -3600))
      }
      let shape = Network.random(widths: [2, 3, 2, 1], using: &rng)
      let a = shape.with(parameters: Parameters(layout: base.layout, values: values))
      let factors = [3, 2].map { width in
        (0..<width).map { _ in
          Rational(
            Dyadic(Int64.random(in: 1...5, using: &rng)), over: Dyadic(Int64.random(in: 1...5, using: &rng)))
        }
      }
      let all = [[Rational.one, .one]] + factors + [[Rational.one]]
      var parameters = a.parameters
      for index in parameters.values.indices {
        let value = Rational(parameters.values[index])
        switch parameters.layout.name(at: index) {
        case .bias(let layer, let row):
          parameters.values[index] = try #require((value * all[layer][row]).dyadic)
        case .weight(let layer, let row, let source, let column):
          let product = (value * all[layer][row]).dividedExactly(by: all[source][column])
          parameters.values[index] = try #require(product?.dyadic)
        }
      }
      let b = a.with(parameters: parameters)
      #expect(a.rescaling(to: b) == .rescaling(Rescaling(factors: factors)), "seed \(seed)")
      let index = Int.random(in: 0..<parameters.count, using: &rng)
      parameters.values[index] = parameters.values[index] * Dyadic(7)
      #expect(a.rescaling(to: a.with(parameters: parameters)).rescaling == nil, "seed \(seed)")
    }
  }

  @Test("Obstacles are named")
  func obstacles() {
    let f = Network(weights: [[[1]], [[1]]], biases: [[0], [0]])
    func g(_ w: Double, _ u: Double, _ b: Double = 0) -> Network {
      Network(weights: [[[w]], [[u]]], biases: [[b], [0]])
    }
    #expect(f.rescaling(to: g(4, 0.25)).rescaling?.factors == [[Rational(Dyadic(4))]])
    #expect(f.rescaling(to: g(3, 0.25)) == .none(.factor(.weight(layer: 2, row: 0, source: 1, column: 0))))
    #expect(f.rescaling(to: g(-1, -1)) == .none(.sign(.weight(layer: 1, row: 0, source: 0, column: 0))))
    #expect(f.rescaling(to: g(1, 1, 1)) == .none(.sign(.bias(layer: 1, row: 0))))
    #expect(f.rescaling(to: Network(weights: [[[1]]], biases: [[0]])) == .none(.architecture))
  }

  @Test("Rows of zeros leave factors open, and the answer is still complete")
  func degenerate() {
    // The second neuron reads nothing: its readers fix its factor, and must agree.
    func net(_ u: [Double], _ v: [Double]) -> Network {
      Network(weights: [[[1], [0]], [u, v], [[1, 1]]], biases: [[0, 0], [1, 1], [0]])
    }
    let f = net([1, 2], [1, 3])
    #expect(
      f.rescaling(to: net([1, 4], [1, 6])).rescaling?.factors[0][1] == Rational(.one, over: Dyadic(2)))
    #expect(f.rescaling(to: net([1, 4], [1, 5])).rescaling == nil)
    // Nobody reads it, and it reads nothing: any factor will do.
    #expect(net([1, 0], [1, 0]).rescaling(to: net([1, 0], [1, 0])).rescaling?.factors[0][1] == .one)
  }
}
