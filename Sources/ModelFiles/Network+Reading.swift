import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Network {
  /// The network in a file: ONNX, `.nnet`, safetensors or `.npz`.
  ///
  ///     let network = try Network(contentsOf: URL(filePath: "acasxu_1_1.nnet"))
  ///
  /// The content tells the format, and the file name only where the content does not. Safetensors and `.npz`
  /// hold tensors without a graph: they are read as a multilayer perceptron with ReLU between the layers and
  /// none at the end, the layers in the order of their names, if names and widths allow one reading only.
  ///
  /// - Exactness: exact, or within the bounds of ``Network/lowering-swift.property``.
  /// - Throws: `ModelFileError`, for every input that is not such a file; nothing in a file runs as code,
  ///   and memory stays in proportion to its size.
  public init(contentsOf url: URL, options: ReadingOptions = .init()) throws(ModelFileError) {
    let file = FileBytes.name(url)
    let format: ModelFormat
    let bytes: [UInt8]
    do throws(ModelFileError.Cause) {
      bytes = try FileBytes.read(url)
      format = try ModelFormat(of: bytes, fileExtension: url.pathExtension.lowercased())
    } catch {
      throw ModelFileError(file: file, cause: error)
    }
    if format == .onnx {
      self = try ONNXReader.network(from: bytes, file: file, folder: url.deletingLastPathComponent())
      return
    }
    do throws(ModelFileError.Cause) {
      switch format {
      case .safetensors: self = try SafetensorsReader.network(from: bytes)
      case .npz: self = try NPZReader.network(from: bytes)
      default: self = try NNetReader.network(from: bytes, options: options)
      }
    } catch {
      throw ModelFileError(file: file, cause: error)
    }
  }
}

extension ModelFormat {
  /// The format of a file of these bytes, by content first, then by extension in lower case.
  init(of bytes: [UInt8], fileExtension: String) throws(ModelFileError.Cause) {
    if let foreign = ForeignFormat(content: bytes) { throw foreign.cause }
    if bytes.starts(with: [0x50, 0x4B]) {
      // Members tell NumPy's zips from PyTorch's, but a file that is cut short has lost its list of them.
      if fileExtension != "npz", let foreign = ForeignFormat(fileExtension: fileExtension) {
        throw foreign.cause
      }
      self = .npz
    } else if SafetensorsReader.looksLikeSafetensors(bytes) {
      self = .safetensors
    } else if ModelFormat.looksLikeNNet(bytes) {
      self = .nnet
    } else if let named = ModelFormat(rawValue: fileExtension), named == .safetensors {
      // The length of a header may look like the first field of ONNX.
      self = named
    } else if ONNXReader.looksLikeONNX(bytes) {
      self = .onnx
    } else if let named = ModelFormat(rawValue: fileExtension) {
      self = named
    } else if let foreign = ForeignFormat(fileExtension: fileExtension) {
      throw foreign.cause
    } else {
      throw .unknownFormat(found: ModelFormat.description(of: bytes, fileExtension: fileExtension))
    }
  }

  /// Whether the bytes begin like the text of an `.nnet` file: comments, then whole numbers and commas.
  private static func looksLikeNNet(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      var lines = NNetLines(UnsafeBufferPointer(rebasing: buffer.prefix(4096)))
      guard let counts = lines.next(), let widths = lines.next() else { return false }
      return (Array(counts) + Array(widths)).allSatisfy { position in
        (48...57).contains(buffer[position]) || [32, 9, 13, 44].contains(buffer[position])
      } && counts.contains { (48...57).contains(buffer[$0]) }
    }
  }

  private static func description(of bytes: [UInt8], fileExtension: String) -> String {
    let name = fileExtension.isEmpty ? "no file extension" : "extension \(quoted("." + fileExtension))"
    let isText = bytes.prefix(64).allSatisfy { (32..<127).contains($0) || [9, 10, 13].contains($0) }
    let start = String(decoding: bytes.prefix(16), as: UTF8.self)
    return isText ? "\(name), text that begins \(quoted(start))" : "\(name), unknown bytes"
  }
}
