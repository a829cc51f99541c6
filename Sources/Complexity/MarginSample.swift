import LinearAlgebra
import Networks

/// What comparator bounds need to know of a sample: its size and norms, and the margins of a network on it.
///
/// The margin of a sample (x, y) is f(x)_y − max over the other outputs; for a network of one output it is f(x) for
/// the class 1 and −f(x) for the class 0 (or −1).
///
/// - Exactness: norms are rounded up; margins are evaluated in floating point.
public struct MarginSample: Hashable, Sendable {
  /// The number of samples n.
  public let count: Int
  /// Whether norms are those of the inputs (x, 1).
  public let carriesUnit: Bool
  /// ‖X‖_F.
  public let frobenius: Double
  /// The largest Euclidean norm of an input.
  public let largestEuclidean: Double
  /// max |X_ij|.
  public let largestEntry: Double
  /// The largest over coordinates of √(Σ_i X_ij² / n).
  public let largestColumnMean: Double
  /// The margins, ascending; empty without labels.
  public let margins: [Double]

  /// Where labels do not fit.
  public struct LabelError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line for people.
    public let description: String
  }

  /// The sample of inputs, with the class of each, for a network.
  ///
  /// - Parameter carriesUnit: Whether to measure (x, 1) in place of x, as ``NetworkNorms/carriesBiases`` asks for.
  /// - Requires: at least one input; each has `network.inputCount` numbers.
  /// - Throws: `LabelError` where there is not one label for each input, or one is no output's index.
  /// - Complexity: an evaluation of the network for each input.
  public init(
    _ inputs: [[Double]], labels: [Int]? = nil, network: Network, carriesUnit: Bool
  ) throws(LabelError) {
    precondition(!inputs.isEmpty, "a sample of no inputs")
    count = inputs.count
    self.carriesUnit = carriesUnit
    let unit: [Double] = carriesUnit ? [1] : []
    let rows = inputs.map { UpwardNorms.frobenius($0 + unit) }
    frobenius = UpwardNorms.frobenius(rows)
    largestEuclidean = rows.reduce(0, max)
    largestEntry = inputs.reduce(carriesUnit ? 1 : 0) { $1.reduce($0) { max($0, $1.magnitude) } }
    let largestColumn = (0..<network.inputCount).reduce(0.0) { largest, j in
      max(largest, UpwardNorms.frobenius(inputs.map { $0[j] }))
    }
    let root = Double(inputs.count).squareRoot().nextDown
    largestColumnMean = max(carriesUnit ? 1 : 0, (largestColumn / root).nextUp)
    margins =
      try labels.map { labels throws(LabelError) in
        try MarginSample.margins(inputs, labels, network).sorted()
      } ?? []
  }

  /// The margin such that at most this fraction of the sample has a smaller one; nil without labels.
  ///
  /// A fraction of 0 gives the smallest.
  public func margin(quantile: Double) -> Double? {
    precondition((0...1).contains(quantile), "a quantile lies between 0 and 1, not \(quantile)")
    if margins.isEmpty { return nil }
    return margins[min(margins.count - 1, Int(quantile * Double(margins.count)))]
  }

  /// The fraction of the sample with a margin that is not positive: the error of the network, ties counted.
  public var errorRate: Double? {
    margins.isEmpty ? nil : Double(margins.count { $0 <= 0 }) / Double(margins.count)
  }

  private static func margins(
    _ inputs: [[Double]], _ labels: [Int], _ network: Network
  ) throws(LabelError) -> [Double] {
    guard labels.count == inputs.count else {
      throw LabelError(description: "\(labels.count) labels for \(inputs.count) inputs")
    }
    let classes = network.outputCount == 1 ? -1...1 : 0...network.outputCount - 1
    if let wrong = labels.first(where: { !classes.contains($0) }) {
      throw LabelError(
        description: "label \(wrong), where \(classes.lowerBound) to \(classes.upperBound) are outputs")
    }
    var margins: [Double] = []
    let chunk = 1024
    for start in stride(from: 0, to: inputs.count, by: chunk) {
      let range = start..<min(inputs.count, start + chunk)
      let points = Matrix(
        rows: range.count, columns: network.inputCount, elements: inputs[range].flatMap(\.self))
      let outputs = network.outputs(at: points)
      for (i, label) in labels[range].enumerated() {
        let row = Array(outputs.row(i))
        if row.count == 1 {
          margins.append(label == 1 ? row[0] : -row[0])
        } else {
          let rival = row.indices.reduce(-Double.infinity) { $1 == label ? $0 : max($0, row[$1]) }
          margins.append(row[label] - rival)
        }
      }
    }
    return margins
  }
}
