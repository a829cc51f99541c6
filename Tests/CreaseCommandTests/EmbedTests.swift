import Foundation
import ModelFiles
import Networks
import Testing

@Suite("crease embed")
struct EmbedTests {
  /// The net N1 of the worked examples.
  private static let example = Network(
    weights: [[[1, -2], [3, 1]], [[2, -1]]], biases: [[1, -1], [0.5]])
  /// The same with neurons multiplied by 2 and 1/2.
  private static let rescaled = Network(
    weights: [[[2, -4], [1.5, 0.5]], [[1, -2]]], biases: [[2, -0.5], [0.5]])

  /// Calls `body` with the paths of a model and its rescaling, and a folder.
  private func withModels(_ body: (_ model: String, _ other: String, _ folder: URL) throws -> Void) throws {
    try Tool.withFolder { folder in
      let file = folder.appendingPathComponent("n1.npz")
      let other = folder.appendingPathComponent("rescaled.npz")
      try Self.example.write(to: file)
      try Self.rescaled.write(to: other)
      try body(file.path, other.path, folder)
    }
  }

  @Test("--json has the paths, and the logarithms of the norms by order")
  func document() throws {
    try withModels { model, _, _ in
      let document = try Tool.run("embed", model, "--norms", "0,1,2,inf,0.5", "--json").document()
      #expect(document["command"] as? String == "embed" && document["schema"] is Int)
      #expect(document["paths"] as? String == "7" && document["nonzeroEntries"] as? String == "7")
      let norms = try #require(document["pathNorm"] as? [String: Double])
      #expect(Set(norms.keys) == ["0", "1", "2", "inf", "0.5"])
      #expect(abs((norms["1"] ?? 0) - log10(13.5)) < 1e-14)
      #expect(abs((norms["2"] ?? 0) - log10(5.937171043518958)) < 1e-14)
      #expect(abs((norms["inf"] ?? 0) - log10(4)) < 1e-14)
    }
  }

  @Test("--paths lists the embedding, on standard output or in a file, up to the limit")
  func paths() throws {
    try withModels { model, _, folder in
      let expected = [
        "path,output,value,exact", "x0 → h1.0,0,2.0,1*2^1", "x0 → h1.1,0,-3.0,-3", "x1 → h1.0,0,-4.0,-1*2^2",
        "x1 → h1.1,0,-1.0,-1", "h1.0,0,2.0,1*2^1", "h1.1,0,1.0,1", "β,0,0.5,1*2^-1", "",
      ].joined(separator: "\n")
      let run = try Tool.run("embed", model, "--paths")
      #expect(run.code == 0 && run.output == expected)
      let file = folder.appendingPathComponent("paths.csv")
      let written = try Tool.run("embed", model, "--paths", "-o", file.path)
      #expect(written.code == 0 && written.output.contains("path norms"))
      #expect(try String(contentsOf: file, encoding: .utf8) == expected)
      let refused = try Tool.run("embed", model, "--paths", "--limit", "6")
      #expect(refused.code == 65 && refused.output.isEmpty && refused.errors.contains("7 paths"))
    }
  }

  @Test("--against tells rescalings, with the exit code, and bounds the rest")
  func against() throws {
    try withModels { model, other, _ in
      let same = try Tool.run("embed", model, "--against", other, "--json")
      #expect(same.code == 0)
      let found = try #require(try same.document()["against"] as? [String: Any])
      #expect(found["verdict"] as? String == "rescaling" && found["embeddingsEqual"] as? Bool == true)
      #expect(found["factors"] as? [[String]] == [["1*2^1", "1*2^-1"]])
      let different = try Tool.run("embed", Example.original, "--against", Example.oneWeight)
      #expect(different.code == 1 && different.output.contains("no rescaling"))
      let shapes = try Tool.run("embed", model, "--against", Example.random)
      #expect(shapes.code == 65 && shapes.errors.contains("2-2-1") && shapes.errors.contains("2-8-8-1"))
    }
  }

  @Test("--data gives the rank of the activations, and --scores the path costs")
  func dataAndScores() throws {
    try withModels { model, other, folder in
      let points = folder.appendingPathComponent("x.txt")
      try Data("1 0\n0 2\n-1 1\n2 1\n".utf8).write(to: points)
      let scores = folder.appendingPathComponent("scores.csv")
      let run = try Tool.run("embed", model, "--data", points.path, "--scores", scores.path, "--json")
      let found = try #require(try run.document()["activations"] as? [String: Any])
      #expect(found["rank"] as? Int == 4 && found["factorizationHolds"] as? Bool == true)
      let table = try String(contentsOf: scores, encoding: .utf8).split(separator: "\n")
      #expect(table.count == 7 && table[0] == "layer,row,source,column,weight,cost,log10Cost,rank")
      #expect(table[5].hasPrefix("2,0,1,0,2.0,8.0,") && table[5].hasSuffix(",1"))
      // Rescaling changes weights, not costs and ranks.
      let moved = folder.appendingPathComponent("moved.csv")
      #expect(try Tool.run("embed", other, "--scores", moved.path).code == 0)
      let costs = try [scores, moved].map { file in
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
          $0.split(separator: ",").suffix(3)
        }
      }
      #expect(costs[0] == costs[1])
    }
  }

  @Test(
    "Wrong usage is told",
    arguments: [
      ["--norms", "-1"], ["--norms", "a"], ["-o", "x.csv"], ["--paths", "--json"], ["--limit", "0"],
      ["--norms", "1,,2"],
    ])
  func usage(_ arguments: [String]) throws {
    #expect(try Tool.run(["embed", Example.random] + arguments).code == 64)
  }
}
