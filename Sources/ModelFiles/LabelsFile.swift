import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Files with the class of each input of a sample: text with a whole number on each line, or a NumPy array.
public enum LabelsFile {
  /// Labels and where they were found.
  public struct Labels: Hashable, Sendable {
    /// The class of each input.
    public let classes: [Int]
    /// What held them, such as `array "y", the largest entry of each row`.
    public let source: String
  }

  /// The names of arrays that hold labels beside inputs, in the order they are tried.
  private static let names = ["labels", "label", "classes", "targets", "y"]

  /// The labels in a file: in text the first number of each line; in `.npy` the array; in `.npz` the array named
  /// `labels`, `label`, `classes`, `targets` or `y`, or the only one.
  ///
  /// Whole numbers are classes. Of rows of several floating-point numbers, as networks put out, the largest entry counts.
  ///
  /// - Parameter count: How many labels there are to be.
  /// - Throws: `ModelFileError`.
  public static func labels(contentsOf url: URL, count: Int) throws(ModelFileError) -> Labels {
    do throws(ModelFileError.Cause) {
      let bytes = try FileBytes.read(url)
      if bytes.starts(with: [0x50, 0x4B]) {
        if let found = try inArchive(bytes, count: count, names: names) { return found }
        if let found = try inArchive(bytes, count: count, names: nil) { return found }
        throw .malformed(
          place: "arrays", expected: "\(count) labels in an array named \(names.joined(separator: ", "))",
          found: "none such")
      }
      if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) {
        let array = try NPYArray(bytes, place: "array")
        if let found = classes(of: array, count: count, what: "the array") { return found }
        throw .malformed(
          place: "array", expected: "\(count) labels", found: "\(array.type) \(NamedTensor.text(array.shape))"
        )
      }
      return Labels(classes: try inText(bytes, count: count), source: "lines")
    } catch {
      throw ModelFileError(file: FileBytes.name(url), cause: error)
    }
  }

  /// The labels that an `.npz` file has beside its inputs, under one of the usual names; nil where there are none.
  ///
  /// - Throws: `ModelFileError` for a file that cannot be read.
  public static func labels(besideInputsIn url: URL, count: Int) throws(ModelFileError) -> Labels? {
    do throws(ModelFileError.Cause) {
      let bytes = try FileBytes.read(url)
      return bytes.starts(with: [0x50, 0x4B]) ? try inArchive(bytes, count: count, names: names) : nil
    } catch {
      throw ModelFileError(file: FileBytes.name(url), cause: error)
    }
  }

  private static func inArchive(
    _ bytes: [UInt8], count: Int, names: [String]?
  ) throws(ModelFileError.Cause) -> Labels? {
    let archive = try ZipArchive(bytes)
    let members = archive.members.filter { $0.name.hasSuffix(".npy") }
    for name in names ?? members.map({ String($0.name.dropLast(4)) }) {
      guard let member = members.first(where: { $0.name == name + ".npy" }) else { continue }
      let array = try NPYArray(try archive.content(of: member), place: "array \(quoted(name))")
      if let found = classes(of: array, count: count, what: "array \(quoted(name))") { return found }
    }
    return nil
  }

  private static func classes(of array: NPYArray, count: Int, what: String) -> Labels? {
    guard array.shape.first == count else { return nil }
    if let whole = array.wholeNumbers() {
      return whole.count == count ? Labels(classes: whole, source: what) : nil
    }
    guard let tensor = try? array.tensor(named: what), count > 0 else { return nil }
    let width = tensor.values.count / count
    if width == 1 {
      let whole = tensor.values.compactMap { Int(exactly: $0) }
      return whole.count == count ? Labels(classes: whole, source: what) : nil
    }
    let largest = (0..<count).compactMap { i in
      (0..<width).max { tensor.values[i * width + $0] < tensor.values[i * width + $1] }
    }
    return largest.count == count
      ? Labels(classes: largest, source: "\(what), the largest entry of each row") : nil
  }

  private static func inText(_ bytes: [UInt8], count: Int) throws(ModelFileError.Cause) -> [Int] {
    var classes: [Int] = []
    for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      let words = line.prefix { $0 != UInt8(ascii: "#") }.split { [32, 9, 13, 44].contains($0) }
      guard let word = words.first else { continue }
      let text = String(decoding: word, as: UTF8.self)
      guard words.count == 1, let value = Int(text) else {
        throw .malformed(
          place: "line \(index + 1)", expected: "one whole number, the class of an input", found: quoted(text)
        )
      }
      classes.append(value)
    }
    guard classes.count == count else {
      throw .malformed(
        place: "lines", expected: "\(count) labels, one for each input", found: "\(classes.count)")
    }
    return classes
  }
}
