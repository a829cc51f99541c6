import Foundation
import ModelFiles
import Networks
import Testing

@Suite("crease identify")
struct IdentifyTests {
  private static let chained = Network(
    weights: [[[1, 0], [0, 1]], [[1, 1], [-1, -0.5]], [[1, 0.5]]], biases: [[0, 0], [-1, 2], [0.25]])
  private static let minimal = Network(
    weights: [[[1, 0], [0, 1], [1, 1]], [[-1, -1, 0.5], [1, -1, -2]], [[1, -1.5]]],
    biases: [[0, 0, -10], [1, 3], [0]])

  private func withModel(_ network: Network, _ body: (String, URL) throws -> Void) throws {
    try Tool.withFolder { folder in
      let file = folder.appendingPathComponent("model.npz")
      try network.write(to: file)
      try body(file.path, folder)
    }
  }

  @Test("Proved: exit code 0, a verdict, a scope and conditions, and two pictures")
  func proved() throws {
    try withModel(Self.chained) { model, folder in
      let svg = folder.appendingPathComponent("folds.svg").path
      let graph = folder.appendingPathComponent("graph.svg").path
      let run = try Tool.run("identify", model, "--box", "-3,3", "--json", "--svg", svg, "--graph", graph)
      #expect(run.code == 0)
      let document = try run.document()
      #expect(document["command"] as? String == "identify" && document["verdict"] as? String == "proved")
      #expect(document["scope"] as? String == "global")
      let conditions = try #require(document["conditions"] as? [[String: Any]])
      #expect(
        conditions.contains { $0["name"] as? String == "layerwise" && $0["verdict"] as? String == "proved" })
      for file in [svg, graph] {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.hasPrefix("<svg ") && text.contains("layer 2"))
      }
    }
  }

  @Test("Refuted: exit code 1, and the other network is the same function")
  func refuted() throws {
    try withModel(Self.minimal) { model, folder in
      let other = folder.appendingPathComponent("other.npz").path
      let run = try Tool.run("identify", model, "-o", other)
      #expect(run.code == 1 && run.output.contains("not identified globally, proved"))
      #expect(run.output.contains("(1,2)->(2,0)"))
      #expect(try Tool.run("compare", model, other, "--box", "-20,20").code != 1)
    }
  }

  @Test("Undecided: exit code 2, with the reason; wrong usage is told")
  func undecided() throws {
    let opposites = Network(
      weights: [[[1, 0.25], [-1, -0.25], [0.75, -1]], [[1, -0.75, 0.5]]], biases: [[0, 0, -0.25], [0]])
    try withModel(opposites) { model, _ in
      let run = try Tool.run("identify", model)
      #expect(run.code == 2 && run.output.contains("undecided"))
      #expect(try Tool.run("identify", model, "--budget", "0").code == 64)
    }
    try withModel(Self.chained) { model, _ in
      let small = try Tool.run("identify", model, "--box", "-3,3", "--budget", "1")
      #expect(small.output.contains("there are more than 1 activation regions"))
    }
  }

  @Test("Where reading had to round, proofs say that they are about the weights as read")
  func rounded() throws {
    try Tool.withFolder { folder in
      let model = folder.appendingPathComponent("model.nnet").path
      // Weights are divided by a range of three.
      let text = """
        2,2,1,2,
        2,2,1,
        0,
        -1,-1,
        1,1,
        0,0,0,
        3,1,1,
        1,0.5,
        0.25,1,
        0,
        0.5,
        1,-1,
        0,
        """
      try text.write(toFile: model, atomically: true, encoding: .utf8)
      for command in ["identify", "dimension", "symmetries"] {
        let run = try Tool.run(command, model, "--raw-inputs")
        #expect(run.output.contains("rounded when read"), "\(command): \(run.output)")
        let read = try Tool.run(command, model, "--raw-inputs", "--json").document()
        #expect(read["loweringIsExact"] as? Bool == false, "\(command)")
        #expect(
          try Tool.run(command, model, "--json").document()["loweringIsExact"] as? Bool == true, "\(command)")
      }
    }
  }

  private static let small = Network(weights: [[[1, -2], [3, 1]], [[2, -1]]], biases: [[1, -1], [0.5]])

  @Test("From a sample: refuted with another network, then proved with the suggested inputs")
  func sample() throws {
    try withModel(Self.small) { model, folder in
      let data = folder.appendingPathComponent("four.txt")
      let more = folder.appendingPathComponent("more.npz").path
      let other = folder.appendingPathComponent("other.npz").path
      let few = folder.appendingPathComponent("few.txt").path
      try "1 0\n0 2\n-1 1\n2 1\n".write(to: data, atomically: true, encoding: .utf8)
      let run = try Tool.run("identify", model, "--data", data.path, "-o", other, "--subset", few, "--json")
      #expect(run.code == 1)
      let document = try run.document()
      #expect(document["verdict"] as? String == "refuted" && document["scope"] as? String == "local")
      let sample = try #require(document["sample"] as? [String: Any])
      #expect(sample["rank"] as? Int == 4 && sample["identifiedAt"] as? Int == 7)
      #expect(sample["activationRank"] as? Int == 4)
      let changed = try Network(contentsOf: URL(fileURLWithPath: other))
      for input in [[1.0, 0], [0, 2], [-1, 1], [2, 1]] {
        #expect(changed.exactOutputs(at: input) == Self.small.exactOutputs(at: input))
      }
      #expect(changed != Self.small)
      #expect(try String(contentsOfFile: few, encoding: .utf8).split(separator: "\n").count == 4)

      let suggested = try Tool.run("identify", model, "--suggest", "20", "--suggest-out", more)
      #expect(suggested.code == 0 && suggested.output.contains("rank 0 becomes 7 of 7"))
      let proved = try Tool.run("identify", model, "--data", more)
      #expect(proved.code == 0 && proved.output.contains("identified locally, proved"))
      #expect(try Tool.run("identify", model, "--subset", few).code == 64)
      #expect(try Tool.run("identify", model, "--data", data.path, "--minimal", more).code == 64)
    }
  }

  @Test("One hidden layer: the least width is written, and it is the same function")
  func leastWidth() throws {
    let bent = Network(weights: [[[1, 0], [-1, 1], [1, -1]], [[2, 1, -1]]], biases: [[0, 0, 0], [0]])
    try withModel(bent) { model, folder in
      let least = folder.appendingPathComponent("least.npz").path
      let run = try Tool.run("identify", model, "--box", "-1,1", "--minimal", least, "--json")
      #expect(run.code == 1)
      let document = try run.document()
      #expect((document["minimal"] as? [String: Any])?["width"] as? Int == 2)
      #expect(try Network(contentsOf: URL(fileURLWithPath: least)).widths == [2, 2, 1])
      #expect(try Tool.run("compare", model, least, "--box", "-1,1").code == 0)
    }
    try withModel(Self.chained) { model, folder in
      let least = folder.appendingPathComponent("least.npz").path
      let run = try Tool.run("identify", model, "--minimal", least)
      #expect(run.code == 64)
    }
  }
}
