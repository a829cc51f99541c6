import Foundation
import Testing

@Suite("crease construct")
struct ConstructTests {
  @Test("A network is written with a certificate that verify accepts, for it and no other")
  func certificate() throws {
    try Tool.withFolder { folder in
      func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
      let run = try Tool.run(
        "construct", "--architecture", "2,3,2,1", "--by", "grillo-montufar", "-o", path("net.onnx"),
        "--certificate", path("proof.json"), "--json")
      #expect(run.code == 0 && run.errors.isEmpty)
      let document = try run.document()
      #expect(document["command"] as? String == "construct" && document["schema"] as? Int == 1)
      #expect(document["widths"] as? [Int] == [2, 3, 2, 1] && document["proved"] as? Bool == true)
      #expect(document["functionalDimension"] as? Int == 15 && document["box"] == nil)
      let accepted = try Tool.run("verify", path("proof.json"), path("net.onnx"), "--json")
      #expect(accepted.code == 0)
      #expect(try accepted.document()["accepted"] as? Bool == true)
      #expect(try accepted.document()["claim"] as? String == "functionalDimension")
      let other = try Tool.run("verify", path("proof.json"), Example.random)
      #expect(other.code == 1 && other.output.hasPrefix("rejected at digest"))
      #expect(try Tool.run("verify", path("proof.json"), path("net.onnx"), path("net.onnx")).code == 64)
      // The same network, told by the command that looks at all regions.
      let dimension = try Tool.run("dimension", path("net.onnx"), "--json").document()
      #expect(dimension["functionalDimension"] as? Int == 15)
    }
  }

  @Test("A planted symmetry is written as two networks that compare as identical")
  func planted() throws {
    try Tool.withFolder { folder in
      func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
      let run = try Tool.run(
        "construct", "--architecture", "2,3,2,1", "--by", "hidden-symmetry:twin", "-o", path("a.npz"),
        "--second", path("b.npz"), "--certificate", path("same.json"))
      #expect(run.code == 0 && run.output.contains("proved      the same function by other parameters"))
      #expect(try Tool.run("compare", path("a.npz"), path("b.npz")).code == 0)
      #expect(try Tool.run("verify", path("same.json"), path("a.npz"), path("b.npz")).code == 0)
      #expect(try Tool.run("verify", path("same.json"), path("a.npz")).code == 64)
    }
  }

  @Test("The inputs of a batch are written as points")
  func batch() throws {
    try Tool.withFolder { folder in
      func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
      let run = try Tool.run(
        "construct", "--architecture", "2,3,1", "--by", "hidden-symmetry:batch", "-o", path("a.npz"),
        "--batch", path("inputs.txt"), "--json")
      #expect(run.code == 0)
      let found = try Tool.run("dimension", path("a.npz"), "--data", path("inputs.txt"), "--json").document()
      #expect(found["batch"] as? Int == 24)
    }
  }

  @Test(
    "Wrong usage names what is needed",
    arguments: [
      (["2,3,2,1", "phuong-lampert"], "hidden layers that do not widen"),
      (["2,1,1,1,1", "grillo-montufar"], "two or more neurons in every hidden layer"),
      (["2,3,2,1", "nonsense"], "--by takes"), (["2,x,1", "grillo-montufar"], "--architecture takes"),
      (["2,3,2,1", "grillo-montufar", "--second", "/dev/null/b.npz"], "--second goes with"),
      (["2,3,2,1", "grillo-montufar", "--batch", "/dev/null/b.txt"], "--batch goes with"),
    ])
  func usage(_ wrong: [String], _ part: String) throws {
    let run = try Tool.run(
      ["construct", "--architecture", wrong[0], "--by", wrong[1], "-o", "/dev/null/a.npz"]
        + wrong.dropFirst(2))
    #expect(run.code == 64 && run.output.isEmpty && run.errors.contains(part), "\(run.errors)")
  }
}
