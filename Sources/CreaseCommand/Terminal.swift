#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif
import Crease
import Synchronization

/// The two output streams: results on stdout, everything else on stderr.
enum Terminal {
  /// Writes text to stdout; a closed pipe ends the process quietly, as for any filter.
  static func print(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

  /// Writes one line about a failure to stderr.
  static func error(_ message: String) { write("crease: \(message)\n", to: STDERR_FILENO) }

  /// Whether progress may be drawn.
  static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether results may be coloured.
  static var hasColour: Bool {
    isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil
  }

  /// The text, bold on a terminal.
  static func bold(_ text: String) -> String { hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  /// The lines of a table, bold in its heads: the first column to the left, the others to the right.
  ///
  /// - Requires: as many cells in every line.
  static func table(heads: [[String]], rows: [[String]]) -> [String] {
    let lines = heads + rows
    let widths = (lines.first ?? []).indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.enumerated().map { number, row in
      let line = zip(row, widths).enumerated().map { column, cell in
        let padding = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + padding : padding + cell.0
      }.joined(separator: "  ")
      return number < heads.count ? bold(line) : line
    }
  }

  fileprivate static func write(_ text: String, to descriptor: Int32) {
    var bytes = ArraySlice(text.utf8)
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        // With its reader gone a filter just ends; any other refusal loses an answer, and must not look like one.
        if errno != EPIPE && descriptor == STDOUT_FILENO {
          write("crease: standard output: cannot write\n", to: STDERR_FILENO)
          _exit(73)
        }
        return
      }
      bytes = bytes.dropFirst(count)
    }
  }
}

private func systemWrite(_ descriptor: Int32, _ base: UnsafeRawPointer?, _ count: Int) -> Int {
  guard let base else { return 0 }
  return write(descriptor, base, count)
}

/// Ctrl-C: the first asks the computation to stop, the second ends the process.
enum Interrupt {
  private static let requested = Atomic<Bool>(false)

  /// Whether Ctrl-C was pressed.
  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  static func install() {
    _ = isRequested
    signal(SIGINT) { _ in
      if Interrupt.requested.exchange(true, ordering: .relaxed) { _exit(130) }
    }
    signal(SIGPIPE, SIG_IGN)
  }
}

/// One line of progress on a terminal, silent elsewhere.
final class ProgressLine: Sendable {
  private let start = ContinuousClock.now
  private let last = Mutex<String>("")
  private let lastTime = Mutex(ContinuousClock.now)

  /// The progress to hand to a computation.
  var progress: Progress {
    Progress(
      report: { [self] stage in show(stage) }, isCancelled: { Interrupt.isRequested })
  }

  /// Removes the line.
  func clear() {
    last.withLock { text in
      if !text.isEmpty { Terminal.write("\r\u{1B}[K", to: STDERR_FILENO) }
      text = ""
    }
  }

  private func show(_ stage: Progress.Stage) {
    // What is done at once needs no announcement.
    let now = ContinuousClock.now
    guard Terminal.showsProgress, now - start > .milliseconds(300) else { return }
    // Ten lines a second are read as one that moves; more would only cost time.
    let isDue = lastTime.withLock { last in
      guard now - last > .milliseconds(100) else { return false }
      last = now
      return true
    }
    guard isDue else { return }
    let share = stage.total.map { " \(stage.done) of \($0)" } ?? (stage.done > 0 ? " \(stage.done)" : "")
    let text = stage.name + share
    last.withLock { shown in
      if shown == text { return }
      shown = text
      Terminal.write("\r\u{1B}[K\(text)", to: STDERR_FILENO)
    }
  }
}
