/// Why a pattern is not compiled, or did not come to an end.
///
/// A malformed pattern is one that its own engine does not take either. One that is refused or
/// unsuitable may be right, but is not taken here: another engine may run it.
public enum PatternError: Error, Equatable, CustomStringConvertible {
  /// The text is no pattern; `offset` counts Unicode scalars of the pattern.
  case malformed(offset: Int, expected: String)
  /// The text uses a construct that is refused; `offset` counts Unicode scalars of the pattern.
  case refused(offset: Int, construct: String)
  /// The pattern as a whole cannot become a small automaton.
  case unsuitable(reason: String)
  /// One match, or all of a text together, took more steps than a text of its length may; `byte`:
  /// where in the text the match was looked for.
  case tooSlow(byte: Int)
  /// One match had more places to come back to than memory for them is allowed.
  case tooDeep(byte: Int)
  /// A text too long to be cut in one.
  case textTooLong(bytes: Int)
  case outOfMemory

  /// Where in the text a pattern was given up.
  public var byte: Int? {
    switch self {
    case .tooSlow(let byte), .tooDeep(let byte): byte
    default: nil
    }
  }

  /// The error with places in the text counted from a place `distance` bytes earlier.
  public func moved(by distance: Int) -> PatternError {
    switch self {
    case .tooSlow(let byte): .tooSlow(byte: byte + distance)
    case .tooDeep(let byte): .tooDeep(byte: byte + distance)
    default: self
    }
  }

  static let mostStates = 4000
  static let tooManyStates = PatternError.unsuitable(
    reason: "it needs too many states; lower its intervals")

  public var description: String {
    switch self {
    case .malformed(let offset, let expected):
      "The pattern is malformed at character \(offset): write \(expected) there."
    case .refused(let offset, let construct):
      "The pattern is refused: \(construct) at character \(offset) is not supported; remove it."
    case .unsuitable(let reason):
      "The pattern is refused: \(reason)."
    case .tooSlow(let byte):
      "The pattern does not come to an end at byte \(byte) of the text; "
        + "rewrite it so that no two of its parts can match the same characters in many ways."
    case .tooDeep(let byte):
      "The pattern needs too much memory at byte \(byte) of the text; "
        + "rewrite repeated groups such as (?:a|b)+ as classes such as [ab]+."
    case .textTooLong(let bytes):
      "There are \(bytes) bytes without a place to cut; use another pattern or shorter documents."
    case .outOfMemory:
      "There is no memory to run the pattern; use shorter documents."
    }
  }
}
