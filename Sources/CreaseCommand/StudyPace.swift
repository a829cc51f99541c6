import Crease
import Foundation
import Synchronization

/// How fast a study goes and how long it will take, on the line of progress.
final class StudyPace: Sendable {
  private struct State {
    var finished: Int
    var measured = 0
    var workDone = 0.0
  }

  private let start = ContinuousClock.now
  private let state: Mutex<State>
  private let total: Int
  private let work: Double
  private let noun: String
  private let line: ProgressLine

  /// The pace of work on items of which some are finished.
  ///
  /// - Parameters:
  ///   - items: what is still to be done.
  ///   - noun: what is counted, in the plural.
  ///   - work: about how long an item takes, in some unit.
  init<Item>(
    _ items: [Item], finished: Int, noun: String, line: ProgressLine, work: (Item) -> Double
  ) {
    state = Mutex(State(finished: finished))
    total = items.count + finished
    self.work = items.reduce(0) { $0 + work($1) }
    self.noun = noun
    self.line = line
  }

  /// Counts an item whose record was written.
  ///
  /// - Parameter work: what the item took of all work.
  func advance(_ work: Double) {
    let elapsed = ContinuousClock.now - start
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    let (done, rate, rest) = state.withLock { state in
      state.finished += 1
      state.measured += 1
      state.workDone += work
      return (
        state.finished, Double(state.measured) / max(1e-3, seconds),
        seconds * (self.work - state.workDone) / state.workDone
      )
    }
    // Once stopped, the record is written all the same; the next network is not begun.
    try? line.progress.step(
      "\(rate.short) \(noun)/s, \(StudyPace.text(rest)) left:", done: done, of: total)
  }

  private static func text(_ seconds: Double) -> String {
    let seconds = Int(seconds.rounded(.up))
    if seconds < 100 { return "\(seconds) s" }
    return seconds < 6000 ? "\((seconds + 30) / 60) min" : "\((seconds + 1800) / 3600) h"
  }
}
