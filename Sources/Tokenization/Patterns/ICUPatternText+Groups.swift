/// Groups, their names and the options that hold in them.
extension ICUPatternText {
  private static let deepest = 100

  mutating func open() throws(PatternError) {
    let start = at
    guard groups.count < Self.deepest else {
      throw .refused(offset: start, construct: "more than \(Self.deepest) groups in each other")
    }
    var group = Group(
      start: output.bytes.count, options: options, isCaseless: output.isCaseless,
      nullability: nullability)
    at += 1
    if next(is: "*") { throw .malformed(offset: at, expected: "something to repeat") }
    if !next(is: "?") {
      capture(&group)
    } else if take("?#") {
      while at < text.count, !next(is: ")") { at += next(is: "\\") ? 2 : 1 }
      guard at < text.count else { throw .malformed(offset: text.count, expected: closing(group)) }
      at += 1
      return
    } else if take("?:") {
      group.setsOptions = true
      output.write("(?:")
    } else if take("?>") {
      output.write("(?>")
    } else if take("?=") {
      output.write("(?=")
      group.isRepeatable = false
    } else if take("?!") {
      output.write("(?!")
      group.isRepeatable = false
    } else if take("?<=") {
      output.write("(?<=")
      group.isRepeatable = false
    } else if take("?<!") {
      output.write("(?<!")
      group.isRepeatable = false
    } else if take("?<") || take("?'") || dialect == .tiktoken && take("?P<") {
      let name = try name(closedBy: text[at - 1] == 39 ? "'" : ">")
      guard names[name] == nil else { throw .refused(offset: start, construct: "a repeated name") }
      captures += 1
      names[name] = captures
      output.write("(")
    } else {
      at += 1
      return try openOptions(group, start)
    }
    enter(group)
  }

  mutating func enter(_ group: Group) {
    groups.append(group)
    nullability = Nullability()
    atom = nil
  }

  mutating func capture(_ group: inout Group) {
    if countsPlainGroups {
      captures += 1
      output.write("(")
    } else {
      output.write("(?:")
    }
  }

  /// `(?i:...)`, and `(?i)` for the rest of the group.
  mutating func openOptions(_ group: Group, _ start: Int) throws(PatternError) {
    var group = group
    group.setsOptions = true
    var isOn = true
    while at < text.count, !next(is: ":"), !next(is: ")") {
      switch (Unicode.Scalar(text[at]), dialect) {
      case ("-", _): isOn = false
      case ("i", _): options.ignoresCase = isOn
      case ("x", .huggingFace): options.isExtended = isOn
      case ("u", .tiktoken) where isOn: break
      case ("m", .huggingFace), ("s", .tiktoken): options.dotTakesAll = isOn
      case ("m", .tiktoken): options.holdsAtLines = isOn
      default: throw .refused(offset: start, construct: "this kind of group")
      }
      at += 1
    }
    guard at < text.count else { throw .malformed(offset: at, expected: "a closing parenthesis") }
    at += 1
    atom = nil
    if text[at - 1] == 58 {
      output.write("(?:")
      enter(group)
    } else if dialect == .huggingFace {
      // To the end of the group around it, alternatives included: a(?i)b|c is a(?i:b|c).
      output.write("(?:")
      if groups.isEmpty { topLevelInner += 1 } else { groups[groups.count - 1].inner += 1 }
    }
  }

  func closing(_ group: Group) -> String {
    "a closing parenthesis for the one at character \(output.source(of: group.start))"
  }

  mutating func endIsolatedOptions(_ count: Int) {
    for _ in 0..<count { output.write(")") }
  }

  mutating func close(_ group: Group) {
    endIsolatedOptions(group.inner)
    output.leaveGroup(isCaseless: group.isCaseless)
    // Rust's flags end with groups that set some, Oniguruma's with every group.
    if dialect == .huggingFace || group.setsOptions { options = group.options }
    let isNullable = !group.isRepeatable || nullability.whole
    nullability = group.nullability
    nullability.append(isNullable)
    atom = group.isRepeatable ? group.start : nil
  }
}
