/// Classes in brackets.
extension CharacterParser {
  private static let deepest = 100

  /// Reads `[...]`. Oniguruma closes only the outermost class under case, before its complement; Rust
  /// each one.
  mutating func bracket(isOutermost: Bool, depth: Int = 0) throws(PatternError) -> CodePointSet {
    let start = at
    guard depth < Self.deepest else {
      throw .refused(offset: start, construct: "more than \(Self.deepest) classes in each other")
    }
    at += 1
    let isNegative = take("^")
    var set =
      dialect == .huggingFace
      ? try onigurumaMembers(depth) : try rustMembers(start, depth)
    if ignoresCase, isOutermost || dialect == .tiktoken {
      // In a negated class Oniguruma leaves out characters that equal several.
      set =
        isNegative
        ? CaseFolding.shared.closure(of: set) : try folded(set, at: start)
    }
    return isNegative ? set.complement : set
  }

  // MARK: - Oniguruma (regparse.c, prs_cc)

  private enum Last {
    case none, set, complete
    case literal(UInt32)
    case range(from: UInt32)
  }

  private mutating func onigurumaMembers(_ depth: Int) throws(PatternError) -> CodePointSet {
    var (set, result) = (CodePointSet.empty, CodePointSet?.none)
    var last = Last.none
    var isFirst = true
    func unfinishedRange(_ place: Int) throws(PatternError) {
      if case .range = last {
        throw .malformed(offset: place, expected: "a character to end the range")
      }
    }
    while true {
      guard at < text.count else { throw .malformed(offset: at, expected: "]") }
      let start = at
      if next(is: "]"), !isFirst || !text[(at + 1)...].contains(93) {
        guard !isFirst else { throw .malformed(offset: at, expected: "a member of the class") }
        at += 1
        break
      }
      isFirst = false
      if next(is: "["), let posix = try posixBracket() {
        try unfinishedRange(start)
        set = set.union(posix)
        last = .set
        continue
      }
      if next(is: "[") {
        if case .range = last {
          throw .refused(offset: start, construct: "a class as the end of a range")
        }
        set = set.union(try bracket(isOutermost: false, depth: depth + 1))
        last = .complete
        continue
      }
      if take("&&") {
        result = result?.intersection(set) ?? set
        (set, last) = (.empty, .none)
        continue
      }
      if next(is: "-"), !next(is: "]", after: 1),
        !(next(is: "&", after: 1) && next(is: "&", after: 2))
      {
        if case .literal(let first) = last {
          at += 1
          last = .range(from: first)
          continue
        }
        if case .set = last {
          throw .malformed(offset: start, expected: "a backslash before the - behind a set")
        }
      }
      var scalar = text[at]
      if next(is: "\\") {
        let member = try escape(inClass: true)
        guard let literal = member.literal else {
          try unfinishedRange(start)
          set = set.union(member.set)
          last = .set
          continue
        }
        scalar = literal
      } else {
        at += 1
      }
      if case .range(let first) = last {
        guard first <= scalar else {
          throw .malformed(offset: start, expected: "a range that goes upwards")
        }
        set = set.union(CodePointSet(first, scalar))
        last = .complete
      } else {
        set = set.union(CodePointSet(scalar))
        last = .literal(scalar)
      }
    }
    return result?.intersection(set) ?? set
  }

  // MARK: - Rust (regex-syntax, ast/parser.rs, parse_set_class)

  private enum Operator { case intersection, difference, symmetricDifference }

  private mutating func rustMembers(_ open: Int, _ depth: Int) throws(PatternError) -> CodePointSet
  {
    var set = CodePointSet.empty
    var pending: (left: CodePointSet, operation: Operator)?
    func combined() -> CodePointSet {
      let right = ignoresCase ? CaseFolding.shared.closure(of: set) : set
      guard let pending else { return set }
      let left = ignoresCase ? CaseFolding.shared.closure(of: pending.left) : pending.left
      return switch pending.operation {
      case .intersection: left.intersection(right)
      case .difference: left.subtracting(right)
      case .symmetricDifference: left.symmetricDifference(right)
      }
    }
    var isEmpty = true
    while take("-") {
      set = CodePointSet(45)
      isEmpty = false
    }
    if isEmpty, take("]") { set = CodePointSet(93) }
    while true {
      guard at < text.count else { throw .malformed(offset: at, expected: "]") }
      if take("]") { return combined() }
      if let operation: Operator =
        take("&&")
        ? .intersection
        : take("--") ? .difference : take("~~") ? .symmetricDifference : nil
      {
        (pending, set) = ((combined(), operation), .empty)
      } else if next(is: "["), let posix = try posixBracket() {
        set = set.union(posix)
      } else if next(is: "[") {
        set = set.union(try bracket(isOutermost: false, depth: depth + 1))
      } else {
        set = set.union(try rustRange())
      }
    }
  }

  /// A member, or a range of two.
  private mutating func rustRange() throws(PatternError) -> CodePointSet {
    let first = try rustMember()
    guard next(is: "-"), !next(is: "]", after: 1), !next(is: "-", after: 1) else {
      return first.set
    }
    let start = at
    at += 1
    if next(is: "[") { throw .refused(offset: at, construct: "an unescaped [ in a range") }
    let last = try rustMember()
    guard let low = first.literal, let high = last.literal, low <= high else {
      throw .malformed(offset: start, expected: "a range of characters that goes upwards")
    }
    return CodePointSet(low, high)
  }

  private mutating func rustMember() throws(PatternError) -> Character {
    guard at < text.count else { throw .malformed(offset: at, expected: "]") }
    if next(is: "\\") { return try escape(inClass: true) }
    at += 1
    return literal(text[at - 1])
  }
}
