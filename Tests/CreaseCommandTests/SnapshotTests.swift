import Foundation
import Testing

/// Texts for people, word for word.
///
/// `CREASE_RECORD=1` writes them anew and fails the run.
@Suite("Texts")
struct SnapshotTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Snapshots")

  private func expect(_ text: String, is name: String) throws {
    let file = Self.folder.appendingPathComponent("\(name).txt")
    if ProcessInfo.processInfo.environment["CREASE_RECORD"] == "1" {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
      Issue.record("recorded \(name)")
    } else {
      let recorded = try String(contentsOf: file, encoding: .utf8)
      #expect(text == recorded, "\(name)")
    }
  }

  /// The text with every number that a search found replaced: they may differ between processors.
  private func masked(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      let isFound = ["  at x", "  A(x)", "  B(x)", "different: "].contains { line.hasPrefix($0) }
      return isFound ? String(line).replacing(/-?\d+(\.\d+)?(e-?\d+)?(?=[ ,]|$)/, with: "#") : String(line)
    }.joined(separator: "\n")
  }

  @Test(
    "Help",
    arguments: [
      "", "compare", "verify", "inspect", "canonicalize", "disguise", "convert", "regions", "dimension",
      "symmetries",
      "census", "identify", "construct", "embed", "reduce", "bounds",
    ])
  func help(_ command: String) throws {
    let run = command.isEmpty ? try Tool.run("--help") : try Tool.run(command, "--help")
    #expect(run.code == 0 && run.errors.isEmpty)
    try expect(run.output, is: command.isEmpty ? "help" : "help-\(command)")
  }

  @Test("Comparisons")
  func comparisons() throws {
    try expect(Tool.run("compare", Example.original, Example.disguised).output, is: "compare-identical")
    try expect(
      masked(Tool.run("compare", Example.original, Example.oneWeight).output), is: "compare-different")
    let box = try Tool.run(
      "compare", Example.original, Example.oneWeight, "--box", "-0.5,0.5", "--epsilon", "1e-6")
    try expect(masked(box.output), is: "compare-different-on-box")
  }

  @Test("Inspections")
  func inspections() throws {
    try expect(Tool.run("inspect", Example.original).output, is: "inspect-original")
    try expect(Tool.run("inspect", Example.disguised).output, is: "inspect-disguised")
  }

  @Test("Regions")
  func regions() throws {
    try expect(
      Tool.run("regions", Example.original, "--box", "-0.1,0.1", "--axes", "0,1").output, is: "regions-slice")
  }

  @Test("Dimensions")
  func dimensions() throws {
    try expect(Tool.run("dimension", Example.random).output, is: "dimension")
  }

  @Test("Failures")
  func failures() throws {
    try expect(Tool.run("inspect", "missing.onnx").errors, is: "error-no-such-file")
    try expect(Tool.run("compare", Example.original).errors, is: "error-usage")
  }
}
