import Crease

/// Functional dimension, the elimination it rests on, and the census.
enum Dimensions {
  static func run(_ stopwatch: Stopwatch) {
    elimination(stopwatch)
    dimension(stopwatch)
    census(stopwatch)
  }

  /// Square matrices modulo a prime: our elimination, FLINT's, and what one core makes of a product of that size.
  private static func elimination(_ stopwatch: Stopwatch) {
    let names = ["EliminationModuloPrime", "EliminationByFLINT", "ProductByBLAS"]
    guard names.contains(where: stopwatch.runs) else { return }
    var rng = SplitMix64(seed: 3)
    let field = PrimeField.random(using: &rng)
    for size in [500, 1000, 2000, 4000] {
      let half = field.prime / 2
      let entries = (0..<size * size).map { _ in Double(Int.random(in: -half...half, using: &rng)) }
      let matrix = Matrix(rows: size, columns: size, elements: entries)
      let cube = Double(size) * Double(size) * Double(size)
      let runs = size < 2000 ? 5 : 2
      func rate(_ operations: Double) -> (Double) -> [(String, Double)] {
        { [("gigaflops", operations / $0 * 1e-9)] }
      }
      stopwatch.measure(names[0], size: "\(size)", runs: runs, figures: rate(cube * 2 / 3)) {
        Double(matrix.rank(modulo: field))
      }
      if let flint = FLINTMatrix(entries, size: size, prime: field.prime) {
        stopwatch.measure(names[1], size: "\(size)", runs: runs, figures: rate(cube * 2 / 3)) {
          Double(flint.rank())
        }
      }
      stopwatch.measure(names[2], size: "\(size)", runs: runs, figures: rate(cube * 2)) {
        var product = Matrix(repeating: 0.0, rows: size, columns: size)
        matrix.addProduct(with: matrix, to: &product)
        return product[0, 0]
      }
    }
  }

  /// Networks as they are initialised, on all of ℝⁿ.
  private static func dimension(_ stopwatch: Stopwatch) {
    guard stopwatch.runs("FunctionalDimension") else { return }
    let shapes = [
      [5, 15, 15, 1], [10, 10, 10, 10, 1], [5, 15, 15, 15, 1], [5, 30, 30, 30, 1], [8, 40, 40, 40, 1],
      [10, 45, 45, 45, 1],
    ]
    for widths in shapes {
      var rng = SplitMix64(seed: 4)
      let network = Initialisation.he.network(widths: widths, using: &rng)
      var options = DimensionOptions()
      options.threads = 1
      guard let found = try? FunctionalDimension(of: network, options: options) else { continue }
      let regions = Double(found.coverage.regions)
      try? stopwatch.measure(
        "FunctionalDimension", size: widths.map(String.init).joined(separator: "-"),
        runs: network.parameterCount > 2000 ? 2 : 5,
        figures: { seconds in
          [
            ("parameters", Double(network.parameterCount)), ("lower", Double(found.lower)),
            ("upper", Double(found.upper)), ("regions", regions), ("regionsPerSecond", regions / seconds),
          ]
        },
        { Double(try FunctionalDimension(of: network, options: options).lower) })
    }
  }

  /// Networks measured in a second of one core.
  private static func census(_ stopwatch: Stopwatch) {
    guard stopwatch.runs("Census") else { return }
    for widths in [[5, 5, 5, 5, 1], [10, 10, 10, 10, 1], [15, 15, 15, 15, 1]] {
      let census = Census(architectures: [widths], networks: 20, seed: 1)
      try? stopwatch.measure(
        "Census", size: widths.map(String.init).joined(separator: "-"), runs: 2,
        figures: { [("networksPerSecond", 20 / $0)] },
        { try census.items.reduce(0) { try $0 + Double(census.record(of: $1).lowerBound) } })
    }
  }
}
