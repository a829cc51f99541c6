import LinearAlgebra
import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Inputs with what is to be said of them, from a NumPy file: what a network is trained on.
///
///     numpy.savez("digits.npz", x=digits.data / 16, y=digits.target)
public struct SamplesFile: Hashable, Sendable {
  /// What goes with the inputs.
  public enum Targets: Hashable, Sendable {
    /// A class from 0 for each input.
    case labels([Int])
    /// A row of numbers for each input.
    case values(Matrix<Double>)
  }

  /// The inputs, a row for each; further axes are laid out in the row.
  public let inputs: Matrix<Double>
  /// What goes with them.
  public let targets: Targets

  /// The samples of an `.npz` file.
  ///
  /// Inputs are the array named `x`, `X`, `inputs` or `data`, targets the one named `y`, `Y`, `targets`, `target` or `labels`. Targets in
  /// one axis that are whole numbers from 0 to 999 are classes, other targets are values.
  ///
  /// - Throws: `ModelFileError`, naming the arrays that were found.
  public init(contentsOf url: URL) throws(ModelFileError) {
    do throws(ModelFileError.Cause) {
      let arrays = try NPZReader.numericTensors(from: try FileBytes.read(url), wholeToo: true)
      func array(_ names: [String]) throws(ModelFileError.Cause) -> NamedTensor {
        for name in names {
          if let found = arrays.first(where: { $0.name == name }) { return found }
        }
        let found = arrays.prefix(6).map(\.summary).joined(separator: ", ")
        throw .malformed(
          place: "arrays", expected: "one of numbers named \(names.joined(separator: ", "))",
          found: found.isEmpty ? "none" : found)
      }
      let x = try array(["x", "X", "inputs", "data"])
      let y = try array(["y", "Y", "targets", "target", "labels"])
      guard let rows = x.shape.first, rows > 0, x.values.count >= rows, x.shape.count >= 2 else {
        throw .malformed(place: "array \(x.name)", expected: "a row for each sample", found: x.summary)
      }
      guard y.shape.first == rows, y.values.count >= rows else {
        throw .malformed(
          place: "array \(y.name)", expected: "\(rows) rows, as \(x.name) has", found: y.summary)
      }
      guard (x.values + y.values).allSatisfy(\.isFinite) else {
        throw .malformed(place: "arrays", expected: "finite numbers", found: "an infinity or a NaN")
      }
      inputs = Matrix(rows: rows, columns: x.values.count / rows, elements: x.values)
      let areLabels =
        y.shape.count == 1 && y.values.allSatisfy { $0 == $0.rounded() && (0...999).contains($0) }
      targets =
        areLabels
        ? .labels(y.values.map { Int($0) })
        : .values(Matrix(rows: rows, columns: y.values.count / rows, elements: y.values))
    } catch {
      throw ModelFileError(file: FileBytes.name(url), cause: error)
    }
  }
}
