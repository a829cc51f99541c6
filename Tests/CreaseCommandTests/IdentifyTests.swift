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
}
