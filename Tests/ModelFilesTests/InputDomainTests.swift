import ExactArithmetic
import Foundation
import Networks
import Testing
import _TestSupport

@testable import ModelFiles

@Suite struct InputDomainTests {
  @Test func boxText() throws {
    #expect(try InputDomain.box("-1,0.5", inputs: 2) == .box(.init([Interval(-1, 0.5), Interval(-1, 0.5)])))
    #expect(try InputDomain.box(" 0.1 , 0.1", inputs: 1) == .box(.init([Interval((0.1).nextDown, 0.1)])))
    for text in ["", "1", "1,2,3", "2,1", "a,b", "1,inf", "-1e999,1", "1;2"] {
      #expect(throws: ModelFileError.self) { try InputDomain.box(text, inputs: 2) }
    }
  }

  @Test func boxFile() throws {
    func box(_ text: String) throws -> InputDomain { try InputDomain(boxText: Array(text.utf8), inputs: 2) }
    #expect(try box("# first\n-1 1 # all\r\n\n0.5\t2\n") == .box(.init([Interval(-1, 1), Interval(0.5, 2)])))
    for text in ["-1 1\n", "-1 1\n0 1\n0 1\n", "-1 1 2\n0 1\n", "1 -1\n0 1\n", "a 1\n0 1\n"] {
      #expect(throws: ModelFileError.Cause.self) { try box(text) }
    }
  }

  private func boxes(_ text: String, inputs: Int = 2) throws(ModelFileError.Cause) -> [InputDomain.Box] {
    try VNNLIBParser.boxes(Array(text.utf8), inputs: inputs)
  }

  @Test func property() throws {
    let sides = [Interval(-1.5, 0.1.nextUp.nextDown), Interval(-(1e-3).nextUp, 2)]
    let found = try #require(boxes(Small.vnnlib).first)
    #expect(found.sides[0] == sides[0])
    #expect(
      found.sides[1].contains(-1e-3) && found.sides[1].lower >= sides[1].lower && found.sides[1].upper == 2)
  }

  @Test func alternatives() throws {
    let head = "(declare-const X_0 Real)(declare-const X_1 Real)(declare-const Y_0 Real)"
    let both = "(assert (and (>= X_1 0) (<= X_1 1)))"
    let split = "(assert (or (and (>= X_0 0) (<= 1 Y_0) (<= X_0 1)) (and (>= X_0 4) (<= X_0 5))))"
    #expect(try boxes(head + both + split).map(\.sides[0]) == [Interval(0, 1), Interval(4, 5)])
    // Alternatives that differ in outputs only are one box; empty ones drop out.
    let same = "(assert (or (and (>= X_0 0) (<= X_0 1) (<= Y_0 0)) (and (>= X_0 0) (<= X_0 1) (>= Y_0 9))))"
    #expect(try boxes(head + both + same).count == 1)
    #expect(try boxes(head + both + split + "(assert (<= X_0 2))").map(\.sides[0]) == [Interval(0, 1)])
  }

  @Test(arguments: [
    "", "(", ")", "(assert", "(declare-const X_0 Real)", "(assert (<= X_0 1))",
    "(declare-const X_0 Real)(declare-const X_1 Real)(assert (<= X_0 X_1))",
    "(declare-const X_0 Real)(declare-const X_1 Real)(assert (<= (+ X_0 X_1) 1))",
    "(declare-const X_0 Real)(declare-const X_1 Real)(assert (and (>= X_0 0) (<= X_0 1)))",
    "(declare-const X_0 Real)(declare-const X_1 Real)(assert (and (>= X_0 2) (<= X_0 1)))",
    "(declare-const X_0 Real)(declare-const X_1 Real)(assert (<= X_0 1e999))",
    "(declare-const X_0 Real)(declare-const X_5 Real)",
    "(declare-const X_0 Real)(declare-const X_1 Real)(assert (not (<= X_0 1)))",
  ])
  func refusals(text: String) {
    let error = #expect(throws: ModelFileError.Cause.self) { try boxes(text) }
    #expect(error?.description.contains(where: \.isNewline) == false)
  }

  @Test func deepNestingIsRefused() {
    let head = "(declare-const X_0 Real)(declare-const X_1 Real)(assert "
    refusals(text: head + String(repeating: "(and ", count: 100_000))
    refusals(text: String(repeating: "(", count: 100_000))
  }

  /// Forty conjoined disjunctions have 2^40 alternatives.
  @Test func alternativesAreLimited() {
    let clause = "(assert (or (<= X_0 1) (>= X_1 2)))"
    let text = "(declare-const X_0 Real)(declare-const X_1 Real)" + String(repeating: clause, count: 40)
    #expect(throws: ModelFileError.Cause.self) { try boxes(text) }
  }
}

@Suite(.enabled(if: TestData.isWanted)) struct SharedPropertyTests {
  struct Boxes: Decodable {
    struct Property: Decodable { let normalised: [[[Double]]] }
    let properties: [String: Property]
  }

  @Test func acasProperties() throws {
    let folder = try #require(TestData.folder).appendingPathComponent("acasxu/prop")
    let data = try Data(contentsOf: folder.appendingPathComponent("boxes.json"))
    let expected = try JSONDecoder().decode(Boxes.self, from: data).properties
    #expect(expected.count == 10)
    for (name, property) in expected {
      let url = folder.appendingPathComponent("prop_\(name).vnnlib")
      let boxes = try InputDomain.vnnlibBoxes(contentsOf: url, inputs: 5)
      #expect(boxes.count == property.normalised.count)
      for (box, sides) in zip(boxes, property.normalised) {
        for (side, ends) in zip(box.sides, sides) {
          // The JSON numbers are the nearest doubles of the same decimals.
          #expect(side.lower == ends[0] || side.lower == ends[0].nextDown)
          #expect(side.upper == ends[1] || side.upper == ends[1].nextUp)
        }
      }
      if boxes.count == 1 {
        #expect(try InputDomain(vnnlib: url, inputs: 5) == .box(boxes[0]))
      } else {
        #expect(throws: ModelFileError.self) { try InputDomain(vnnlib: url, inputs: 5) }
      }
    }
  }

  @Test func competitionProperties() throws {
    let folder = try #require(TestData.folder).appendingPathComponent("nets/vnncomp_test")
    for name in ["nano", "tiny", "small"] {
      let url = folder.appendingPathComponent("test_\(name)_vnncomp.vnnlib")
      #expect(try InputDomain(vnnlib: url, inputs: 1) == .box(.init([Interval(-1, 1)])))
    }
  }
}
