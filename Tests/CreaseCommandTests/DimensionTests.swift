import Foundation
import Testing

@Suite("crease dimension")
struct DimensionTests {
  @Test("--json has the fields that scripts rely on")
  func document() throws {
    let document = try Tool.run("dimension", Example.random, "--json").document()
    #expect(document["parameters"] as? Int == 105 && document["hiddenNeurons"] as? Int == 16)
    #expect(document["lowerBound"] as? Int == 82 && document["upperBound"] as? Int == 82)
    #expect(document["functionalDimension"] as? Int == 82)
    #expect(document["batch"] == nil && document["allRegions"] as? Bool == true)
    #expect(document["command"] as? String == "dimension" && document["schema"] is Int)
  }

  @Test("At given inputs, proved and numerical")
  func batch() throws {
    try Tool.withFolder { folder in
      let points = folder.appendingPathComponent("points.txt")
      // Three inputs give three rows, independent where the network is not constant.
      try "1 0\n0 1\n-1 -1\n".write(to: points, atomically: true, encoding: .utf8)
      let proved = try Tool.run("dimension", Example.random, "--data", points.path, "--json").document()
      #expect(proved["batch"] as? Int == 3 && proved["functionalDimension"] as? Int == 3)
      let numerical = try Tool.run(
        "dimension", Example.random, "--data", points.path, "--method", "numerical", "--json"
      ).document()
      #expect(numerical["numericalRank"] as? Int == 3 && numerical["tolerance"] is Double)
      #expect(numerical["functionalDimension"] == nil)
    }
  }

  @Test("The same for any number of threads")
  func threads() throws {
    let runs = try ["1", "2", "3"].map { try Tool.run("dimension", Example.random, "--threads", $0).output }
    #expect(Set(runs).count == 1)
  }

  @Test(
    "64: usage",
    arguments: [
      ["--budget", "0"], ["--threads", "0"], ["--method", "numerical"], ["--method", "magic"],
      ["--data", "x.txt", "--box", "0,1"],
    ])
  func usage(_ arguments: [String]) throws {
    let run = try Tool.run(["dimension", Example.random] + arguments)
    #expect(run.code == 64 && run.output.isEmpty && !run.errors.isEmpty)
  }

  @Test("65 and 66: points that do not fit, and none")
  func badPoints() throws {
    try Tool.withFolder { folder in
      let points = folder.appendingPathComponent("points.txt")
      try "1 0 3\n".write(to: points, atomically: true, encoding: .utf8)
      let run = try Tool.run("dimension", Example.random, "--data", points.path)
      #expect(run.code == 65 && run.errors.contains("line 1") && run.errors.contains("2 numbers"))
    }
    #expect(try Tool.run("dimension", Example.random, "--data", "missing.txt").code == 66)
  }
}
