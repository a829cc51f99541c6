#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Runs a piece of work several times and reports the fastest and the median time.
struct Stopwatch {
  /// Only benchmarks whose name contains this text run; empty for all.
  let filter: String

  /// Whether a benchmark of this name runs.
  func runs(_ name: String) -> Bool { filter.isEmpty || name.contains(filter) }

  /// Measures `work`, and prints one line of JSON: name, sizes, runs, fastest and median seconds.
  ///
  /// - Parameters:
  ///   - size: what the work was done on, for the reader of the figures.
  ///   - figures: further figures, from the least processor time of a run.
  ///   - work: returns a number that depends on the result, so that the work is not optimised away.
  func measure(
    _ name: String, size: String, runs: Int = 7, figures: (Double) -> [(String, Double)] = { _ in [] },
    _ work: () throws -> Double
  ) rethrows {
    guard self.runs(name) else { return }
    let clock = ContinuousClock()
    var seconds: [Double] = []
    var processor: [Double] = []
    var checksum = 0.0
    for _ in 0..<max(runs, 1) {
      let start = clock.now
      let before = Stopwatch.processorSeconds
      checksum += try work()
      processor.append(Stopwatch.processorSeconds - before)
      let (whole, atto) = (clock.now - start).components
      seconds.append(Double(whole) + Double(atto) * 1e-18)
    }
    seconds.sort()
    let least = processor.min() ?? 0
    let more = figures(least).map { ", \"\($0)\": \($1)" }.joined()
    print(
      """
      {"benchmark": "\(name)", "size": "\(size)", "runs": \(seconds.count), "fastest": \(seconds[0]), \
      "median": \(seconds[seconds.count / 2]), "processor": \(least)\(more), "checksum": \(checksum)}
      """)
  }

  /// The processor time that this process has taken, all threads together.
  static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
