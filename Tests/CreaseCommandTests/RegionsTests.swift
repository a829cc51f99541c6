import Foundation
import ModelFiles
import Networks
import Testing

@Suite("crease regions")
struct RegionsTests {
  /// |x0| + |x1|, and the smaller of the two.
  private static let diamond = Network(
    weights: [
      [[1, 0], [-1, 0], [0, 1], [0, -1], [1, -1]], [[1, 1, 1, 1, 0], [0, 0, 0, 0, -1]],
    ], biases: [[0, 0, 0, 0, 0], [0, 0]], storage: .float32)

  /// Calls `body` with the path of a model and a folder.
  private func withModel(_ body: (_ model: String, _ folder: URL) throws -> Void) throws {
    try Tool.withFolder { folder in
      let file = folder.appendingPathComponent("diamond.npz")
      try Self.diamond.write(to: file)
      try body(file.path, folder)
    }
  }

  @Test("--json has the fields that scripts rely on")
  func document() throws {
    try withModel { model, _ in
      let document = try Tool.run("regions", model, "--box", "-2,2", "--json", "--neurons").document()
      // Two lines through the origin and a diagonal; the twins of both signs share their lines.
      #expect(document["activationRegions"] as? Int == 6)
      #expect(document["linearRegions"] as? Int == 6)
      #expect(document["walls"] as? Int == 6)
      #expect(document["hiddenWalls"] as? Int == 0)
      #expect(document["vertices"] as? Int == 9)
      #expect(document["fVector"] as? [Int] == [9, 14, 6])
      #expect(document["eulerCharacteristic"] as? Int == 1)
      #expect(document["exact"] as? Bool == true)
      #expect(document["exactPredicates"] is Int)
      #expect(document["command"] as? String == "regions" && document["schema"] is Int)
    }
  }

  @Test("--count, both algorithms and all of space agree")
  func counting() throws {
    try withModel { model, _ in
      for more in [
        ["--algorithm", "vertices"], ["--algorithm", "programs"], ["--everywhere"], ["--threads", "1"],
      ] {
        let document = try Tool.run(["regions", model, "--count", "--json"] + more).document()
        #expect(document["activationRegions"] as? Int == 6, "\(more)")
        #expect(document["unboundedRegions"] as? Int == 6, "\(more)")
        #expect(document["linearRegions"] == nil, "\(more)")
      }
    }
  }

  @Test("Topology of a level set and of decision regions")
  func topology() throws {
    try withModel { model, _ in
      let document = try Tool.run(
        "regions", model, "--box", "-2,2", "--level", "1", "--classes", "--json"
      ).document()
      let sets = try #require(document["topology"] as? [[String: Any]])
      let numbers = Dictionary(
        uniqueKeysWithValues: sets.map { ($0["set"] as? String ?? "", $0["bettiNumbers"] as? [Int] ?? []) })
      #expect(numbers["output 0 = 1.0"] == [1, 1])
      #expect(numbers["output 0 <= 1.0"] == [1, 0])
      #expect(numbers["output 0 >= 1.0"] == [1, 1])
      #expect(numbers["output 0 largest"] == [1, 0])
    }
  }

  @Test("Pictures, meshes and tables are written, and named")
  func files() throws {
    try withModel { model, folder in
      let formats = ["svg", "html", "csv", "vtu", "ply", "complex"]
      let paths = formats.map { folder.appendingPathComponent("out.\($0)").path }
      let options = zip(formats, paths).flatMap { ["--\($0)", $1] }
      let run = try Tool.run(["regions", model, "--box", "-2,2", "--level", "1"] + options)
      #expect(run.code == 0 && run.errors.isEmpty)
      for path in paths {
        #expect(run.output.contains("written             \(path)"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count > 200, "\(path)")
      }
      let table = try String(contentsOfFile: paths[2], encoding: .utf8)
      #expect(table.split(separator: "\n").count == 7)
    }
  }

  @Test("Slices: by axes, through points, along directions")
  func slices() throws {
    try withModel { model, folder in
      let points = folder.appendingPathComponent("points.txt")
      try "0 0 # the origin\n1, 0\n0 1\n".write(to: points, atomically: true, encoding: .utf8)
      let line = try Tool.run("regions", model, "--box", "-2,2", "--axes", "1", "--json").document()
      #expect(line["activationRegions"] as? Int == 2)
      for more in [[], ["--directions"]] {
        let plane = try Tool.run(["regions", model, "--slice", points.path, "--json"] + more).document()
        #expect(plane["activationRegions"] as? Int == 6)
      }
      let cut = try Tool.run("regions", model, "--slice", points.path, "--box", "0,1", "--json").document()
      #expect(cut["activationRegions"] as? Int == 2)
      let flat = try Tool.run("regions", model, "--slice", points.path, "--rows", "0,1,1")
      #expect(flat.code == 65 && flat.errors.contains("do not span"))
    }
  }

  @Test(
    "64: usage",
    arguments: [
      ["--axes", "0,5"], ["--axes", "0,0"], ["--rows", "1"], ["--limit", "0"], ["--threads", "0"],
      ["--count", "--svg", "x.svg"], ["--axes", "0", "--svg", "x.svg"], ["--output", "2"],
      ["--boundary", "0,0"], ["--level", "nan"], ["--algorithm", "magic"], ["--count", "--level", "0"],
    ])
  func usage(_ arguments: [String]) throws {
    try withModel { model, _ in
      let run = try Tool.run(["regions", model, "--box", "-1,1"] + arguments)
      #expect(run.code == 64 && run.output.isEmpty && !run.errors.isEmpty)
    }
  }

  @Test("2: more regions than allowed")
  func limit() throws {
    let run = try Tool.run(
      "regions", Example.original, "--box", "-0.5,0.5", "--axes", "0,1", "--count", "--limit", "100")
    #expect(run.code == 2 && run.output.isEmpty && run.errors.contains("more than 100"))
  }

  @Test("130: Ctrl-C stops a long count, without a result")
  func interrupted() throws {
    try Tool.withFolder { folder in
      let process = try Tool.process(["regions", Example.original, "--box", "-1,1", "--count"], in: folder)
      try Tool.start(process)
      Thread.sleep(forTimeInterval: 1)
      try #require(process.isRunning, "the count must take longer than this test waits")
      process.interrupt()
      let run = try Tool.finish(process, in: folder)
      #expect(run.code == 130 && !run.wasSignalled && run.output.isEmpty)
      #expect(run.errors == "crease: interrupted\n")
    }
  }
}
