import Foundation
import Testing

@Suite("crease study")
struct StudyTests {
  private static let small = [
    "study", "width", "--widths", "2,4", "--runs", "3", "--samples", "60", "--target", "0.6", "--steps",
    "100",
  ]

  private func run(_ folder: URL, _ more: String...) throws -> Tool.Run {
    try Tool.run(StudyTests.small + ["-o", folder.path] + more)
  }

  private func text(_ folder: URL, _ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
  }

  @Test("Table, CSV, figure and page are written; a rerun trains nothing and writes the same")
  func whole() throws {
    try Tool.withFolder { folder in
      let (one, two) = (folder.appendingPathComponent("one"), folder.appendingPathComponent("two"))
      let first = try run(one, "--threads", "1")
      #expect(first.code == 0 && first.errors.isEmpty)
      #expect(first.output.contains("tied neurons") && first.output.contains("ln 1/∏ d!"))
      let names = ["table.csv", "runs.csv", "width.svg", "width.html"]
      let contents = try names.map { try text(one, $0) }
      #expect(contents[0].split(separator: "\n").count == 1 + 2 + 1 + 1 + 2)
      #expect(contents[1].split(separator: "\n").count == 1 + 3 * (4 + 14))
      #expect(contents[2].hasPrefix("<svg") && contents[3].contains("<table>"))
      let again = try run(one)
      #expect(again.output == first.output)
      #expect(try names.map { try text(one, $0) } == contents)
      #expect(try run(two, "--threads", "2").code == 0)
      #expect(try names.map { try text(two, $0) } == contents)
      let document = try run(one, "--json").document()
      #expect(document["command"] as? String == "study width")
      #expect((document["widths"] as? [[String: Any]])?.first?["width"] as? Int == 2)
    }
  }

  @Test("A torn last line is trained again; other settings and damaged files are refused in one line")
  func resume() throws {
    try Tool.withFolder { folder in
      _ = try run(folder)
      let whole = try text(folder, "runs.csv")
      let file = folder.appendingPathComponent("runs.jsonl")
      let lines = try Data(contentsOf: file).split(separator: 10)
      try (lines[0] + Data([10]) + lines[1].prefix(50)).write(to: file)
      #expect(try run(folder).code == 0)
      #expect(try text(folder, "runs.csv") == whole)
      // More widths and runs go on from what is there.
      #expect(try run(folder, "--runs", "4").code == 0)
      let other = try run(folder, "--rate", "0.5")
      #expect(other.code == 65 && other.errors.contains("at rate 0.02"))
      try Data("{}\n".utf8).write(to: file)
      let damaged = try run(folder)
      #expect(damaged.code == 65 && damaged.errors.contains("line 1 is no record of a width study"))
      #expect(try run(URL(fileURLWithPath: "/dev/null/x")).code == 73)
    }
  }

  @Test("Wrong usage and wrong data say what is expected")
  func refused() throws {
    try Tool.withFolder { folder in
      for more in [
        ["--widths", "4,x"], ["--controls", "sorted"], ["--momentum", "0.9", "--optimiser", "adam"],
        ["--runs", "0"], ["--target", "0"],
      ] { #expect(try Tool.run(StudyTests.small + ["-o", folder.path] + more).code == 64, "\(more)") }
      let missing = try run(folder, "--data", folder.appendingPathComponent("none.npz").path)
      #expect(missing.code == 66)
      let network = try run(folder, "--data", "Examples/random_2-8-8-1.npz")
      #expect(network.code == 65 && network.errors.contains("expected one of numbers named x"))
    }
  }

  @Test("Ctrl-C leaves whole lines that the next run goes on with", .timeLimit(.minutes(1)))
  func interrupted() throws {
    try Tool.withFolder { folder in
      let out = folder.appendingPathComponent("out")
      let file = out.appendingPathComponent("runs.jsonl")
      let arguments = StudyTests.small + ["-o", out.path]
      let run = try Tool.interrupt(arguments + ["--runs", "20000"], in: folder, once: file)
      #expect(run.code == 130 && !run.wasSignalled && run.output.isEmpty)
      #expect(run.errors == "crease: interrupted\n")
      let before = try Data(contentsOf: file)
      #expect(before.last == 10)
      #expect(try Tool.run(arguments).code == 0)
      #expect(try Data(contentsOf: file).prefix(before.count) == before)
    }
  }

  @Test("A balanced network is proved identical to the one it comes from")
  func balanced() throws {
    try Tool.withFolder { folder in
      let model = "Examples/acasxu_1_1.onnx"
      let out = folder.appendingPathComponent("balanced.onnx").path
      let run = try Tool.run(["canonicalize", model, "-o", out, "--enorm", "--exact"])
      #expect(run.code == 0 && run.output.contains("exactly: scales are powers of two"))
      let compared = try Tool.run(["compare", model, out])
      #expect(compared.code == 0 && compared.output.hasPrefix("identical"))
      let document = try Tool.run(["canonicalize", model, "-o", out, "--enorm", "--json"]).document()
      let before = try #require(document["energyBefore"] as? Double)
      let after = try #require(document["energyAfter"] as? Double)
      #expect(after < before && document["exact"] as? Bool == false)
    }
  }
}
