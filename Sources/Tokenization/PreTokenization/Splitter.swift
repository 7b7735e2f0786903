/// What finds the matches in a text, and the stretches between them.
enum Splitter: Sendable {
  case pattern(PatternEngine)
  case walk(TextWalk)

  /// Whether `nextCut` can find anything.
  var hasCuts: Bool {
    switch self {
    case .pattern(.automaton(let pattern)): pattern.hasCuts
    case .pattern(.icu), .walk(.fixedLength): false
    case .walk: true
    }
  }

  /// The first place in lower..<upper, above 0, that is an end whatever stands further away than the
  /// characters around it; nil if none.
  func nextCut(
    in text: UnsafePointer<UInt8>, count: Int, from lower: Int, to upper: Int
  ) -> Int? {
    switch self {
    case .pattern(.automaton(let pattern)):
      pattern.nextCut(in: text, count: count, from: lower, to: upper)
    case .pattern(.icu), .walk(.fixedLength): nil
    case .walk(let walk): walk.nextCut(in: text, count: count, from: lower, to: upper)
    }
  }
}
