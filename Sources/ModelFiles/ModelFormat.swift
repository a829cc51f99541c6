/// The file formats Crease reads and writes.
public enum ModelFormat: String, Hashable, Sendable, CaseIterable {
  /// ONNX, `.onnx`.
  case onnx
  /// The text format of Reluplex and NNet, `.nnet`.
  case nnet
  /// Safetensors, `.safetensors`.
  case safetensors
  /// A zip of NumPy arrays, `.npz`.
  case npz
}

/// What a reader may be told.
public struct ReadingOptions: Hashable, Sendable {
  /// For `.nnet`: fold the file's normalisation in, so that the network takes physical units.
  public var rawInputs: Bool

  /// The options; by default none.
  public init(rawInputs: Bool = false) { self.rawInputs = rawInputs }
}
