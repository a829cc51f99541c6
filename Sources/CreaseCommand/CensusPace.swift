import Crease
import Foundation
import Synchronization

/// How fast a census goes and how long it will take, on the line of progress.
final class CensusPace: Sendable {
  private struct State {
    var finished: Int
    var measured = 0
    var workDone = 0.0
  }

  private let start = ContinuousClock.now
  private let state: Mutex<State>
  private let total: Int
  private let work: Double
  private let line: ProgressLine

  init(_ items: [Census.Item], finished: Int, line: ProgressLine) {
    state = Mutex(State(finished: finished))
    total = items.count + finished
    work = items.reduce(0) { $0 + CensusPace.work($1.architecture) }
    self.line = line
  }

  /// Counts a record that was written.
  func advance(_ record: CensusRecord) {
    let elapsed = ContinuousClock.now - start
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    let (done, rate, rest) = state.withLock { state in
      state.finished += 1
      state.measured += 1
      state.workDone += CensusPace.work(record.architecture)
      return (
        state.finished, Double(state.measured) / max(1e-3, seconds),
        seconds * (work - state.workDone) / state.workDone
      )
    }
    // Once stopped, the record is written all the same; the next network is not begun.
    try? line.progress.step(
      "\(rate.short) networks/s, \(CensusPace.text(rest)) left:", done: done, of: total)
  }

  /// About how long a network takes, in some unit: elimination of as many columns as parameters.
  private static func work(_ widths: [Int]) -> Double {
    let parameters = zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
    return pow(Double(parameters), 2)
  }

  private static func text(_ seconds: Double) -> String {
    let seconds = Int(seconds.rounded(.up))
    if seconds < 100 { return "\(seconds) s" }
    return seconds < 6000 ? "\((seconds + 30) / 60) min" : "\((seconds + 1800) / 3600) h"
  }
}
