/// How a long computation tells what it is doing and asks whether to go on.
///
/// The default says nothing and never stops.
public struct Progress: Sendable {
  private let report: @Sendable (Stage) -> Void
  private let isCancelled: @Sendable () -> Bool

  /// One report.
  public struct Stage: Hashable, Sendable {
    /// What is being done, such as `pairing neurons`.
    public let name: String
    /// How much of it is done.
    public let done: Int
    /// Of how much, if known.
    public let total: Int?
  }

  /// The progress that calls `report` and stops once `isCancelled` is true.
  public init(
    report: @escaping @Sendable (Stage) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.report = report
    self.isCancelled = isCancelled
  }

  /// The same question whether to stop, without reports: for one of many parts.
  public var silent: Progress { Progress(isCancelled: isCancelled) }

  /// Reports a stage, and throws when the computation should stop.
  ///
  /// - Throws: `CancellationError`.
  public func step(_ name: String, done: Int = 0, of total: Int? = nil) throws {
    if isCancelled() { throw CancellationError() }
    report(Stage(name: name, done: done, total: total))
  }
}
