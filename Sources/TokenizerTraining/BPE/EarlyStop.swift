/// A vocabulary that could not be filled.
public struct EarlyStop: Sendable, Equatable {
  public enum Reason: Sendable, Equatable {
    /// No two tokens stand side by side any more that may be merged.
    case noPairLeft
    /// The pairs that are left occur less often than the minimum frequency.
    case minimumFrequency
    /// No substring of a word is left.
    case noPieceLeft
    /// The substrings that are left occur less often than the threshold that was found.
    case threshold
  }

  public var askedSize: Int
  public var reachedSize: Int
  public var reason: Reason
}
