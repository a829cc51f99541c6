import Foundation
import ModelFiles
import Networks
import Testing

@Suite("crease reduce")
struct ReduceTests {
  /// On [0,1]²: neuron 0 is active, 1 bends, 2 is never active, 3 is twice neuron 1.
  private static let example = Network(
    weights: [[[1, 1], [1, -1], [-1, -1], [2, -2]], [[1, 1, 1, 0.5]]], biases: [[1, 0, -0.5, 0], [0]],
    storage: .float32)

  @Test("--json has the neurons before and after, and the certificate is accepted")
  func document() throws {
    try Tool.withFolder { folder in
      let model = folder.appendingPathComponent("model.npz")
      try Self.example.write(to: model)
      let (smaller, proof) = (
        folder.appendingPathComponent("smaller.onnx").path, folder.appendingPathComponent("proof.json").path
      )
      let document = try Tool.run(
        "reduce", model.path, "-o", smaller, "--box", "0,1", "--certificate", proof, "--json"
      ).document()
      #expect(document["command"] as? String == "reduce" && document["schema"] is Int)
      #expect(
        document["hiddenNeuronsBefore"] as? Int == 4 && document["hiddenNeuronsAfter"] as? Int == 2)
      #expect(document["epsilon"] as? Double == 0)
      let layers = try #require(document["layers"] as? [[String: Int]])
      #expect(layers.count == 1 && layers[0]["inactive"] == 1 && layers[0]["twins"] == 1)
      #expect(try Tool.run("verify", proof, model.path, smaller).code == 0)
      let text = try Tool.run("reduce", model.path, "-o", smaller, "--box", "0,1")
      #expect(text.code == 0 && text.output.hasPrefix("identical: the same function on the box, proved"))
    }
  }

  @Test("Bad input has its exit code, and leaves the output as it was")
  func failures() throws {
    try Tool.withFolder { folder in
      let model = folder.appendingPathComponent("model.npz")
      try Self.example.write(to: model)
      let output = folder.appendingPathComponent("out.npz")
      #expect(try Tool.run("reduce", "missing.npz", "-o", output.path).code == 66)
      #expect(try Tool.run("reduce", model.path).code == 64)
      #expect(try Tool.run("reduce", model.path, "-o", output.path, "--box", "1,0").code == 64)
      #expect(try Tool.run("reduce", model.path, "-o", output.path, "--threads", "0").code == 64)
      #expect(
        try Tool.run("reduce", model.path, "-o", folder.appendingPathComponent("no/out.npz").path).code == 73)
      #expect(!FileManager.default.fileExists(atPath: output.path))
    }
  }
}
