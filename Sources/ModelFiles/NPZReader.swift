import Networks

/// Reads `.npz`: a zip of NumPy arrays.
enum NPZReader {
  /// The multilayer perceptron whose tensors the file holds.
  static func network(from bytes: [UInt8]) throws(ModelFileError.Cause) -> Network {
    try TensorLayers(tensors(from: bytes)).network()
  }

  /// The arrays of floating-point numbers, under their names without `.npy`.
  ///
  /// - Throws: also where some array holds anything else, unless `wanted` leaves it out.
  static func tensors(
    from bytes: [UInt8], where wanted: (String) -> Bool = { _ in true }
  ) throws(ModelFileError.Cause) -> [NamedTensor] {
    let archive = try ZipArchive(bytes)
    if let advice = foreignArchive(archive.members.map(\.name)) { throw advice }
    guard !archive.members.isEmpty else {
      throw .malformed(place: "zip", expected: "NumPy arrays", found: "an archive without members")
    }
    var tensors: [NamedTensor] = []
    for member in archive.members {
      guard member.name.hasSuffix(".npy") else {
        throw .malformed(place: "zip", expected: "members named .npy", found: quoted(member.name))
      }
      let name = String(member.name.dropLast(4))
      guard wanted(name) else { continue }
      let array = try NPYArray(archive.content(of: member), place: "array \(quoted(name))")
      tensors.append(try array.tensor(named: name))
    }
    return tensors
  }

  /// The arrays of floating-point numbers, and of whole ones where they count too; arrays of anything else are passed over.
  static func numericTensors(
    from bytes: [UInt8], wholeToo: Bool = false
  ) throws(ModelFileError.Cause) -> [NamedTensor] {
    let archive = try ZipArchive(bytes)
    var tensors: [NamedTensor] = []
    for member in archive.members where member.name.hasSuffix(".npy") {
      let name = String(member.name.dropLast(4))
      let content = try archive.content(of: member)
      if let array = try? NPYArray(content, place: "array \(quoted(name))"),
        let tensor = try? wholeToo ? array.numbers(named: name) : array.tensor(named: name)
      {
        tensors.append(tensor)
      }
    }
    return tensors
  }

  /// What to say of zips that are not NumPy's.
  private static func foreignArchive(_ names: [String]) -> ModelFileError.Cause? {
    if names.contains(where: { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }) {
      return ForeignFormat.torch.cause
    }
    if names.contains("model.weights.h5") { return ForeignFormat.keras.cause }
    return nil
  }
}
