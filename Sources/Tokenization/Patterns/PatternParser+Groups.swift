/// Groups: plain, named, with flags, atomic, and look-around.
extension PatternParser {
  /// Reads a group behind its opening parenthesis.
  mutating func group(_ start: Int) throws(PatternError) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw .refused(offset: start, construct: "more than \(Self.deepest) groups in each other")
    }
    if take("?#") { return try comment(start) }
    if take("?=") { return try look(behind: false, negative: false, start) }
    if take("?!") { return try look(behind: false, negative: true, start) }
    if take("?<=") { return try look(behind: true, negative: false, start) }
    if take("?<!") { return try look(behind: true, negative: true, start) }
    if take("?:") { return try body(start) }
    if take("?>") {
      let node = try body(start)
      before = []
      return .atomic(node, place: start)
    }
    if take("?<") || take("?'") || !isOniguruma && take("?P<") {
      if text[start + 2] == 80 {
        edits.append(PatternEdit(at: start + 2, removing: 1, inserting: ""))
      }
      let close: Unicode.Scalar = text[at - 1] == 39 ? "'" : ">"
      let name = at
      while at < text.count, !next(is: close), !next(is: ")") { at += 1 }
      guard at > name, next(is: close) else {
        throw .malformed(offset: at, expected: "a name and \(close)")
      }
      at += 1
      return try body(start)
    }
    if next(is: "*") { throw .refused(offset: start, construct: "a verb") }
    return take("?") ? try flagGroup(start) : try body(start)
  }

  /// Alternatives up to the closing parenthesis. Oniguruma's flags end with the group; Rust's only
  /// with groups that set flags.
  private mutating func body(_ start: Int) throws(PatternError) -> PatternNode {
    let outer = flags
    let node = try choice()
    guard take(")") else {
      throw .malformed(
        offset: at, expected: "a closing parenthesis for the one at character \(start)")
    }
    let setsFlags = text[start + 1] == 63 && text[start + 2] == 58
    if isOniguruma || setsFlags { flags = outer }
    return node
  }

  private mutating func comment(_ start: Int) throws(PatternError) -> PatternNode {
    while at < text.count, !next(is: ")") { at += next(is: "\\") ? 2 : 1 }
    guard take(")") else {
      throw .malformed(
        offset: text.count, expected: "a closing parenthesis for the one at character \(start)")
    }
    return .nothing
  }

  /// `(?i:...)`, and `(?i)` for the rest of the group.
  private mutating func flagGroup(_ start: Int) throws(PatternError) -> PatternNode {
    let outer = flags
    let first = at
    var isOn = true
    while at < text.count, !next(is: ":"), !next(is: ")") {
      switch (Unicode.Scalar(text[at]), dialect) {
      case ("-", _): isOn = false
      case ("i", _): flags.ignoresCase = isOn
      case ("m", .huggingFace), ("s", .tiktoken): flags.dotTakesAll = isOn
      case ("m", .tiktoken): flags.holdsAtLines = isOn
      case ("u", .tiktoken) where isOn: break
      default: throw .refused(offset: start, construct: "this kind of group")
      }
      at += 1
    }
    // What is s there is m in Oniguruma, where m and u of Rust are always on.
    let others = text[first..<at].filter { $0 != 109 && $0 != 117 }.map { $0 == 115 ? 109 : $0 }
    edit(first, String(String.UnicodeScalarView(others.compactMap(Unicode.Scalar.init))))
    if take(":") {
      let node = try body(start)
      flags = outer
      return node
    }
    guard take(")") else { throw .malformed(offset: at, expected: "a closing parenthesis") }
    guard isOniguruma else { return .nothing }
    // There it reaches to the end of the group around it, alternatives included: a(?i)b|c is
    // a(?i:b|c).
    let node = try choice()
    flags = outer
    return node
  }

  private mutating func look(
    behind: Bool, negative: Bool, _ start: Int
  ) throws(PatternError) -> PatternNode {
    before = []
    let body = try body(start)
    before = []
    guard let assertion = Assertion.of(body, behind: behind) else {
      throw .refused(offset: start, construct: "look-around of more than one character")
    }
    return negative ? Assertion.negated(assertion) : assertion
  }
}
