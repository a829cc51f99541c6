import Foundation
import ModelFiles
import Networks
import Testing

@Suite("crease bounds, of classes of networks")
struct ClassBoundsTests {
  @Test("--json has a row for each bound and radius, with what scripts rely on")
  func document() throws {
    let document = try Tool.run(
      "bounds", "--architecture", "2-10-1", "--epsilon", "0.01, 0.1", "--samples", "50", "--json"
    ).document()
    #expect(document["command"] as? String == "bounds" && document["parameterLipschitz"] as? String == "61")
    let rows = try #require(document["rows"] as? [[String: Any]])
    #expect(rows.count == 16)
    func value(_ bound: String, _ epsilon: Double) throws -> Double {
      let row = try #require(
        rows.first { $0["bound"] as? String == bound && $0["epsilon"] as? Double == epsilon })
      #expect(row["reference"] is String && row["formula"] is String)
      return try #require(row["log10CoveringNumber"] as? Double)
    }
    let base = log(10.0)
    #expect(abs(try value("grid", 0.1) * base - 262.95) < 0.005)
    #expect(abs(try value("grid, rows sorted", 0.1) * base - 247.85) < 0.005)
    #expect(abs(try value("Shen, one hidden layer", 0.1) * base - 337.7) < 0.06)
    #expect(try value("grid, rows scaled and sorted", 0.01) < value("grid, rows sorted", 0.01))
    #expect(abs((document["log10VolumeRatio"] as? Double ?? 0) * base + 15.10) < 0.005)
    let estimate = try #require(document["volumeEstimate"] as? [String: Any])
    #expect(estimate["method"] as? String == "splitting" && estimate["samples"] as? Int == 50)
  }

  @Test("The text shows every constant, and warns where factorials may not be divided out")
  func text() throws {
    let text = try Tool.run("bounds", "--architecture", "1-50-1", "--epsilon", "0.5").output
    #expect(text.contains("K = 201") && text.contains("    m       402 "))
    #expect(text.contains("note: biases in order may not be counted as m^n / n!"))
    #expect(text.contains("unchecked"))
    let fine = try Tool.run("bounds", "--architecture", "1-2-1", "--epsilon", "0.001").output
    #expect(!fine.contains("note:"))
  }

  @Test("A model brings its widths, its largest parameter, its box, and its own symmetries")
  func model() throws {
    try Tool.withFolder { folder in
      let file = folder.appendingPathComponent("twins.npz")
      let network = Network(
        weights: [[[1, 2], [3, 6], [1, 0]], [[6, 2, 1]]], biases: [[1, 3, 0], [0]])
      try network.write(to: file)
      let document = try Tool.run("bounds", file.path, "--box=-2,3", "--json").document()
      #expect(document["widths"] as? [Int] == [2, 3, 1])
      #expect(document["radius"] as? String == "3*2^1" && document["inputRadius"] as? String == "3")
      let stabiliser = try #require(document["stabiliser"] as? [String: Any])
      #expect(stabiliser["exact"] as? Bool == true)
      #expect(stabiliser["exchangeable"] as? [[[Int]]] == [[[1, 0], [1, 1]]])
      let text = try Tool.run("bounds", file.path).output
      #expect(text.contains("2 orders change nothing, so 3 networks differ by order alone"))
      let small = try Tool.run("bounds", file.path, "--radius", "5")
      #expect(small.code == 64 && small.errors.contains("a parameter of absolute value 6, beyond --radius 5"))
    }
  }

  @Test("--svg and --html draw the table")
  func figures() throws {
    try Tool.withFolder { folder in
      let (svg, html) = (folder.appendingPathComponent("a.svg"), folder.appendingPathComponent("a.html"))
      let run = try Tool.run(
        "bounds", "--architecture", "1-5-1", "--svg", svg.path, "--html", html.path)
      #expect(run.code == 0 && run.output.contains(svg.path))
      let picture = try String(contentsOf: svg, encoding: .utf8)
      #expect(picture.components(separatedBy: "<circle class=\"dot").count - 1 == 3 * 7)
      #expect(try String(contentsOf: html, encoding: .utf8).contains("<td>unchecked</td>"))
      let refused = try Tool.run("bounds", "--architecture", "1-5-1", "--svg", "/nowhere/a.svg")
      #expect(refused.code == 73)
    }
  }

  @Test("--symmetries counts the orders of parts")
  func symmetries() throws {
    let parts = "64,64*6,128*8,256*12,512*6,stream:256,stream:512,stream:1024,stream:2048"
    let document = try Tool.run("bounds", "--symmetries", parts, "--json").document()
    #expect(abs((document["log10GroupOrder"] as? Double ?? 0) - 25638.3) < 0.06)
    let blocks = try Tool.run("bounds", "--symmetries", "groups:4/2,heads:3x2x1").output
    #expect(blocks.contains("10^1.7") && blocks.contains(" 19 dimensions"))
  }

  @Test(
    "What cannot be asked is told in one line",
    arguments: [
      [], ["--architecture", "2-x"], ["--architecture", "2"], ["--architecture", "2-3-1", "--epsilon", "0"],
      ["--architecture", "2-3-1", "--epsilon", "1e-400"], ["--architecture", "2-3-1", "--radius", "0"],
      ["--architecture", "2-3-1", "--radius", "0x1"], ["--architecture", "2-3-1", "--input-radius", "-1"],
      ["--architecture", "2-3-1", "--data", "x.npz"], ["--architecture", "2-3-1", "--box", "0,1"],
      ["--architecture", "2-3-1", "--samples", "1"], ["--symmetries", "groups:64/7"], ["--symmetries", "5,"],
      ["--symmetries", "5", "--architecture", "2-3-1"], ["--symmetries", "5", "--svg", "a.svg"],
      ["Examples/random_2-8-8-1.npz", "--box", "0,1", "--input-radius", "1"],
      ["Examples/random_2-8-8-1.npz", "--activation-lipschitz", "2"],
    ])
  func refusals(_ arguments: [String]) throws {
    let run = try Tool.run(["bounds"] + arguments)
    #expect(run.code == 64 && run.output.isEmpty && run.errors.hasPrefix("Error: "), "\(arguments)")
  }
}
