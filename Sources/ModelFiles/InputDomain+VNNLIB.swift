import Networks

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension InputDomain {
  /// The box of inputs of a VNN-LIB property; what it says of outputs is left aside.
  ///
  /// - Exactness: ends that are no doubles are rounded outward; strict inequalities count as their closure.
  /// - Throws: `ModelFileError`; also where the inputs form several boxes, whose hull is another set:
  ///   ``vnnlibBoxes(contentsOf:inputs:)`` has them one by one.
  public init(vnnlib url: URL, inputs: Int) throws(ModelFileError) {
    let boxes = try InputDomain.vnnlibBoxes(contentsOf: url, inputs: inputs)
    guard boxes.count == 1 else {
      throw ModelFileError(
        file: FileBytes.name(url),
        cause: .unsupported(
          place: "property", what: "the inputs form \(boxes.count) boxes",
          advice: "split the property, one box in each file"))
    }
    self = .box(boxes[0])
  }

  /// The boxes of inputs of a VNN-LIB property, one for each alternative, without repetition.
  ///
  /// - Exactness: as ``init(vnnlib:inputs:)``.
  /// - Returns: at least one box.
  /// - Throws: `ModelFileError`, naming the line; also where a condition on inputs is no bound of one
  ///   input.
  public static func vnnlibBoxes(contentsOf url: URL, inputs: Int) throws(ModelFileError) -> [Box] {
    do throws(ModelFileError.Cause) {
      return try VNNLIBParser.boxes(FileBytes.read(url), inputs: inputs)
    } catch {
      throw ModelFileError(file: FileBytes.name(url), cause: error)
    }
  }
}
