import Foundation
import Networks
import ModelFiles
import Testing

@Suite("Exit codes")
struct ExitCodeTests {
  @Test("0: equivalent, or done")
  func done() throws {
    #expect(try Tool.run("compare", Example.original, Example.disguised).code == 0)
    #expect(try Tool.run("inspect", Example.original).code == 0)
    #expect(try Tool.run("--help").code == 0)
    #expect(try Tool.run("--version").code == 0)
  }

  @Test("1: different")
  func different() throws {
    let run = try Tool.run("compare", Example.original, Example.oneWeight)
    #expect(run.code == 1 && run.errors.isEmpty && run.output.hasPrefix("different"))
  }

  @Test("2: undecided")
  func undecided() throws {
    try Tool.withFolder { folder in
      let (a, b) = try SlowPair.clips.write(in: folder)
      let run = try Tool.run("compare", a, b)
      #expect(run.code == 2 && run.errors.isEmpty && run.output.hasPrefix("undecided"))
    }
  }

  @Test(
    "64: usage",
    arguments: [
      [], ["compare"], ["compare", Example.original], ["nonsense"],
      ["compare", Example.original, Example.original, "--box", "1,0"],
      ["compare", Example.original, Example.original, "--box", "x"],
      ["compare", Example.original, Example.original, "--box", "0,1", "--everywhere"],
      ["compare", Example.original, Example.original, "--epsilon", "-1"],
      ["compare", Example.original, Example.original, "--epsilon", "nan"],
      ["compare", Example.original, Example.original, "--seed", "-1"],
      ["disguise", Example.original, "-o", "/dev/null/x.onnx", "--twins", "-1"],
      ["disguise", Example.original, "-o", "/dev/null/x.onnx", "--power-of-two"],
      ["convert", Example.original, "/dev/null/x.onnx", "--precision", "float8"],
    ])
  func usage(_ arguments: [String]) throws {
    let run = try Tool.run(arguments)
    // Without arguments the tool explains itself.
    #expect(arguments.isEmpty ? run.code == 0 : run.code == 64)
    #expect(arguments.isEmpty ? !run.output.isEmpty : run.output.isEmpty && !run.errors.isEmpty)
  }

  @Test("65: bad data, in one line that names the file")
  func badData() throws {
    let runs = [
      try Tool.run("inspect", "Examples/README.md"),
      try Tool.run("compare", Example.original, "Examples/demo.sh"),
      try Tool.run("verify", "Examples/README.md", Example.original, Example.original),
      try Tool.run("compare", Example.original, Example.original, "--domain", "Examples/README.md"),
      try Tool.run("compare", Example.original, Example.original, "--box-file", "Examples/README.md"),
    ]
    for run in runs {
      #expect(run.code == 65 && run.output.isEmpty)
      #expect(run.errors.hasPrefix("crease: Examples/") && run.errors.split(separator: "\n").count == 1)
    }
    try Tool.withFolder { folder in
      let (a, _) = try SlowPair.clip.write(in: folder)
      let shapes = try Tool.run("compare", Example.original, a)
      #expect(shapes.code == 65 && shapes.errors.contains("5 inputs to 5 outputs"))
    }
  }

  @Test("66: no such file")
  func noSuchFile() throws {
    let runs = [
      try Tool.run("inspect", "missing.onnx"), try Tool.run("compare", Example.original, "missing.onnx"),
      try Tool.run("verify", "missing.json", Example.original, Example.original),
      try Tool.run("compare", Example.original, Example.original, "--domain", "missing.vnnlib"),
      try Tool.run("compare", Example.original, Example.original, "--box-file", "missing.txt"),
    ]
    for run in runs {
      #expect(run.code == 66 && run.output.isEmpty)
      #expect(run.errors.hasPrefix("crease: missing.") && run.errors.split(separator: "\n").count == 1)
    }
  }

  @Test("73: cannot write, and nothing is left behind")
  func cannotWrite() throws {
    try Tool.withFolder { folder in
      let taken = folder.appendingPathComponent("taken.onnx")
      try FileManager.default.createDirectory(at: taken, withIntermediateDirectories: true)
      let below = folder.appendingPathComponent("file")
      try Data("kept".utf8).write(to: below)
      for target in [taken.path, below.path + "/x.onnx", folder.path + "/missing/x.onnx"] {
        let runs = [
          try Tool.run("convert", Example.original, target),
          try Tool.run("canonicalize", Example.original, "-o", target),
          try Tool.run("disguise", Example.original, "-o", target, "--permute"),
          try Tool.run("compare", Example.original, Example.original, "--certificate", target),
        ]
        for run in runs {
          #expect(
            run.code == 73 && run.output.isEmpty && run.errors.hasPrefix("crease: \(target): "), "\(run)")
        }
      }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["file", "taken.onnx"])
      #expect(try FileManager.default.contentsOfDirectory(atPath: taken.path).isEmpty)
      #expect(try String(contentsOf: below, encoding: .utf8) == "kept")
    }
  }

  @Test("A file that cannot be written in a format is bad data, and the old file stays")
  func refusal() throws {
    try Tool.withFolder { folder in
      let target = folder.appendingPathComponent("kept.nnet")
      try Data("old".utf8).write(to: target)
      // Canonical forms have skip blocks, which .nnet has not.
      let run = try Tool.run("canonicalize", Example.original, "-o", target.path, "--exact")
      #expect(run.code == 65 && run.output.isEmpty, "\(run)")
      #expect(try String(contentsOf: target, encoding: .utf8) == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["kept.nnet"])
    }
  }

  @Test("130: Ctrl-C stops a long comparison, without a result")
  func interrupted() throws {
    try Tool.withFolder { folder in
      let (a, b) = try SlowPair.slow.write(in: folder)
      let process = try Tool.process(["compare", a, b], in: folder)
      try Tool.start(process)
      Thread.sleep(forTimeInterval: 0.4)
      try #require(process.isRunning, "the comparison must take longer than this test waits")
      process.interrupt()
      let run = try Tool.finish(process, in: folder)
      #expect(run.code == 130 && !run.wasSignalled && run.output.isEmpty)
      #expect(run.errors == "crease: interrupted\n")
    }
  }

  @Test("A second Ctrl-C ends the process at once")
  func interruptedTwice() throws {
    try Tool.withFolder { folder in
      let (a, b) = try SlowPair.slow.write(in: folder)
      let process = try Tool.process(["compare", a, b], in: folder)
      try Tool.start(process)
      Thread.sleep(forTimeInterval: 0.3)
      process.interrupt()
      Thread.sleep(forTimeInterval: 0.05)
      if process.isRunning { process.interrupt() }
      let run = try Tool.finish(process, in: folder)
      #expect(run.code == 130 && !run.wasSignalled && run.output.isEmpty)
    }
  }
}

/// Pairs that are the same function, which only regions show: the search for a witness runs to its end in vain.
struct SlowPair {
  let a: Network
  let b: Network

  /// clip(x, 0, 1) in two ways.
  static let clip = SlowPair(
    a: Network(weights: [[[1], [1]], [[1, -1]]], biases: [[0, -1], [0]]),
    b: Network(weights: [[[-1]], [[-1]], [[1]]], biases: [[1], [1], [0]]))

  /// The sum of clip(x_i, 0, 1) over 9 inputs in two ways: too many coordinates for regions.
  static let clips: SlowPair = {
    let unit = (0..<9).map { i in (0..<9).map { $0 == i ? 1.0 : 0 } }
    let minus = unit.map { $0.map { -$0 } }
    let (zeros, ones) = (Array(repeating: 0.0, count: 9), Array(repeating: 1.0, count: 9))
    return SlowPair(
      a: Network(
        weights: [unit + unit, [ones + ones.map { -$0 }]], biases: [zeros + ones.map { -$0 }, [0]]),
      b: Network(weights: [minus, minus, [ones]], biases: [ones, ones, [0]]))
  }()

  /// The same in front of wide layers, which every step of the search has to go through.
  static let slow: SlowPair = {
    var rng = SplitMix64(seed: 3)
    let width = 120
    func layer(_ columns: Int, _ rows: Int) -> [[Double]] {
      (0..<rows).map { _ in (0..<columns).map { _ in Double(Int.random(in: -64...64, using: &rng)) / 64 } }
    }
    let tail = [
      layer(1, width), layer(width, width), layer(width, width), layer(width, width), layer(width, 1),
    ]
    let offsets = tail.map { rows in rows.map { _ in Double(Int.random(in: -64...0, using: &rng)) / 64 } }
    let split = tail[0].map { [$0[0], -$0[0]] }
    return SlowPair(
      a: Network(weights: [[[1], [1]], split] + tail.dropFirst(), biases: [[0, -1]] + offsets),
      b: Network(weights: [[[-1]], [[-1]]] + tail, biases: [[1], [1]] + offsets))
  }()

  /// Writes both, and gives their paths.
  func write(in folder: URL) throws -> (String, String) {
    let urls = ["a.npz", "b.npz"].map { folder.appendingPathComponent($0) }
    try a.write(to: urls[0])
    try b.write(to: urls[1])
    return (urls[0].path, urls[1].path)
  }
}
