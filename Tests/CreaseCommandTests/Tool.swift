import Foundation
import Testing

/// The built executable, run as a process in the folder of the package.
enum Tool {
  /// What a run left behind.
  struct Run {
    let code: Int32
    let output: String
    let errors: String
    let wasSignalled: Bool

    /// The one JSON document on stdout.
    func document() throws -> [String: Any] {
      let object = try JSONSerialization.jsonObject(with: Data(output.utf8))
      return try #require(object as? [String: Any])
    }
  }

  /// The folder of the package.
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The executable beside the test bundle.
  static let executable: URL? = {
    var candidates = CommandLine.arguments.prefix(1).map {
      URL(fileURLWithPath: $0).deletingLastPathComponent()
    }
    if let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
      candidates.append(URL(fileURLWithPath: own).deletingLastPathComponent())
    }
    candidates += Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
    return candidates.map { $0.appendingPathComponent("crease") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }()

  /// A process that is set up and not yet started; its outputs go to files in `folder`.
  static func process(_ arguments: [String], in folder: URL, environment: [String: String] = [:]) throws
    -> Process
  {
    let process = Process()
    let executable: URL = try #require(Self.executable, "the executable crease is not beside the test bundle")
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = package
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try created(folder.appendingPathComponent("stdout"))
    process.standardError = try created(folder.appendingPathComponent("stderr"))
    return process
  }

  /// Starts a process with no signal blocked: threads of a test run may block them, and processes inherit that.
  static func start(_ process: Process) throws {
    var none = sigset_t()
    var old = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &old)
    defer { pthread_sigmask(SIG_SETMASK, &old, nil) }
    try process.run()
  }

  /// Waits for a process of ``process(_:in:environment:)``.
  static func finish(_ process: Process, in folder: URL) throws -> Run {
    process.waitUntilExit()
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
    }
    return Run(
      code: process.terminationStatus, output: try text("stdout"), errors: try text("stderr"),
      wasSignalled: process.terminationReason == .uncaughtSignal)
  }

  /// Starts the tool, and interrupts it as Ctrl-C does once a file it writes has a hundred bytes.
  static func interrupt(_ arguments: [String], in folder: URL, once file: URL) throws -> Run {
    let process = try process(arguments, in: folder)
    try start(process)
    while process.isRunning, ((try? Data(contentsOf: file).count) ?? 0) < 100 {
      Thread.sleep(forTimeInterval: 0.02)
    }
    process.interrupt()
    return try finish(process, in: folder)
  }

  /// Runs the tool to its end.
  static func run(_ arguments: String...) throws -> Run { try run(arguments) }

  /// Runs the tool to its end.
  static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Run {
    try withFolder { folder in
      let process = try process(arguments, in: folder, environment: environment)
      try start(process)
      return try finish(process, in: folder)
    }
  }

  /// A folder of its own for a test, removed afterwards.
  static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "crease-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  private static func created(_ url: URL) throws -> FileHandle {
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }
}

/// The networks in `Examples/`, as paths from the package's folder.
enum Example {
  static let original = "Examples/acasxu_1_1.onnx"
  static let disguised = "Examples/acasxu_1_1_disguised.onnx"
  static let oneWeight = "Examples/acasxu_1_1_one_weight.onnx"
  static let random = "Examples/random_2-8-8-1.npz"
}
