import Crease

/// A thousand steps of training, and a thousand times the five matrix products that a step of one hidden layer cannot do without.
enum TrainingSteps {
  static func run(_ stopwatch: Stopwatch) {
    let names = ["TrainingThousandSteps", "TrainingThousandProducts", "TrainingThousandBalancedSteps"]
    guard names.contains(where: stopwatch.runs) else { return }
    for (inputs, width, outputs, batch) in [(64, 16, 10, 64), (64, 128, 10, 64), (64, 512, 10, 64)] {
      var rng = SplitMix64(seed: 5)
      func matrix(_ rows: Int, _ columns: Int) -> Matrix<Double> {
        Matrix(
          rows: rows, columns: columns,
          elements: (0..<rows * columns).map { _ in Double.random(in: -1...1, using: &rng) })
      }
      let samples = 1797
      let labels = (0..<samples).map { _ in Int.random(in: 0..<outputs, using: &rng) }
      let task = TrainingTask(inputs: matrix(samples, inputs), labels: labels, classes: outputs)
      var options = TrainingOptions()
      (options.loss, options.batchSize) = (.crossEntropy, batch)
      let start = Initialisation.he.network(widths: [inputs, width, outputs], using: &rng)
      let size = "\(inputs)-\(width)-\(outputs), batch \(batch)"
      for (name, balances) in [(names[0], false), (names[2], true)] {
        var trainer = Trainer(start, on: task, options: options)
        stopwatch.measure(name, size: size) {
          for _ in 0..<1000 {
            trainer.step(using: &rng)
            if balances { trainer.balance(by: NormBalancing()) }
          }
          return trainer.batchLoss ?? 0
        }
      }
      let products = [
        (batch, inputs, width), (batch, width, outputs), (outputs, batch, width), (batch, outputs, width),
        (width, batch, inputs),
      ].map { (matrix($0.0, $0.1), matrix($0.1, $0.2), Matrix(repeating: 0.0, rows: $0.0, columns: $0.2)) }
      var targets = products.map(\.2)
      stopwatch.measure(names[1], size: size) {
        for _ in 0..<1000 {
          for (k, product) in products.enumerated() { product.0.addProduct(with: product.1, to: &targets[k]) }
        }
        return targets[0][0, 0]
      }
    }
  }
}
