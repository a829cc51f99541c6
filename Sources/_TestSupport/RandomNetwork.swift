import Crease

extension Network {
  /// A seeded multilayer perceptron with weights on a grid of `denominator`-ths in [−1, 1], for planted tests.
  public static func random(
    widths: [Int], denominator: Int = 64, using rng: inout some RandomNumberGenerator
  ) -> Network {
    func entry() -> Double {
      Double(Int.random(in: -denominator...denominator, using: &rng)) / Double(denominator)
    }
    return Network(
      weights: (1..<widths.count).map { l in
        (0..<widths[l]).map { _ in (0..<widths[l - 1]).map { _ in entry() } }
      },
      biases: (1..<widths.count).map { l in (0..<widths[l]).map { _ in entry() } })
  }
}
