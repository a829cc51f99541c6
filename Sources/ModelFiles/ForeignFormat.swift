/// Formats that are told apart only to say what to do about them.
enum ForeignFormat: CaseIterable {
  /// PyTorch's pickles, zipped or not.
  case torch
  /// HDF5, as Keras writes it.
  case hdf5
  /// Keras's zip.
  case keras
  /// A single NumPy array.
  case npy
  /// A TensorFlow graph.
  case tensorFlow
  /// TensorFlow Lite.
  case tensorFlowLite

  /// The format of content that begins with these bytes.
  init?(content bytes: [UInt8]) {
    func begins(_ magic: [UInt8], at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: magic) }
    if begins([0x80, 2]) || begins([0x80, 3]) || begins([0x80, 4]) || begins([0x80, 5]) {
      self = .torch
    } else if begins([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .hdf5
    } else if begins([0x93] + Array("NUMPY".utf8)) {
      self = .npy
    } else if begins(Array("TFL3".utf8), at: 4) {
      self = .tensorFlowLite
    } else {
      return nil
    }
  }

  /// The format of files with this extension, in lower case.
  init?(fileExtension: String) {
    switch fileExtension {
    case "pt", "pth", "pkl", "ckpt", "bin": self = .torch
    case "h5", "hdf5": self = .hdf5
    case "keras": self = .keras
    case "npy": self = .npy
    case "pb": self = .tensorFlow
    case "tflite": self = .tensorFlowLite
    default: return nil
    }
  }

  /// What it is and what to do.
  var cause: ModelFileError.Cause {
    switch self {
    case .torch:
      .unsupported(
        place: "content", what: "a PyTorch pickle, which could run code",
        advice: "save the state dict as safetensors, or export to ONNX")
    case .hdf5:
      .unsupported(
        place: "content", what: "an HDF5 file", advice: "export to ONNX with tf2onnx, or save arrays as .npz")
    case .keras:
      .unsupported(
        place: "content", what: "a Keras archive",
        advice: "export to ONNX with tf2onnx, or save arrays as .npz")
    case .npy:
      .unsupported(
        place: "content", what: "a single NumPy array", advice: "save all weights and biases with numpy.savez"
      )
    case .tensorFlow:
      .unsupported(place: "content", what: "a TensorFlow graph", advice: "export to ONNX with tf2onnx")
    case .tensorFlowLite:
      .unsupported(place: "content", what: "a TensorFlow Lite model", advice: "export to ONNX with tf2onnx")
    }
  }
}
