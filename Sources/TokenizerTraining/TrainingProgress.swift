/// Where a long run stands. The library calls `report`; whoever owns the terminal decides what to
/// show. Called from any thread, at most every few milliseconds.
public struct TrainingProgress: Sendable {
  public enum Phase: String, Sendable {
    case counting, preparing, merging
    /// Rounds of estimating and pruning.
    case estimating
  }

  /// Phase, units done, units in all (`nil` where nobody knows: a stream has no length).
  public let report: @Sendable (Phase, _ done: Int, _ total: Int?) -> Void

  public init(report: @escaping @Sendable (Phase, _ done: Int, _ total: Int?) -> Void) {
    self.report = report
  }

  /// Reports to nobody.
  public static let silent = TrainingProgress { _, _, _ in }
}
