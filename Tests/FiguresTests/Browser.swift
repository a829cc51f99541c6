import Foundation

/// A browser without a window, to see what pages do.
struct Browser {
  /// The program.
  let executable: URL

  /// A browser from the search path, if there is one.
  static let installed: Browser? = {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    for folder in path.split(separator: ":") {
      for name in ["chromium", "chromium-browser", "google-chrome"] {
        let file = URL(fileURLWithPath: String(folder)).appendingPathComponent(name)
        if FileManager.default.isExecutableFile(atPath: file.path) { return Browser(executable: file) }
      }
    }
    return nil
  }()

  /// Whether tests that need a browser run: where there is one, and on continuous integration in any case.
  static var isExpected: Bool { installed != nil || ProcessInfo.processInfo.environment["CI"] == "true" }

  /// What a page became.
  struct Result {
    /// The values that the page wrote down: `data-…` of its body.
    let notes: [String: String]
    /// A picture of the window, if one was asked for.
    let picture: PNGReader?
    /// The size of the picture's file.
    let pictureBytes: Int
  }

  /// Opens `page` with `script` added at its end, in a window of the given size.
  ///
  /// Reading the picture takes longer than taking it, so it is only taken where asked for.
  func open(
    _ page: String, script: String = "", width: Int = 560, height: Int = 480, takesPicture: Bool = false
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("figure-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("page.html")
    let picture = folder.appendingPathComponent("picture.png")
    let helpers = """
      window.addEventListener('error', (e) => { document.body.dataset.error = e.message; });
      const stage = document.getElementById('plot');
      const hover = (u, v) => {
        const box = stage.getBoundingClientRect();
        stage.dispatchEvent(new PointerEvent('pointermove',
          { clientX: box.left + u * box.width, clientY: box.top + v * box.height, bubbles: true }));
      };
      const key = (name) => stage.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
      """
    try page.replacing("</body>", with: "<script>\(helpers)\n\(script)</script></body>")
      .write(to: file, atomically: false, encoding: .utf8)
    let dump = folder.appendingPathComponent("dump.html")
    try Data().write(to: dump)
    let process = Process()
    process.executableURL = executable
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=\(width),\(height)",
      "--user-data-dir=\(folder.path)/profile", "--virtual-time-budget=700", "--dump-dom",
      file.absoluteString,
    ]
    if takesPicture { process.arguments?.append("--screenshot=\(picture.path)") }
    process.standardOutput = try FileHandle(forWritingTo: dump)
    process.standardError = FileHandle.nullDevice
    try process.run()
    let deadline = Date().addingTimeInterval(60)
    while process.isRunning && Date() < deadline { Thread.sleep(forTimeInterval: 0.02) }
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
    let text = try String(contentsOf: dump, encoding: .utf8)
    var notes: [String: String] = [:]
    if let body = text.firstMatch(of: /<body([^>]*)>/) {
      for match in body.1.matches(of: /data-([a-z-]+)="([^"]*)"/) { notes[String(match.1)] = String(match.2) }
    }
    let bytes = (try? Data(contentsOf: picture)).map(Array.init) ?? []
    return Result(notes: notes, picture: PNGReader(bytes), pictureBytes: bytes.count)
  }
}
