/// Why a pattern is not compiled.
public enum PatternError: Error, Equatable, CustomStringConvertible {
  /// The text is no pattern; `offset` counts Unicode scalars of the pattern.
  case malformed(offset: Int, expected: String)
  /// The text uses a construct that is refused; `offset` counts Unicode scalars of the pattern.
  case refused(offset: Int, construct: String)
  /// The pattern as a whole cannot become a small automaton.
  case unsuitable(reason: String)

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
    }
  }
}
