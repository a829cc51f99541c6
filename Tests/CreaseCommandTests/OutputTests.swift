import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Output")
struct OutputTests {
  // MARK: JSON

  @Test("compare --json: identical")
  func identical() throws {
    let run = try Tool.run("compare", Example.original, Example.disguised, "--json")
    let document = try run.document()
    try expectHead(document, "compare")
    #expect(document["verdict"] as? String == "equivalent" && document["kind"] as? String == "identical")
    for field in ["epsilon", "lowerBound", "upperBound"] { #expect(document[field] as? Double == 0) }
    #expect(document["witness"] == nil && run.errors.isEmpty && run.code == 0)
  }

  @Test("compare --json: different, with a witness that another run accepts")
  func different() throws {
    let document = try Tool.run("compare", Example.original, Example.oneWeight, "--json").document()
    try expectHead(document, "compare")
    #expect(document["verdict"] as? String == "different")
    let witness = try #require(document["witness"] as? [String: Any])
    #expect((witness["x"] as? [Double])?.count == 5)
    let outputA = try #require(witness["outputA"] as? [Double])
    let outputB = try #require(witness["outputB"] as? [Double])
    let gap = try #require(witness["gap"] as? Double)
    let largest = zip(outputA, outputB).map { ($0 - $1).magnitude }.max() ?? 0
    #expect((largest - gap).magnitude < 1e-9 * (1 + largest) && gap > 0)
    #expect(document["lowerBound"] as? Double == gap)
  }

  @Test("compare --json: within epsilon and undecided")
  func others() throws {
    try Tool.withFolder { folder in
      let rounded = folder.appendingPathComponent("rounded.onnx").path
      #expect(
        try Tool.run("disguise", Example.original, "-o", rounded, "--permute", "--rescale", "1").code == 0)
      let within = try Tool.run("compare", Example.original, rounded, "--json").document()
      #expect(within["verdict"] as? String == "equivalent" && within["kind"] as? String == "withinEpsilon")
      let epsilon = try #require(within["epsilon"] as? Double)
      #expect(epsilon > 0 && within["upperBound"] as? Double == epsilon)
      #expect(try #require(within["lowerBound"] as? Double) <= epsilon)

      let (a, b) = try SlowPair.clips.write(in: folder)
      let undecided = try Tool.run("compare", a, b, "--box", "-2,2", "--budget", "20", "--json").document()
      #expect(undecided["verdict"] as? String == "undecided")
      #expect(undecided["lowerBound"] as? Double == 0 && undecided["upperBound"] as? Double != nil)
      #expect(!(try #require(undecided["reason"] as? String)).isEmpty)
      #expect(
        (undecided["domain"] as? [String: Any])?["box"] as? [[Double]] == Array(repeating: [-2, 2], count: 9))
    }
  }

  @Test("inspect --json has the fields that scripts rely on")
  func inspect() throws {
    let document = try Tool.run("inspect", Example.disguised, "--json").document()
    try expectHead(document, "inspect")
    #expect(document["widths"] as? [Int] == [5, 10, 56, 56, 56, 56, 56, 56, 56, 10, 5])
    #expect(document["hiddenNeurons"] as? Int == 412 && document["storage"] as? String == "float32")
    #expect(document["parameters"] as? Int == 20453 && document["live"] as? Int == 300)
    for field in ["dead", "constant", "twins"] { #expect(document[field] as? Int != nil, "\(field)") }
    #expect((document["fingerprint"] as? String)?.count == 64)
    let original = try Tool.run("inspect", Example.original, "--json").document()
    #expect(original["fingerprint"] as? String == document["fingerprint"] as? String)
    let other = try Tool.run("inspect", Example.oneWeight, "--json").document()
    #expect(other["fingerprint"] as? String != document["fingerprint"] as? String)
  }

  private func expectHead(_ document: [String: Any], _ command: String) throws {
    #expect(document["crease"] as? String != nil && document["schema"] as? Int == 1)
    #expect(document["command"] as? String == command)
  }

  // MARK: Certificates

  @Test(
    "A certificate is verified, and rejected when it or a file was changed",
    arguments: [Example.disguised, Example.oneWeight])
  func certificate(_ other: String) throws {
    try Tool.withFolder { folder in
      let proof = folder.appendingPathComponent("proof.json")
      let compared = try Tool.run("compare", Example.original, other, "--certificate", proof.path, "--json")
      #expect(try compared.document()["certificate"] as? String == proof.path)
      let accepted = try Tool.run("verify", proof.path, Example.original, other)
      #expect(accepted.code == 0 && accepted.output.hasPrefix("accepted: the two networks"))
      let document = try Tool.run("verify", proof.path, Example.original, other, "--json").document()
      try expectHead(document, "verify")
      #expect(document["accepted"] as? Bool == true && document["step"] == nil)

      let swapped = try Tool.run("verify", proof.path, other, Example.original, "--json")
      let rejection = try swapped.document()
      #expect(swapped.code == 1 && rejection["accepted"] as? Bool == false)
      #expect(rejection["step"] as? String == "digest" && rejection["reason"] as? String != nil)

      var text = try String(contentsOf: proof, encoding: .utf8)
      if other == Example.disguised {
        let fact = try #require(text.range(of: "multiple 7 "))
        text.replaceSubrange(fact, with: "multiple 8 ")
      } else {
        let x = try #require(text.range(of: #""x":["#))
        text.insert(contentsOf: "0.5,", at: x.upperBound)
      }
      try Data(text.utf8).write(to: proof)
      let tampered = try Tool.run("verify", proof.path, Example.original, other)
      #expect(tampered.code == 1 && tampered.output.hasPrefix("rejected at "))
      try Data("{}".utf8).write(to: proof)
      #expect(try Tool.run("verify", proof.path, Example.original, other).code == 65)
    }
  }

  @Test("An undecided comparison writes no certificate")
  func noCertificate() throws {
    try Tool.withFolder { folder in
      let (a, b) = try SlowPair.clips.write(in: folder)
      let proof = folder.appendingPathComponent("proof.json").path
      #expect(try Tool.run("compare", a, b, "--certificate", proof).code == 2)
      #expect(!FileManager.default.fileExists(atPath: proof))
    }
  }

  // MARK: Networks written

  @Test("canonicalize, disguise and convert write networks that compare as they should")
  func written() throws {
    try Tool.withFolder { folder in
      func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
      let (small, _) = try SlowPair.clip.write(in: folder)
      let document = try Tool.run("canonicalize", small, "-o", path("c.onnx"), "--exact", "--json").document()
      try expectHead(document, "canonicalize")
      #expect(document["exact"] as? Bool == true)
      let fingerprint = try Tool.run("inspect", path("c.onnx"), "--json").document()["fingerprint"]
      #expect(fingerprint as? String == document["fingerprint"] as? String)
      #expect(try Tool.run("compare", small, path("c.onnx")).code == 0)
      let canonical = try [Example.original, Example.disguised].map {
        try Tool.run("canonicalize", $0, "-o", path("n.onnx"), "--json").document()["fingerprint"] as? String
      }
      #expect(canonical[0] != nil && canonical[0] == canonical[1])
      let exact = [
        "--permute", "--rescale", "2", "--power-of-two", "--twins", "2", "--dead", "3", "--identity-layer",
      ]
      for (name, seed) in [("d.onnx", "7"), ("e.onnx", "7"), ("f.onnx", "8")] {
        let run = try Tool.run(["disguise", Example.original, "-o", path(name), "--seed", seed] + exact)
        #expect(run.code == 0)
      }
      let files = try ["d.onnx", "e.onnx", "f.onnx"].map {
        try Data(contentsOf: URL(fileURLWithPath: path($0)))
      }
      #expect(files[0] == files[1] && files[0] != files[2])
      let same = try Tool.run("compare", Example.original, path("d.onnx"), "--json").document()
      #expect(same["kind"] as? String == "identical")
      for format in ["nnet", "npz", "safetensors", "onnx"] {
        #expect(try Tool.run("convert", Example.original, path("x.\(format)")).code == 0)
        let back = try Tool.run("compare", Example.original, path("x.\(format)"), "--everywhere", "--json")
          .document()
        #expect(back["kind"] as? String == "identical", "\(format)")
      }
    }
  }

  // MARK: Pipes and terminals

  @Test("A closed pipe ends the tool quietly", arguments: [["inspect", Example.original], ["--help"]])
  func closedPipe(_ arguments: [String]) throws {
    try Tool.withFolder { folder in
      let process = try Tool.process(arguments, in: folder)
      let pipe = Pipe()
      process.standardOutput = pipe
      try pipe.fileHandleForReading.close()
      try Tool.start(process)
      let run = try Tool.finish(process, in: folder)
      #expect(run.code == 0 && !run.wasSignalled && run.errors.isEmpty)
    }
  }

  @Test("Off a terminal there is no progress and no colour")
  func plain() throws {
    let run = try Tool.run(
      ["compare", Example.original, Example.oneWeight], environment: ["TERM": "xterm-256color"])
    #expect(run.errors.isEmpty && !run.output.contains("\u{1B}"))
  }

  #if os(Linux)
    @Test("On a terminal the verdict is bold, unless NO_COLOR is set")
    func colour() throws {
      #expect(try onTerminal([:]).contains("\u{1B}[1midentical\u{1B}[0m"))
      let plain = try onTerminal(["NO_COLOR": "1"])
      #expect(plain.contains("identical: the same function") && !plain.contains("\u{1B}[1m"))
    }

    /// What a comparison writes to stdout where that is a terminal.
    private func onTerminal(_ environment: [String: String]) throws -> String {
      let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
      try #require(master >= 0)
      // Unlock the other side, and ask for its number: unlockpt and ptsname, which Glibc's module leaves out.
      var (locked, number) = (Int32(0), Int32(0))
      let (unlock, askNumber) = (UInt(0x4004_5431), UInt(0x8004_5430))
      try #require(ioctl(master, unlock, &locked) == 0 && ioctl(master, askNumber, &number) == 0)
      let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
      try #require(slave >= 0)
      let (reader, writer) = (
        FileHandle(fileDescriptor: master, closeOnDealloc: true),
        FileHandle(fileDescriptor: slave, closeOnDealloc: true)
      )
      return try Tool.withFolder { folder in
        let process = try Tool.process(
          ["compare", Example.original, Example.disguised], in: folder, environment: environment)
        process.environment = process.environment?.filter {
          $0.key != "NO_COLOR" || environment[$0.key] != nil
        }
        process.standardOutput = writer
        try Tool.start(process)
        #expect(try Tool.finish(process, in: folder).code == 0)
        // The terminal is still open on this side, so the text waits in its buffer.
        return String(decoding: reader.availableData, as: UTF8.self)
      }
    }
  #endif
}
