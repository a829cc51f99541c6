/// Runs a piece of work several times and reports the fastest and the median time.
struct Stopwatch {
  /// Only benchmarks whose name contains this text run; empty for all.
  let filter: String

  /// Measures `work`, and prints one line of JSON: name, sizes, runs, fastest and median seconds.
  ///
  /// - Parameter size: what the work was done on, for the reader of the figures.
  /// - Parameter work: returns a number that depends on the result, so that the work is not optimised away.
  func measure(_ name: String, size: String, runs: Int = 7, _ work: () throws -> Double) rethrows {
    guard filter.isEmpty || name.contains(filter) else { return }
    let clock = ContinuousClock()
    var seconds: [Double] = []
    var checksum = 0.0
    for _ in 0..<max(runs, 1) {
      let start = clock.now
      checksum += try work()
      let (whole, atto) = (clock.now - start).components
      seconds.append(Double(whole) + Double(atto) * 1e-18)
    }
    seconds.sort()
    print(
      """
      {"benchmark": "\(name)", "size": "\(size)", "runs": \(seconds.count), "fastest": \(seconds[0]), \
      "median": \(seconds[seconds.count / 2]), "checksum": \(checksum)}
      """)
  }
}
