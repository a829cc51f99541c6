import Foundation
import Networks
import Testing

@testable import ModelFiles

@Suite("crease bounds of a trained network")
struct ModelBoundsTests {
  /// Two classes by the signs of x₀ and x₁; spectral norms 5 and 1.
  private static let example = Network(
    weights: [[[3, 4], [-4, 3]], [[1, 0], [0, 1]]], biases: [[0, 0], [0, 0]])
  private static let pruned = Network(
    weights: [[[3, 4], [-4, 0]], [[1, 0], [0, 1]]], biases: [[0, 0], [0, 0]])

  private func withModels(_ body: (_ model: String, _ other: String, _ folder: URL) throws -> Void) throws {
    try Tool.withFolder { folder in
      let file = folder.appendingPathComponent("net.npz")
      let other = folder.appendingPathComponent("pruned.npz")
      try Self.example.write(to: file)
      try Self.pruned.write(to: other)
      try body(file.path, other.path, folder)
    }
  }

  private func write(_ text: String, _ name: String, in folder: URL) throws -> String {
    let file = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  @Test("--json has the norms between bounds, and path norms")
  func document() throws {
    try withModels { model, _, _ in
      let document = try Tool.run("bounds", model, "--json").document()
      let network = try #require(document["network"] as? [String: Any])
      let norms = try #require(network["norms"] as? [[String: Any]])
      let upper = norms.compactMap { $0["spectralUpper"] as? Double }
      let lower = norms.compactMap { $0["spectralLower"] as? Double }
      for (norm, (low, high)) in zip([5.0, 1], zip(lower, upper)) {
        #expect(low <= norm && norm <= high && high - low < 1e-11)
      }
      let paths = try #require(network["pathNorms"] as? [[String: Any]])
      #expect(paths.compactMap { $0["q"] as? Double } == [1, 2, 4, 8, 16])
      #expect(abs((paths[0]["log10Upper"] as? Double ?? 0) - log10(14)) < 1e-14)
      #expect(network["sample"] == nil && network["difference"] == nil)
    }
  }

  @Test("--data takes margins from labels: given, beside the inputs, or none")
  func sample() throws {
    try withModels { model, _, folder in
      let data = try write("1 0\n0 2\n-1 0\n", "x.txt", in: folder)
      let labels = try write("0\n0 # first\n1\n", "y.txt", in: folder)
      let network = try #require(
        try Tool.run("bounds", model, "--data", data, "--labels", labels, "--json").document()["network"]
          as? [String: Any])
      let sample = try #require(network["sample"] as? [String: Any])
      // Outputs (3, 0), (8, 6), (0, 4): margins 3, 2, 4.
      #expect(sample["margin"] as? Double == 2 && sample["errorRate"] as? Double == 0)
      let text = try Tool.run("bounds", model, "--data", data, "--labels", labels)
      #expect(text.code == 0)
      for name in ["Bartlett-Foster-Telgarsky 2017", "Gouk-Hospedales-Pontil 2021", "path norm, sharpened"] {
        #expect(text.output.contains(name), "\(name)")
      }
      let quantile = try Tool.run("bounds", model, "--data", data, "--labels", labels, "--quantile", "0.5")
      #expect(quantile.output.contains("margin               3, quantile 0.5 of the data"))
      let none = try Tool.run("bounds", model, "--data", data)
      #expect(none.output.contains("no labels") && none.output.contains("left out"))
      #expect(!none.output.contains("Bartlett") && none.output.contains("Golowich"))
    }
  }

  @Test("A sample that is misclassified has no margin: bounds of the ramp loss are refused, and it says why")
  func negativeMargin() throws {
    try withModels { model, _, folder in
      let data = try write("1 0\n0 2\n", "x.txt", in: folder)
      let labels = try write("1\n0\n", "y.txt", in: folder)
      let run = try Tool.run("bounds", model, "--data", data, "--labels", labels)
      #expect(run.code == 0 && run.output.contains("margin               -3, the smallest on the data"))
      #expect(run.output.contains("is not positive") && !run.output.contains("Lin-Zhang"))
      let given = try Tool.run("bounds", model, "--data", data, "--margin", "1")
      #expect(given.output.contains("margin               1, as given") && given.output.contains("Lin-Zhang"))
    }
  }

  @Test("--against bounds the difference, each bound above what was seen")
  func against() throws {
    try withModels { model, other, _ in
      let network = try #require(
        try Tool.run("bounds", model, "--against", other, "--box", "0,1", "--budget", "100", "--json")
          .document()["network"] as? [String: Any])
      let difference = try #require(network["difference"] as? [String: Any])
      let seen = try #require(difference["seen"] as? Double)
      // relu(−4x + 3y) − relu(−4x) is largest at (0, 1).
      #expect(seen > 2.9 && seen <= 3)
      #expect(try #require(difference["upperBound"] as? Double) >= 3)
      let bounds = try #require(difference["bounds"] as? [String: Double])
      #expect(bounds.count == 5 && bounds.values.allSatisfy { $0 >= log10(seen) })
    }
  }

  @Test("Files that do not fit are one clear line")
  func refusals() throws {
    try withModels { model, _, folder in
      let data = try write("1 0\n0 2\n", "x.txt", in: folder)
      let short = try write("1\n", "y.txt", in: folder)
      let wrong = try write("1\n7\n", "z.txt", in: folder)
      for (arguments, words) in [
        (["--data", data, "--labels", short], "2 labels"), (["--data", data, "--labels", wrong], "label 7"),
        (["--data", folder.appendingPathComponent("none.txt").path], "none.txt"),
      ] {
        let run = try Tool.run(["bounds", model] + arguments)
        #expect(run.code == 65 || run.code == 66, "\(arguments)")
        #expect(run.output.isEmpty && run.errors.contains(words), "\(run.errors)")
      }
      let usage = try Tool.run("bounds", model, "--quantile", "1")
      #expect(usage.code == 64)
      let wide = folder.appendingPathComponent("wide.npz")
      try Network(weights: [[[1, 1]], [[1], [1]]], biases: [[0], [0, 0]]).write(to: wide)
      let initial = try Tool.run("bounds", model, "--initial", wide.path)
      #expect(initial.code == 65 && initial.errors.contains("initial weights have widths"))
      let run = try Tool.run("bounds", model, "--against", wide.path)
      #expect(run.code == 0 && run.output.contains("none, as widths"))
    }
  }
}
