import Complexity
import Crease
import Foundation
import Testing
import _TestSupport

@Suite("Published bounds at a sample")
struct ComparatorTests {
  @Test("T-19: the constants of the path-norm bound, all ten")
  func pathNormConstants() {
    let published: [(depth: Int, plain: Double, sharpened: Double)] = [
      (18, 0.0881, 0.0599), (34, 0.1145, 0.0716), (50, 0.1359, 0.0817), (101, 0.1885, 0.1077),
      (152, 0.2294, 0.1286),
    ]
    // The number of training images left for training.
    let samples = Int(0.99 * 1_281_167)
    for row in published {
      let factor = PathNormFactor(depth: row.depth, poolKinds: 1, kernel: 9, inputs: 150_528, outputs: 1000)
      let plain = factor.value(samples: samples, largestInput: 2.64)
      let sharpened = factor.value(samples: samples, largestInput: 2.64, sharpened: true)
      #expect((plain - row.plain).magnitude <= 0.00005, "\(row.depth): \(plain)")
      #expect((sharpened - row.sharpened).magnitude <= 0.00005, "\(row.depth): \(sharpened)")
    }
  }

  /// 2-2-2 without biases; s = 5 and 13 · √2 … as closed forms.
  private let network = Network(
    weights: [[[3, 4], [-4, 3]], [[12, 5], [-5, 12]]], biases: [[0, 0], [0, 0]])
  private let inputs: [[Double]] = [[1, 0], [0, 2], [-1, 1], [2, 1]]

  @Test("Every formula, evaluated a second time by hand in plain numbers")
  func formulas() throws {
    let norms = try NetworkNorms(of: network)
    let sample = try MarginSample(inputs, labels: [0, 1, 0, 1], network: network, carriesUnit: false)
    let comparator = Comparator(norms: norms, sample: sample, margin: 0.5, delta: 0.1)
    // s = 5, 13; Frobenius norms 5√2, 13√2; (2,1) norms 10, 26; (1,∞) norms 7, 17; four entries each; ‖X‖_F² = 12.
    let root = 12.0.squareRoot() / 2
    // Both covers are (4/γ) (‖X‖_F/√n) · 130.
    let covers: [Double] = [1040 * root, 1040 * root]
    let n = 4.0
    let entropy = log(8.0).squareRoot()
    let sum = covers.map { pow($0, 2.0 / 3) }.reduce(0, +)
    let ceilings = covers.map { pow($0, 2.0 / 3).rounded(.up) }.reduce(0, +)
    let squares = covers.map { (4 * $0 * $0).rounded(.up) }.map { 8 * (log(1 + $0) + 2.7) }.reduce(0, +)
    let rootTwo = 2.0.squareRoot()
    let linZhang: Double = 4 * root * 65 * 4 * 32 * rootTwo
    let numerator: Double = 40 * log(4.0) * 16900 + log(20 * n)
    // Columns of X: 1 + 0 + 1 + 4 = 6 and 0 + 4 + 1 + 1 = 6.
    let golowichRows: Double = 238 * (3 + log(2.0)).squareRoot() * 1.5.squareRoot()
    let golowichFrobenius: Double = 130 * (1 + (4 * log(2.0)).squareRoot()) * root
    let neyshabur: Double = 260 * 1.5.squareRoot()
    let neyshaburRows: Double = 952 * log(4.0).squareRoot()
    let gouk: Double = 3808 * log(2.0)
    let expected: [(ComplexityBound?, Double)] = [
      (comparator.bartlettFosterTelgarsky, 4 / n + 6 * log(n) * entropy * pow(sum, 1.5)),
      (comparator.grafNorms, 4 / n + 6 * (11.0 / 6) * entropy * pow(ceilings, 1.5)),
      (comparator.grafParameters, 6 * squares.squareRoot()),
      (comparator.linZhang, 8 * pow(linZhang, 0.25)),
      (comparator.neyshaburSpectral, (numerator / (0.25 * n)).squareRoot()),
      (comparator.neyshaburRows, neyshaburRows),
      (comparator.neyshaburFrobenius, neyshabur),
      (comparator.golowichFrobenius, golowichFrobenius),
      (comparator.golowichRows, golowichRows),
      (comparator.gouk, gouk),
    ]
    for (bound, value) in expected {
      let bound = try #require(bound)
      #expect((bound.log10Value - log10(value)).magnitude < 1e-9, "\(bound.name): \(bound.log10Value)")
      #expect(bound.standing == .unchecked && !bound.constants.isEmpty && !bound.assumptions.isEmpty)
    }
    #expect(comparator.bounds.count == expected.count)
  }

  @Test("Biases become a column and a row of the matrices, and inputs get a 1")
  func biases() throws {
    let biased = Network(weights: [[[3, 4]], [[2]]], biases: [[12], [-1]])
    let norms = try NetworkNorms(of: biased)
    #expect(norms.carriesBiases)
    #expect(norms.layers.map(\.rows) == [2, 1] && norms.layers.map(\.columns) == [3, 2])
    // [3 4 12; 0 0 1] and [2 −1].
    #expect((norms.layers[0].frobenius - 170.0.squareRoot()).magnitude < 1e-12)
    #expect((norms.layers[0].twoOne - 14).magnitude < 1e-12)
    #expect((norms.layers[0].distanceTwoOne - 13).magnitude < 1e-12)
    #expect((norms.layers[1].oneInfinity - 3).magnitude < 1e-12)
    // The weights alone are (3, 4).
    #expect((norms.layers[0].weightSpectral.upper - 5).magnitude < 1e-12)
    // λ of [[169, 12], [12, 1]].
    let discriminant = 28_800.0
    let squared = (170 + discriminant.squareRoot()) / 2
    #expect(norms.layers[0].spectral.lower <= squared.squareRoot() * (1 + 1e-14))
    #expect(norms.layers[0].spectral.upper >= squared.squareRoot() * (1 - 1e-14))
    let sample = try MarginSample([[1, 2]], network: biased, carriesUnit: true)
    #expect((sample.frobenius - 6.0.squareRoot()).magnitude < 1e-12)
    #expect(sample.margins.isEmpty && sample.margin(quantile: 0) == nil)
  }

  @Test("The distance from initial weights takes their place, and another architecture is refused")
  func initial() throws {
    let start = Network(weights: [[[3, 4], [-4, 0]], [[12, 5], [-5, 12]]], biases: [[0, 0], [0, 0]])
    let norms = try NetworkNorms(of: network, initial: start)
    #expect((norms.layers[0].distanceTwoOne - 3).magnitude < 1e-12 && norms.layers[1].distanceTwoOne == 0)
    #expect(norms.hasInitial)
    let other = Network(weights: [[[1, 2]], [[1], [1]]], biases: [[0], [0, 0]])
    #expect(throws: NetworkNorms.Obstacle.initialDiffers(widths: [2, 2, 2], initial: [2, 1, 2])) {
      try NetworkNorms(of: network, initial: other)
    }
  }

  @Test("Margins: the smallest, a quantile, one output, and labels that do not fit")
  func margins() throws {
    // Outputs 12 h₀ + 5 h₁ and −5 h₀ + 12 h₁ with h = relu(3x + 4y, −4x + 3y).
    let sample = try MarginSample(inputs, labels: [0, 1, 0, 1], network: network, carriesUnit: false)
    #expect(sample.margins == [-170, -94, -32, 51])
    #expect(sample.margin(quantile: 0) == -170 && sample.margin(quantile: 0.75) == 51)
    #expect(sample.errorRate == 0.75)
    let refused = Comparator(
      norms: try NetworkNorms(of: network), sample: sample, margin: sample.margin(quantile: 0))
    #expect(
      refused.bartlettFosterTelgarsky == nil && refused.marginObstacle?.contains("not positive") == true)
    #expect(refused.bounds.count == 5)
    #expect(throws: MarginSample.LabelError.self) {
      try MarginSample(inputs, labels: [0, 1, 0], network: network, carriesUnit: false)
    }
    #expect(throws: MarginSample.LabelError.self) {
      try MarginSample(inputs, labels: [0, 1, 0, 2], network: network, carriesUnit: false)
    }
    let single = Network(weights: [[[1]]], biases: [[0]])
    #expect(
      try MarginSample([[2], [-3], [1]], labels: [1, 0, -1], network: single, carriesUnit: false).margins
        == [-1, 2, 3])
  }

  @Test("Products beyond the range of doubles stay finite in log space")
  func overflow() throws {
    let deep = Network(
      weights: Array(repeating: [[1e30, 0], [0, 1e30]], count: 40),
      biases: Array(repeating: [0, 0], count: 40))
    let sample = try MarginSample([[1, 0], [0, 1]], network: deep, carriesUnit: false)
    let comparator = Comparator(norms: try NetworkNorms(of: deep), sample: sample, margin: 1)
    for bound in comparator.bounds {
      #expect(bound.log10Value.isFinite, "\(bound.name): \(bound.log10Value)")
    }
    #expect((1200...1203).contains(comparator.golowichRows.log10Value))
    #expect((200...320).contains(comparator.linZhang?.log10Value ?? 0))
    let norm = try PathEmbedding(of: deep).norm(1)
    let path = try #require(
      pathNormBound(PathNormFactor(of: deep), norm: norm, sample: sample, margin: 1))
    #expect((1200...1203).contains(path.log10Value))
  }

  @Test("Rescaling neurons moves products of norms, and never the path norm")
  func rescaling() throws {
    forEachSeed(0..<10) { seed, rng in
      do {
        let network = Network.random(widths: [3, 4, 4, 2], using: &rng)
        let moved = network.changing { weights, biases in
          for i in 0..<4 {
            let scale = [0x1p-4, 1, 0x1p5][Int.random(in: 0..<3, using: &rng)]
            weights[0][i] = weights[0][i].map { $0 * scale }
            biases[0][i] *= scale
            for k in 0..<4 { weights[1][k][i] /= scale }
          }
        }
        let sample = try MarginSample([[1, 2, 3]], network: network, carriesUnit: true)
        let norms = try [network, moved].map { try PathEmbedding(of: $0).norm(1) }
        let bounds = norms.map {
          pathNormBound(PathNormFactor(of: network), norm: $0, sample: sample, margin: 1)?.log10Value
        }
        #expect(bounds[0] == bounds[1], "seed \(seed)")
        let sharpened = pathNormBound(
          PathNormFactor(of: network), norm: norms[0], sample: sample, margin: 1, sharpened: true)
        #expect((sharpened?.log10Value ?? 0) <= (bounds[0] ?? 0) + 1e-12, "seed \(seed)")
        // ‖Φ‖₁, summed over outputs, is at most the number of outputs times the product of row norms.
        let product = try NetworkNorms(of: network).layers.reduce(0) { $0 + log10($1.oneInfinity) }
        #expect(norms[0].total.log10.lower <= product + log10(2) + 1e-9, "seed \(seed)")
      } catch {
        Issue.record("seed \(seed): \(error)")
      }
    }
  }
}
