import Networks
import Testing

@Suite("Random networks")
struct InitialisationTests {
  private func moments(_ values: [Double]) -> (mean: Double, variance: Double, fourth: Double) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    func power(_ k: Int) -> Double {
      values.reduce(0) { sum, value in sum + (0..<k).reduce(1) { p, _ in p * (value - mean) } } / n
    }
    return (mean, power(2), power(4) / (power(2) * power(2)))
  }

  @Test("Weights have mean 0 and variance 2/fan-in; a normal law has kurtosis 3, a uniform one 1.8")
  func weights() {
    for (law, kurtosis) in [(Initialisation.Law.he, 3.0), (.uniform, 1.8)] {
      var rng = SplitMix64(seed: 11)
      let network = Initialisation(law, biasDeviation: 0.5).network(widths: [50, 200, 100], using: &rng)
      for (layer, fanIn) in zip(network.layers, [50.0, 200.0]) {
        let found = moments(layer.blocks[0].weights.nearest.elements)
        #expect(abs(found.mean) < 0.01, "\(law)")
        #expect(abs(found.variance * fanIn / 2 - 1) < 0.06, "\(law): \(found)")
        #expect(abs(found.fourth - kurtosis) < 0.25, "\(law): \(found)")
      }
      let biases = moments(network.layers.flatMap(\.bias.nearest.elements))
      #expect(abs(biases.mean) < 0.12 && abs(biases.variance / 0.25 - 1) < 0.3, "\(law): \(biases)")
    }
  }

  @Test("Uniform weights stay within their bound, and every entry is a binary32 number")
  func entries() {
    var rng = SplitMix64(seed: 3)
    let network = Initialisation(.uniform, biasDeviation: 1).network(widths: [6, 40, 40, 1], using: &rng)
    #expect(network.widths == [6, 40, 40, 1] && network.storage == .float32)
    #expect(network.layers[0].blocks[0].weights.nearest.elements.allSatisfy { abs($0) <= 1 })
    for layer in network.layers {
      #expect(layer.blocks[0].weights.nearest.elements.allSatisfy { Double(Float($0)) == $0 })
      #expect(layer.bias.nearest.elements.allSatisfy { Double(Float($0)) == $0 })
    }
  }

  @Test("The same seed gives the same network, another seed another; no deviation, no biases")
  func seeds() {
    func network(_ seed: UInt64, _ deviation: Double = 0.1) -> Network {
      var rng = SplitMix64(seed: seed)
      return Initialisation(.he, biasDeviation: deviation).network(widths: [3, 4, 2], using: &rng)
    }
    #expect(network(1) == network(1))
    #expect(network(1) != network(2))
    #expect(network(1, 0).layers.allSatisfy { $0.bias.nearest.elements.allSatisfy { $0 == 0 } })
  }

  @Test("Samples of inputs have their scales")
  func inputs() {
    var rng = SplitMix64(seed: 5)
    let gaussian = InputSampling.gaussian.inputs(count: 4000, dimension: 5, using: &rng).flatMap(\.self)
    let found = moments(gaussian)
    #expect(abs(found.mean) < 0.03 && abs(found.variance - 1) < 0.05 && abs(found.fourth - 3) < 0.2)
    let radii = InputSampling.multiScale.inputs(count: 4000, dimension: 20, using: &rng).map { point in
      (point.reduce(0) { $0 + $1 * $1 } / 20).squareRoot()
    }
    // The scale 10^U has its median at 10^0.25, and lies between 0.1 and 32.
    let middle = radii.sorted()[2000]
    #expect(middle > 1.5 && middle < 2.1)
    #expect(radii.allSatisfy { $0 > 0.04 && $0 < 70 })
    #expect(radii.contains { $0 < 0.15 } && radii.contains { $0 > 20 })
  }
}
