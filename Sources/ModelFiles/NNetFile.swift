import LinearAlgebra
import Networks

/// The content of an `.nnet` file, as written: Reluplex's text format, which NNet and Marabou read too.
///
/// Comment lines begin with `//`. The header has one line each for: counts (layers, inputs, outputs, largest
/// width), widths, a flag nobody uses, least inputs, greatest inputs, means (inputs, then one for the
/// outputs) and ranges (likewise). Then, layer by layer, one line for each row of weights and one for each
/// bias.
///
/// Lines of the header may be placeholders, as in the files of NeuralVerification.jl: a lone layer count;
/// zeros, fewer than there are inputs. Two further inputs that older ACAS Xu headers describe are skipped.
struct NNetFile {
  /// The widths n₀, …, n_L.
  var widths: [Int] = []
  /// The least inputs in physical units, or nil where the line is a placeholder.
  var minima: [Double]?
  /// The greatest inputs in physical units, or nil where the line is a placeholder.
  var maxima: [Double]?
  /// The normalisation, or nil where the lines are placeholders.
  var normalisation: NNetNormalisation?
  /// The weights of each layer, a row for each neuron.
  var weights: [Matrix<Double>] = []
  /// The biases of each layer.
  var biases: [[Double]] = []

  /// The content of the file with these bytes.
  init(_ bytes: [UInt8]) throws(ModelFileError.Cause) {
    self = try bytes.withUnsafeBufferPointer { (buffer) throws(ModelFileError.Cause) in
      try NNetFile(reading: buffer)
    }
  }

  private init(reading bytes: UnsafeBufferPointer<UInt8>) throws(ModelFileError.Cause) {
    var lines = NNetLines(bytes)
    try readWidths(&lines)
    guard lines.next() != nil else {
      throw .malformed(
        place: "line \(lines.number + 1)", expected: "the unused flag", found: "the end of the file")
    }
    let inputs = widths[0]
    minima = try inputVector(&lines, "the least input")
    maxima = try inputVector(&lines, "the greatest input")
    let means = try NNetFile.scale(&lines, inputs: inputs, neutral: 0, "the mean")
    let ranges = try NNetFile.scale(&lines, inputs: inputs, neutral: 1, "the range")
    if let means, let ranges, ranges.inputs.contains(where: { $0 != 0 }) {
      normalisation = NNetNormalisation(
        means: means.inputs, ranges: ranges.inputs, outputMean: means.output, outputRange: ranges.output)
    }
    for layer in 1..<widths.count { try readLayer(layer, &lines) }
    if lines.next() != nil {
      throw .malformed(place: lines.place, expected: "the end of the file", found: "more text")
    }
  }

  private mutating func readWidths(_ lines: inout NNetLines) throws(ModelFileError.Cause) {
    let counts = try lines.numbers("the number of layers")
    let place = lines.place
    guard let layers = counts.first.flatMap({ Int(exactly: $0) }), layers >= 1 else {
      throw .malformed(
        place: place, expected: "a positive number of layers", found: counts.first.map { "\($0)" } ?? "none")
    }
    for size in try lines.numbers("the widths of the layers") {
      // Each neuron has at least a bias, so the file bounds the widths.
      guard let width = Int(exactly: size), width >= 1, width <= lines.capacity else {
        throw .malformed(
          place: lines.place, expected: "positive widths that the file can hold", found: "\(size)")
      }
      widths.append(width)
    }
    guard widths.count - 1 == layers else {
      throw .malformed(
        place: lines.place, expected: "as many widths as layers and one more (\(layers) layers)",
        found: "\(widths.count)")
    }
    if counts.count >= 3, counts[1] != Double(widths[0]) || counts[2] != Double(widths[layers]) {
      throw .malformed(
        place: place, expected: "\(widths[0]) inputs and \(widths[layers]) outputs, as the widths say",
        found: "\(counts[1]) and \(counts[2])")
    }
  }

  /// A line with a number for each input, or nil for a placeholder.
  private func inputVector(
    _ lines: inout NNetLines, _ what: String
  ) throws(ModelFileError.Cause) -> [Double]? {
    let numbers = try lines.numbers("\(what) of each of \(widths[0]) inputs")
    if numbers.count >= widths[0] { return Array(numbers.prefix(widths[0])) }
    if numbers.allSatisfy({ $0 == 0 }) { return nil }
    throw .malformed(
      place: lines.place, expected: "\(what) of each of \(widths[0]) inputs",
      found: "\(numbers.count) numbers")
  }

  /// A line with a number for each input and one for the outputs, which is `neutral` where left out.
  private static func scale(
    _ lines: inout NNetLines, inputs: Int, neutral: Double, _ what: String
  ) throws(ModelFileError.Cause) -> (inputs: [Double], output: Double)? {
    let what = "\(what) of each of \(inputs) inputs and of the outputs"
    let numbers = try lines.numbers(what)
    if numbers.count > inputs, let last = numbers.last { return (Array(numbers.prefix(inputs)), last) }
    if numbers.count == inputs { return (numbers, neutral) }
    if numbers.allSatisfy({ $0 == 0 }) { return nil }
    throw .malformed(place: lines.place, expected: what, found: "\(numbers.count) numbers")
  }

  private mutating func readLayer(
    _ layer: Int, _ lines: inout NNetLines
  ) throws(ModelFileError.Cause) {
    let (rows, columns) = (widths[layer], widths[layer - 1])
    var elements: [Double] = []
    // No product of widths reserves more than the file can fill.
    elements.reserveCapacity(rows > lines.capacity / columns ? lines.capacity : rows * columns)
    for row in 0..<rows {
      let what = { "\(columns) weights (row \(row) of layer \(layer))" }
      let count = try lines.append(to: &elements, atMost: columns, what: what)
      if count < columns { throw .malformed(place: lines.place, expected: what(), found: "\(count)") }
    }
    var bias: [Double] = []
    while bias.count < rows {
      let missing = rows - bias.count
      try lines.append(to: &bias, atMost: missing, what: { "\(missing) more biases of layer \(layer)" })
    }
    weights.append(Matrix(rows: rows, columns: columns, elements: elements))
    biases.append(bias)
  }
}
