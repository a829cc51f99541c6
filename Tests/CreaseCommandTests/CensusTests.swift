import Foundation
import Testing

@Suite("crease census")
struct CensusTests {
  private static let small = ["census", "--architectures", "2-3-2-1", "--networks", "5", "--seed", "3"]

  private func run(_ folder: URL, _ more: String...) throws -> Tool.Run {
    try Tool.run(CensusTests.small + ["-o", folder.path] + more)
  }

  private func text(_ folder: URL, _ name: String) throws -> String {
    String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
  }

  /// The records of a file by index, without their times.
  private func records(_ folder: URL, _ name: String) throws -> [Int: NSDictionary] {
    var found: [Int: NSDictionary] = [:]
    for line in try text(folder, name).split(separator: "\n") {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
      var record = try #require(object as? [String: Any])
      record["seconds"] = nil
      let index = try #require(record["index"] as? Int)
      #expect(found[index] == nil)
      found[index] = record as NSDictionary
    }
    return found
  }

  @Test("Table, CSV, SVG and page are written; a rerun measures nothing and writes the same")
  func whole() throws {
    try Tool.withFolder { folder in
      let first = try run(folder, "--threads", "1")
      #expect(first.code == 0 && first.errors.isEmpty)
      #expect(first.output.contains("2-3-2-1") && first.output.contains("census.html"))
      let names = ["census.jsonl", "census.csv", "census.svg", "census.html", "census-1of1.jsonl"]
      let contents = try names.map { try text(folder, $0) }
      #expect(contents[1].split(separator: "\n").count == 2)
      #expect(contents[2].hasPrefix("<svg") && contents[3].contains("<table>"))
      #expect(!contents[3].contains("http://") || !contents[3].contains("src="))
      let again = try run(folder)
      #expect(again.output == first.output)
      #expect(try names.map { try text(folder, $0) } == contents)
    }
  }

  @Test("Shards merge to the whole, whatever the number of threads")
  func shards() throws {
    try Tool.withFolder { folder in
      let (whole, parts) = (folder.appendingPathComponent("whole"), folder.appendingPathComponent("parts"))
      #expect(try run(whole, "--threads", "2").code == 0)
      let runs = try (1...3).map { try run(parts, "--shard", "\($0)/3", "--threads", "\($0)") }
      #expect(runs.allSatisfy { $0.code == 0 })
      #expect(runs[0].output.contains("3 of 5 networks are still missing"))
      #expect(runs[2].output.contains("census.csv"))
      #expect(try records(parts, "census.jsonl") == records(whole, "census.jsonl"))
      for name in ["census.csv", "census.svg", "census.html"] {
        #expect(try text(parts, name) == text(whole, name))
      }
      let merged = try run(parts, "--merge", "--json")
      let document = try merged.document()
      #expect(document["command"] as? String == "census" && document["missing"] as? Int == 0)
      #expect((document["architectures"] as? [[String: Any]])?.first?["networks"] as? Int == 5)
      try FileManager.default.removeItem(at: parts.appendingPathComponent("census-2of3.jsonl"))
      let incomplete = try run(parts, "--merge")
      #expect(incomplete.code == 66 && incomplete.errors.contains("2 of 5 networks are missing"))
    }
  }

  @Test("A torn last line is dropped and measured again; the whole lines are kept")
  func resume() throws {
    try Tool.withFolder { folder in
      _ = try run(folder)
      let whole = try records(folder, "census.jsonl")
      let file = folder.appendingPathComponent("census-1of1.jsonl")
      let bytes = try Data(contentsOf: file)
      let lines = bytes.split(separator: 10)
      let kept = lines[0] + Data([10]) + lines[1] + Data([10])
      try (kept + lines[2].prefix(40)).write(to: file)
      #expect(try run(folder).code == 0)
      #expect(try Data(contentsOf: file).prefix(kept.count) == kept)
      #expect(try records(folder, "census-1of1.jsonl") == whole)
      #expect(try records(folder, "census.jsonl") == whole)
    }
  }

  @Test("Other settings and damaged files are refused in one line")
  func refused() throws {
    try Tool.withFolder { folder in
      _ = try run(folder)
      let other = try run(folder, "--bias-deviation", "1")
      #expect(other.code == 65 && other.errors.contains("bias deviation 0.1"))
      let file = folder.appendingPathComponent("census-1of1.jsonl")
      try Data("{}\n".utf8).write(to: file)
      let damaged = try run(folder)
      #expect(damaged.code == 65 && damaged.errors.contains("line 1 is no record"))
      #expect(try Tool.run(CensusTests.small + ["-o", "/dev/null/x"]).code == 73)
      #expect(try run(folder.appendingPathComponent("none"), "--merge").code == 66)
    }
  }

  @Test("Ctrl-C leaves whole lines that the next run goes on with", .timeLimit(.minutes(1)))
  func interrupted() throws {
    try Tool.withFolder { folder in
      let out = folder.appendingPathComponent("out")
      let file = out.appendingPathComponent("census-1of1.jsonl")
      let arguments = ["census", "--architectures", "2-3-2-1", "--seed", "3", "-o", out.path]
      let run = try Tool.interrupt(arguments + ["--networks", "20000"], in: folder, once: file)
      #expect(run.code == 130 && !run.wasSignalled && run.output.isEmpty)
      #expect(run.errors == "crease: interrupted\n")
      let before = try Data(contentsOf: file)
      #expect(before.last == 10)
      #expect(try Tool.run(arguments + ["--networks", "5"]).code == 0)
      #expect(try Data(contentsOf: file).prefix(before.count) == before)
      let fresh = folder.appendingPathComponent("fresh")
      _ = try self.run(fresh)
      #expect(try records(out, "census.jsonl") == records(fresh, "census.jsonl"))
    }
  }

  @Test(
    "Usage is checked first",
    arguments: [
      [], ["--architectures", "5"], ["--architectures", "5-x-1"], ["--architectures", "5-0-1"],
      ["--widths", "5"], ["--widths", "5", "--depths", "0"], ["--architectures", "2-1", "--networks", "0"],
      ["--architectures", "2-1", "--shard", "3/2"], ["--architectures", "2-1", "--shard", "0/2"],
      ["--architectures", "2-1", "--bias-deviation", "nan"], ["--architectures", "2-1", "--init", "xavier"],
      ["--architectures", "2-1", "--budget", "0"], ["--architectures", "2-1", "--threads", "0"],
    ])
  func usage(_ arguments: [String]) throws {
    let run = try Tool.run(["census", "-o", "/dev/null/x"] + arguments)
    #expect(run.code == 64 && run.output.isEmpty && !run.errors.isEmpty)
  }

  @Test("A grid has inputs and hidden layers of one width, and one output")
  func grid() throws {
    try Tool.withFolder { folder in
      let run = try Tool.run([
        "census", "--widths", "2,3", "--depths", "1,2", "--networks", "2", "--init", "uniform", "--json",
        "-o",
        folder.path,
      ])
      let shapes = try run.document()["architectures"] as? [[String: Any]] ?? []
      #expect(shapes.map { $0["architecture"] as? [Int] } == [[2, 1], [2, 2, 1], [3, 1], [3, 3, 1]])
      #expect(shapes.first?["full"] as? Int == 2)
    }
  }
}
