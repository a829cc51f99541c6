import Foundation
import ModelFiles
import Networks
import Testing

@Suite("crease symmetries")
struct SymmetriesTests {
  /// A neuron, its double, and one of its own.
  private static let twins = Network(
    weights: [[[1, 0.25], [2, 0.5], [0.75, -1]], [[1, -0.75, 0.5]]], biases: [[0.125, 0.25, -0.5], [0]])

  /// Calls `body` with the path of a model and a folder.
  private func withModel(_ body: (_ model: String, _ folder: URL) throws -> Void) throws {
    try Tool.withFolder { folder in
      let file = folder.appendingPathComponent("twins.npz")
      try Self.twins.write(to: file)
      try body(file.path, folder)
    }
  }

  @Test("--json names dimensions, mechanisms and directions")
  func document() throws {
    try withModel { model, _ in
      let document = try Tool.run("symmetries", model, "--json").document()
      #expect(document["command"] as? String == "symmetries" && document["schema"] is Int)
      #expect(document["parameters"] as? Int == 13 && document["functionalDimension"] as? Int == 7)
      #expect(document["rescalings"] as? Int == 3 && document["hidden"] as? Int == 3)
      #expect(document["complete"] as? Bool == true && document["proved"] as? Int == 3)
      let mechanisms = try #require(document["mechanisms"] as? [[String: Any]])
      #expect(mechanisms.count == 1 && mechanisms[0]["code"] as? String == "H4")
      #expect(mechanisms[0]["drop"] as? Int == 3)
      let symmetries = try #require(document["symmetries"] as? [[String: Any]])
      #expect(symmetries.count == 3 && symmetries.allSatisfy { $0["scope"] as? String == "allInputs" })
      #expect((document["fiber"] as? [String: Any])?["upperBound"] as? Int == 6)
    }
  }

  @Test("A move along outgoing weights of twins writes another network with the same function")
  func move() throws {
    try withModel { model, folder in
      let other = folder.appendingPathComponent("other.npz").path
      let run = try Tool.run("symmetries", model, "--index", "0", "--step", "0.5", "-o", other, "--json")
      #expect(run.code == 0)
      let move = try #require(try run.document()["move"] as? [String: Any])
      #expect(move["verdict"] as? String == "identical" && move["isRescaling"] as? Bool == false)
      let compared = try Tool.run("compare", model, other, "--json")
      #expect(compared.code == 0)
      #expect(try compared.document()["kind"] as? String == "identical")
    }
  }

  @Test("What no line can do is done along a curve, told as not proved: exit code 2")
  func curve() throws {
    let run = try Tool.run("symmetries", Example.random, "--index", "6", "--step", "0.25", "--json")
    #expect(run.code == 2)
    let move = try #require(try run.document()["move"] as? [String: Any])
    #expect(move["way"] as? String == "curve" && move["verdict"] as? String == "numerical")
    #expect(move["isStandardSymmetry"] as? Bool == false && move["permutations"] == nil)
  }

  @Test("--json tells what training conserves")
  func conserved() throws {
    try withModel { model, _ in
      let fiber = try #require(
        try Tool.run("symmetries", model, "--json").document()["fiber"] as? [String: Any])
      let laws = try #require(fiber["conserved"] as? [String: Any])
      #expect(laws["independent"] as? Int == 3 && laws["upperBound"] as? Int == 6)
      #expect(laws["complete"] as? Bool == false)
      let neurons = try #require(laws["neurons"] as? [[String: Any]])
      // 1² + 0.25² + 0.125² − 1².
      #expect(neurons.count == 3 && neurons[0]["value"] as? Double == 0.078125)
    }
  }

  @Test("A move of half-spaces shows in second order: different, with exit code 1")
  func different() throws {
    try withModel { model, _ in
      let run = try Tool.run("symmetries", model, "--index", "1", "--step", "-0.5")
      #expect(run.code == 1 && run.output.contains("different"))
      #expect(run.output.contains("no curve leaves in this direction"))
    }
  }

  @Test("Wrong usage is told")
  func usage() throws {
    try withModel { model, _ in
      for wrong in [["--step", "1"], ["--index", "3"], ["--budget", "0"]] {
        let run = try Tool.run(["symmetries", model] + wrong)
        #expect(run.code == 64, "\(wrong): \(run.errors)")
      }
    }
  }
}
