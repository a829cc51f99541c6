import ExactArithmetic
import LinearAlgebra
import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Network {
  /// Writes the network to a file.
  ///
  /// The file appears complete or not at all: a temporary file in the same folder is renamed into place.
  ///
  /// - Parameters:
  ///   - url: the file, replaced if it exists.
  ///   - format: the format, by default the one of the file extension. ONNX holds every network; the others
  ///     only those with ``isSequential``. Only `.nnet` keeps the domain.
  ///   - precision: the number format of the entries, by default float32 if that is the ``storage``, else
  ///     float64. `.nnet` writes the shortest decimals that read back as the same doubles.
  ///   - rounding: whether entries that the precision does not hold may be rounded to the nearest that it
  ///     does.
  /// - Exactness: exact for the entries of the network unless `rounding`; its ``lowering-swift.property`` is
  ///   not kept.
  /// - Throws: `ModelFileError`, naming the entry that would round, the reason the network does not fit the
  ///   format, or the system's reason.
  public func write(
    to url: URL, format: ModelFormat? = nil, precision: StoragePrecision? = nil, rounding: Bool = false
  ) throws(ModelFileError) {
    do throws(ModelFileError.Cause) {
      guard let format = format ?? ModelFormat(rawValue: url.pathExtension.lowercased()) else {
        throw .notWritable(
          what: "unknown file extension \(quoted(url.pathExtension))",
          advice: "use .onnx, .nnet, .safetensors or .npz")
      }
      let precision = precision ?? (storage == .float32 ? .float32 : .float64)
      try AtomicFile.write(bytes(format, precision, rounding: rounding), to: url)
    } catch {
      throw ModelFileError(file: FileBytes.name(url), cause: error)
    }
  }

  /// The network with every entry rounded to the nearest number of a format, as writing with `rounding` does.
  ///
  /// - Throws: `ModelFileError.Cause` where an entry is beyond the range of the format.
  public func rounded(to precision: StoragePrecision) throws(ModelFileError.Cause) -> Network {
    var rounded: [Layer] = []
    for (position, layer) in layers.enumerated() {
      let place = "layer \(position + 1)"
      func matrix(_ exact: ExactMatrix, _ name: String) throws(ModelFileError.Cause) -> ExactMatrix {
        let entries = try precision.entries(of: exact, rounding: true) { "\(place), \(name) \($0)" }
        return ExactMatrix(Matrix(rows: exact.rows, columns: exact.columns, elements: entries))
      }
      var blocks: [Block] = []
      for block in layer.blocks {
        blocks.append(Block(source: block.source, weights: try matrix(block.weights, "weight")))
      }
      rounded.append(Layer(blocks: blocks, bias: try matrix(layer.bias, "bias")))
    }
    return Network(inputCount: inputCount, layers: rounded, storage: precision, domain: domain)
  }

  /// The content of the file.
  func bytes(
    _ format: ModelFormat, _ precision: StoragePrecision, rounding: Bool = false
  ) throws(ModelFileError.Cause) -> [UInt8] {
    if format == .onnx { return try ONNXWriter.bytes(of: self, precision: precision, rounding: rounding) }
    if format == .npz, precision == .bfloat16 {
      throw .notWritable(what: "NumPy has no bfloat16", advice: "write safetensors, or another precision")
    }
    let layers = try sequentialLayers(format, precision, rounding: rounding)
    return switch format {
    case .npz: try NPZWriter.bytes(of: layers, precision: precision)
    case .safetensors: SafetensorsWriter.bytes(of: layers, precision: precision)
    default: NNetWriter.bytes(of: layers, domain: domain)
    }
  }

  /// The layers of a multilayer perceptron with entries of the precision.
  private func sequentialLayers(
    _ format: ModelFormat, _ precision: StoragePrecision, rounding: Bool
  ) throws(ModelFileError.Cause) -> [(weights: Matrix<Double>, bias: [Double])] {
    guard isSequential else {
      throw .notWritable(
        what: "a layer reads more than the layer before it, which .\(format.rawValue) cannot say",
        advice: "write ONNX")
    }
    if let empty = widths.firstIndex(of: 0) {
      throw .notWritable(
        what: "layer \(empty) has no neurons, which .\(format.rawValue) cannot say", advice: "write ONNX")
    }
    var result: [(weights: Matrix<Double>, bias: [Double])] = []
    for (position, layer) in layers.enumerated() {
      let columns = widths[position]
      let place = "layer \(position + 1)"
      // A layer without blocks is constant.
      let weights = try layer.blocks.first.map { (block) throws(ModelFileError.Cause) in
        try precision.entries(of: block.weights, rounding: rounding) {
          "\(place), weight (\($0 / columns), \($0 % columns))"
        }
      }
      let bias = try precision.entries(of: layer.bias, rounding: rounding) { "\(place), bias \($0)" }
      result.append(
        (
          Matrix(
            rows: layer.width, columns: columns,
            elements: weights ?? Array(repeating: 0, count: layer.width * columns)), bias
        ))
    }
    return result
  }
}

extension StoragePrecision {
  /// The entries of a matrix as numbers of this format.
  ///
  /// - Throws: where one is no such number and `rounding` is not allowed, or where it is beyond the range.
  func entries(
    of matrix: ExactMatrix, rounding: Bool, place: (Int) -> String
  ) throws(ModelFileError.Cause) -> [Double] {
    let nearest = matrix.nearest.elements
    let rounded = nearest.map { self.rounded($0) }
    for position in nearest.indices {
      let isExact = rounded[position] == nearest[position] && matrix.corrections[position] == nil
      if !rounding, !isExact {
        throw .wouldRound(place: place(position), value: "\(nearest[position])", precision: rawValue)
      }
      if !rounded[position].isFinite {
        throw .notWritable(
          what: "\(place(position)): \(nearest[position]) is beyond the range of \(rawValue)",
          advice: "write a wider precision")
      }
    }
    return rounded
  }
}
