/// What becomes of the matches of a split and of the stretches between them, in the words of Hugging
/// Face's `SplitDelimiterBehavior`.
public enum SplitBehavior: String, Sendable, Hashable, Codable, CaseIterable {
  /// Matches are dropped.
  case removed = "Removed"
  /// Each match is a piece.
  case isolated = "Isolated"
  /// A match joins the stretch before it; one behind another match is a piece.
  case mergedWithPrevious = "MergedWithPrevious"
  /// A match joins the stretch after it; one before another match is a piece.
  case mergedWithNext = "MergedWithNext"
  /// Matches that touch are one piece.
  case contiguous = "Contiguous"
}
