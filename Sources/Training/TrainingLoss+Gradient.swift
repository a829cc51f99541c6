#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension TrainingLoss {
  /// The sum over a batch of a sample's loss; with a scale also replaces the outputs by the gradient of scale · sum.
  ///
  /// For the mean squared error a sample's loss is its mean over the outputs. The outputs start at `start`.
  func sum(
    _ buffer: UnsafeMutablePointer<Double>, from start: Int, targets: UnsafePointer<Double>, rows: Int,
    width: Int, gradientScale: Double?
  ) -> Double {
    let outputs = buffer + start
    switch self {
    case .meanSquaredError:
      var total = 0.0
      let slope = (gradientScale ?? 0) * 2 / Double(width)
      for k in 0..<rows * width {
        let error = outputs[k] - targets[k]
        total += error * error
        if gradientScale != nil { outputs[k] = slope * error }
      }
      return total / Double(width)
    case .crossEntropy:
      var total = 0.0
      for i in 0..<rows {
        let (row, target) = (outputs + i * width, targets + i * width)
        var largest = row[0]
        for j in 1..<max(1, width) { largest = max(largest, row[j]) }
        var sum = 0.0
        for j in 0..<width { sum += exp(row[j] - largest) }
        let logSum = largest + log(sum)
        var weight = 0.0
        for j in 0..<width {
          weight += target[j]
          if target[j] != 0 { total += target[j] * (logSum - row[j]) }
        }
        guard let scale = gradientScale else { continue }
        for j in 0..<width { row[j] = scale * (weight * exp(row[j] - logSum) - target[j]) }
      }
      return total
    }
  }
}
