import Crease

@main
enum Bench {
  static func main() {
    let stopwatch = Stopwatch(filter: CommandLine.arguments.dropFirst().first ?? "")
    evaluation(stopwatch)
    deciding(stopwatch)
    Regions.run(stopwatch)
    Dimensions.run(stopwatch)
    TrainingSteps.run(stopwatch)
  }

  /// The decision alone, files aside: a permuted and rescaled copy, exact and rounded to float32; and its certificate.
  static func deciding(_ stopwatch: Stopwatch) {
    for widths in [[5, 50, 50, 50, 50, 50, 50, 5], [784, 512, 512, 10], [64, 688, 688, 688, 10]] {
      var rng = SplitMix64(seed: 2)
      let network = network(widths: widths, using: &rng)
      let exact = network.disguised(
        by: Disguise(permutes: true, logRange: 2, powersOfTwo: true), using: &rng)
      let rounded = network.disguised(by: Disguise(permutes: true, logRange: 2), using: &rng)
      let size = widths.map(String.init).joined(separator: "-")
      stopwatch.measure("DisguiseProvedIdentical", size: size) {
        (try? network.compared(with: exact).verdict) == .equivalent(.identical) ? 1 : 0
      }
      stopwatch.measure("RoundedDisguiseBounded", size: size) {
        guard case .equivalent(.withinEpsilon(let bound, _)) = try? network.compared(with: rounded).verdict
        else {
          return -1
        }
        return bound
      }
      guard let certificate = try? network.compared(with: exact).certificate else { continue }
      stopwatch.measure("CertificateChecked", size: size) {
        certificate.verify(network, exact) == .accepted ? 1 : 0
      }
    }
  }

  /// A seeded network with standard-normal-like weights of the size networks have after initialisation.
  static func network(widths: [Int], using rng: inout SplitMix64) -> Network {
    func entry(_ fan: Int) -> Double {
      let bound = (6 / Double(fan)).squareRoot()
      return Double(Float(Double.random(in: -bound...bound, using: &rng)))
    }
    return Network(
      weights: (1..<widths.count).map { l in
        (0..<widths[l]).map { _ in (0..<widths[l - 1]).map { _ in entry(widths[l - 1]) } }
      },
      biases: (1..<widths.count).map { l in (0..<widths[l]).map { _ in entry(widths[l - 1]) } },
      storage: .float32)
  }

  static func evaluation(_ stopwatch: Stopwatch) {
    for widths in [[5, 50, 50, 50, 50, 50, 50, 5], [784, 512, 512, 10]] {
      var rng = SplitMix64(seed: 1)
      let network = network(widths: widths, using: &rng)
      let size = widths.map(String.init).joined(separator: "-")
      let x = (0..<widths[0]).map { _ in Double.random(in: -0.5...0.5, using: &rng) }
      let count = 1000
      let batch = Matrix(
        rows: count, columns: widths[0],
        elements: (0..<count * widths[0]).map { _ in Double.random(in: -0.5...0.5, using: &rng) })
      stopwatch.measure("BatchOf1000InFloatingPoint", size: size) { network.outputs(at: batch)[0, 0] }
      stopwatch.measure("OneInputWithErrorBound", size: size) { network.enclosure(at: x)[0].upper }
      stopwatch.measure("OneInputExactly", size: size) { network.exactOutputs(at: x)[0].nearestDouble }
    }
  }
}
