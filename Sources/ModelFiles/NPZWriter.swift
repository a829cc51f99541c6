import CZlib
import LinearAlgebra
import Networks

/// Writes `.npz`: a zip of NumPy arrays, stored without compression.
enum NPZWriter {
  /// The file of a multilayer perceptron: `W0`, `b0`, `W1`, `b1`, …, each W outputs × inputs.
  ///
  /// The same network gives the same bytes: the date is that of the zip format's epoch.
  ///
  /// - Requires: every entry is a number of `precision`, which is not bfloat16.
  static func bytes(
    of layers: [(weights: Matrix<Double>, bias: [Double])], precision: StoragePrecision
  ) throws(ModelFileError.Cause) -> [UInt8] {
    try bytes(
      of: layers.enumerated().flatMap { position, layer in
        [
          NPZArray(
            name: "W\(position)", shape: [layer.weights.rows, layer.weights.columns],
            values: layer.weights.elements),
          NPZArray(name: "b\(position)", shape: [layer.bias.count], values: layer.bias),
        ]
      }, precision: precision)
  }

  /// The file of named arrays, in their order.
  ///
  /// - Requires: every entry is a number of `precision`, which is not bfloat16.
  static func bytes(
    of arrays: [NPZArray], precision: StoragePrecision
  ) throws(ModelFileError.Cause) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for item in arrays {
      try append(
        item.name + ".npy", array(item.shape, item.values, precision), to: &archive, &directory)
    }
    guard let offset = UInt32(exactly: archive.count), let entries = UInt16(exactly: arrays.count) else {
      throw tooLarge
    }
    let size = UInt32(directory.count)
    archive += directory
    put(0x0605_4B50 as UInt32, to: &archive)
    put(0 as UInt32, to: &archive)
    put(entries, to: &archive)
    put(entries, to: &archive)
    put(size, to: &archive)
    put(offset, to: &archive)
    put(0 as UInt16, to: &archive)
    return archive
  }

  private static var tooLarge: ModelFileError.Cause {
    .notWritable(what: "an .npz beyond 4 GiB or 65535 arrays", advice: "write safetensors")
  }

  /// The bytes of one `.npy` array, its numbers aligned to 64 bytes.
  private static func array(_ shape: [Int], _ values: [Double], _ precision: StoragePrecision) -> [UInt8] {
    let tuple = shape.count == 1 ? "(\(shape[0]),)" : NamedTensor.text(shape)
    var header = "{'descr': '<f\(precision.byteCount)', 'fortran_order': False, 'shape': \(tuple), }"
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    put(UInt16(header.utf8.count), to: &bytes)
    bytes += Array(header.utf8)
    precision.encode(values, to: &bytes)
    return bytes
  }

  /// Appends a stored member and its entry in the directory.
  private static func append(
    _ name: String, _ content: [UInt8], to archive: inout [UInt8], _ directory: inout [UInt8]
  ) throws(ModelFileError.Cause) {
    guard let size = UInt32(exactly: content.count), let offset = UInt32(exactly: archive.count) else {
      throw tooLarge
    }
    let checksum = content.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, z_size_t($0.count)) }
    // Version needed 2.0, no flags, stored, midnight of 1 January 1980.
    var common: [UInt8] = [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]
    put(UInt32(truncatingIfNeeded: checksum), to: &common)
    put(size, to: &common)
    put(size, to: &common)
    put(UInt16(name.utf8.count), to: &common)
    put(0 as UInt16, to: &common)
    put(0x0403_4B50 as UInt32, to: &archive)
    archive += common
    archive += Array(name.utf8)
    archive += content
    put(0x0201_4B50 as UInt32, to: &directory)
    directory += [20, 0]
    directory += common
    // No comment, first disk, no attributes.
    directory += Array(repeating: 0, count: 10)
    put(offset, to: &directory)
    directory += Array(name.utf8)
  }

  private static func put(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}

/// An array of an `.npz` file.
struct NPZArray {
  let name: String
  let shape: [Int]
  let values: [Double]
}
