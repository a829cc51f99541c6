import Foundation
import ModelFiles
import Networks
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

  @Test("Inputs on kinks are named, with the neurons that are zero there")
  func kinks() throws {
    try Tool.withFolder { folder in
      let model = folder.appendingPathComponent("model.npz")
      let network = Network(weights: [[[1, 1], [1, -1]], [[1, 2]]], biases: [[-0.75, 0.5], [0]])
      try network.write(to: model)
      let points = folder.appendingPathComponent("points.txt")
      try "1 0\n0.5 0.25\n-1 -1\n".write(to: points, atomically: true, encoding: .utf8)
      let document = try Tool.run("dimension", model.path, "--data", points.path, "--json").document()
      #expect(document["kinks"] as? Int == 1 && document["kinkInputs"] as? [Int] == [1])
      #expect(document["kinkNeurons"] as? [[Int]] == [[1, 0]] && document["differentiable"] as? Bool == true)
      let text = try Tool.run("dimension", model.path, "--data", points.path).output
      #expect(text.contains("inputs 1; exactly zero there: neuron 0 of layer 1 at 1"))
      let numerical = try Tool.run(
        "dimension", model.path, "--data", points.path, "--method", "numerical", "--json"
      ).document()
      #expect(numerical["kinks"] as? Int == 1 && numerical["batch"] as? Int == 2)
    }
  }

  @Test("A neuron that is zero everywhere is named: there is no derivative at all")
  func nowhere() throws {
    try Tool.withFolder { folder in
      let model = folder.appendingPathComponent("model.npz")
      try Network(weights: [[[1, 2], [0, 0]], [[1, 1]]], biases: [[1, 0], [0]]).write(to: model)
      let run = try Tool.run("dimension", model.path)
      #expect(run.output.contains("not differentiable") && run.output.contains("neuron 1 of layer 1 is zero"))
      let document = try Tool.run("dimension", model.path, "--json").document()
      #expect(document["differentiable"] as? Bool == false)
    }
  }

  @Test("--svg and --html draw the ledger, or the singular values")
  func pictures() throws {
    try Tool.withFolder { folder in
      let (svg, html) = (folder.appendingPathComponent("a.svg"), folder.appendingPathComponent("a.html"))
      #expect(try Tool.run("dimension", Example.random, "--svg", svg.path, "--html", html.path).code == 0)
      #expect(
        try String(contentsOf: svg, encoding: .utf8).contains("rescaling: 16 neurons: 16 of 105 parameters"))
      #expect(
        try String(contentsOf: html, encoding: .utf8).contains("<th scope=\"row\">rescaling: 16 neurons</th>")
      )
      let points = folder.appendingPathComponent("points.txt")
      try "1 0\n0 1\n-1 -1\n".write(to: points, atomically: true, encoding: .utf8)
      let run = try Tool.run(
        "dimension", Example.random, "--data", points.path, "--method", "numerical", "--svg", svg.path)
      #expect(run.code == 0)
      #expect(try String(contentsOf: svg, encoding: .utf8).contains("3 above the tolerance"))
      let missing = folder.appendingPathComponent("none/a.svg").path
      #expect(try Tool.run("dimension", Example.random, "--svg", missing).code == 73)
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
