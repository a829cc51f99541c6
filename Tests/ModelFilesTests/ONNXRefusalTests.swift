import Foundation
import Networks
import Testing
import _TestSupport

@testable import ModelFiles

/// Files that must be refused, in one line, without harm.
struct ONNXRefusalTests {
  private struct Expectations: Decodable {
    struct File: Decodable {
      let file: String
      let expect: String
    }
    let files: [File]
  }

  @Test(.enabled(if: TestData.isWanted)) func badFilesAreRefusedInOneLine() throws {
    let root = try #require(TestData.folder)
    let table = try JSONDecoder().decode(
      Expectations.self, from: Data(contentsOf: root.appendingPathComponent("bad/expectations.json")))
    var seen = 0
    for entry in table.files where entry.file.hasSuffix(".onnx") {
      seen += 1
      do {
        _ = try ONNXTestFiles.network(root.appendingPathComponent(entry.file))
        #expect(entry.expect != "refuse", "\(entry.file)")
      } catch let error as ModelFileError {
        #expect(entry.expect != "accept", "\(entry.file): \(error)")
        #expect(!error.description.contains { $0.isNewline }, "\(entry.file)")
        #expect(error.description.count < 300, "\(entry.file)")
      }
    }
    #expect(seen > 30)
  }

  @Test(
    .enabled(if: TestData.isWanted),
    arguments: [
      ("nan_weight", "NaN"), ("inf_weight", "infinite"), ("op_tanh", "Tanh is not piecewise linear"),
      ("opset_999", "opset 999"), ("cycle", "cycle"), ("mixed_dtypes", "one type"),
      ("external_path_traversal", "inside the model's folder"), ("declared_2gib", "bytes"),
      ("div_by_zero_constant", "divisor"), ("weight_is_input", "no graph"),
    ])
  func messagesNameTheCause(_ name: String, _ words: String) throws {
    let url = try #require(TestData.folder).appendingPathComponent("bad/\(name).onnx")
    let error = #expect(throws: ModelFileError.self) { try ONNXTestFiles.network(url) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func productsOfInputsAreNotPiecewiseLinear() throws {
    var model = ONNXModelBuilder(input: [1, 1])
    model.node("Mul", ["x", "x"], "y")
    let error = #expect(throws: ModelFileError.self) { try model.network() }
    #expect(error?.description.contains("not piecewise linear") == true)
  }

  @Test func operatorsOfUnknownDomainsAreNotReadByTheirNames() throws {
    var model = ONNXModelBuilder(input: [1, 1])
    model.node("Relu", ["x"], "y", domain: "com.example")
    let error = #expect(throws: ModelFileError.self) { try model.network() }
    #expect(error?.description.contains("not read yet") == true)
  }

  @Test func hugeDeclaredSizesAreRefusedBeforeAllocation() {
    for shape: [Int64] in [[1, 1 << 40], [1 << 32, 1 << 32], [1, .max], [-3, 4]] {
      var model = ONNXModelBuilder(input: shape)
      model.node("Relu", ["x"], "y")
      #expect(throws: ModelFileError.self) { try model.network() }
    }
    var model = ONNXModelBuilder(input: [1, 1])
    model.integers("shape", [1 << 31, 1 << 31])
    model.node("Expand", ["x", "shape"], "y")
    #expect(throws: ModelFileError.self) { try model.network() }
  }

  @Test func denseNormalFormsBeyondTheLimitAreRefused() {
    var model = ONNXModelBuilder(input: [1, 1 << 20])
    model.node("Relu", ["x"], "y")
    let error = #expect(throws: ModelFileError.self) { try model.network() }
    guard case .tooLarge? = error?.cause else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func repeatedSquaringIsCutShort() {
    var model = ONNXModelBuilder(input: [1, 1])
    model.tensor("c0", [1], [1.0 / 3])
    for i in 0..<64 { model.node("Mul", ["c\(i)", "c\(i)"], "c\(i + 1)") }
    model.node("Mul", ["x", "c64"], "y")
    #expect(throws: ModelFileError.self) { try model.network() }
  }

  @Test func weightsBeyondTheRangeOfDoublesAreNotFinite() {
    var model = ONNXModelBuilder(input: [1, 1])
    model.tensor("a", [1], [1e300])
    model.node("Mul", ["x", "a"], "h")
    model.node("Mul", ["h", "a"], "y")
    let error = #expect(throws: ModelFileError.self) { try model.network() }
    guard case .notFinite? = error?.cause else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func recursiveFunctionsAreRefused() {
    var model = ONNXModelBuilder(input: [1, 1])
    model.function(
      "Loop", inputs: ["a"], outputs: ["b"], [ONNXModelBuilder.node("Loop", ["a"], "b", domain: "local")])
    model.node("Loop", ["x"], "y", domain: "local")
    #expect(throws: ModelFileError.self) { try model.network() }
  }

  @Test func unknownAttributesAreRefused() {
    var model = ONNXModelBuilder(input: [1, 1])
    model.node("Relu", ["x"], "y", int: ["surprise": 1])
    #expect(throws: ModelFileError.self) { try model.network() }
  }

  @Test func longChainsNeedNoRecursion() throws {
    var model = ONNXModelBuilder(input: [1, 1])
    model.node("Identity", ["x"], "i0")
    for i in 0..<20_000 { model.node("Identity", ["i\(i)"], "i\(i + 1)") }
    model.node("Identity", ["i20000"], "y")
    #expect(try model.network().widths == [1, 1])
  }

  @Test func recognisesONNX() throws {
    var model = ONNXModelBuilder(input: [1, 1])
    model.node("Relu", ["x"], "y")
    #expect(ONNXReader.looksLikeONNX(try model.model.serializedBytes() as [UInt8]))
    for text in ["", "PK\u{3}\u{4}", "// header", "{\"a\": 1}", "\u{8}"] {
      #expect(!ONNXReader.looksLikeONNX(Array(text.utf8)))
    }
  }
}
