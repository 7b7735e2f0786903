/// A pattern of either dialect, written for ICU's engine so that it matches the same.
///
/// Classes are written as ranges of the pinned Unicode tables and not by name, so that the installed
/// ICU does not decide what a letter is. Only the structure around them is translated here, one
/// construct after the other: what ICU would read differently is spelled out, and what it cannot do
/// is refused with its place. The rules for Oniguruma are those of its own syntax (regsyntax.c,
/// regparse.c), as the `tokenizers` library uses it.
struct ICUPatternText {
  var output = ICUExpression()

  struct Group {
    /// Where it begins in the output.
    var start: Int
    /// Options outside of it.
    var options: Options
    /// Whether ICU's own case flag is on outside of it.
    var isCaseless: Bool
    /// Groups that end with it, opened for an isolated option such as `(?i)`.
    var inner = 0
    var isRepeatable = true
    var setsOptions = false
    /// What was known of the branch around it, and that branch's group.
    var nullability: Nullability
  }

  /// Whether what was read so far of a group can match nothing.
  struct Nullability {
    /// The branch, but for its last construct.
    var branch = true
    /// The last construct.
    var last = true
    /// One of the branches before.
    var earlier = false

    var whole: Bool { earlier || branch && last }

    mutating func append(_ isNullable: Bool) {
      branch = branch && last
      last = isNullable
    }

    mutating func endBranch() { self = Nullability(earlier: whole) }
  }

  struct Options {
    var ignoresCase = false
    /// `.` takes line feeds.
    var dotTakesAll = false
    /// `^` and `$` hold at line feeds.
    var holdsAtLines = false
    /// Blanks and comments between constructs mean nothing.
    var isExtended = false
  }

  let dialect: PatternDialect
  let text: [UInt32]
  var parser: CharacterParser
  var at = 0
  var groups: [Group] = []
  /// Groups opened at the top level for isolated options.
  var topLevelInner = 0
  var options: Options
  var nullability = Nullability()
  /// Where the construct begins that a quantifier would repeat; nil where there is none.
  var atom: Int?
  var captures = 0
  /// The greatest group that is referred to, and where.
  var reference = (group: 0, read: 0)
  var names: [[UInt32]: Int] = [:]
  /// Whether groups without a name capture: in Oniguruma not beside groups with one.
  var countsPlainGroups = true

  init(_ pattern: SplitPattern) throws(PatternError) {
    self.init(pattern, countsPlainGroups: true)
    try translate()
    if dialect == .huggingFace, !names.isEmpty, captures > names.count {
      self.init(pattern, countsPlainGroups: false)
      try translate()
    }
  }

  private init(_ pattern: SplitPattern, countsPlainGroups: Bool) {
    dialect = pattern.dialect
    text = pattern.text.unicodeScalars.map(\.value)
    parser = CharacterParser(pattern)
    options = Options(holdsAtLines: pattern.dialect == .huggingFace)
    self.countsPlainGroups = countsPlainGroups
  }

  func next(is character: Unicode.Scalar, after distance: Int = 0) -> Bool {
    at + distance < text.count && text[at + distance] == character.value
  }

  mutating func take(_ word: StaticString) -> Bool {
    word.withUTF8Buffer { word in
      guard text.count - at >= word.count,
        word.indices.allSatisfy({ text[at + $0] == UInt32(word[$0]) })
      else { return false }
      at += word.count
      return true
    }
  }

  /// What is above a million stays above it, and nothing takes that.
  mutating func number() -> Int? {
    var value: Int?
    while at < text.count, (48...57).contains(text[at]) {
      value = min(value ?? 0, 1_000_000) * 10 + Int(text[at]) - 48
      at += 1
    }
    return value
  }

  mutating func translate() throws(PatternError) {
    while at < text.count {
      output.begin(source: at)
      if options.isExtended, skipBlank() { continue }
      switch Unicode.Scalar(text[at]) {
      case "(": try open()
      case ")":
        guard let group = groups.popLast() else {
          throw .malformed(offset: at, expected: "no closing parenthesis")
        }
        at += 1
        close(group)
      case "|":
        at += 1
        output.write("|")
        nullability.endBranch()
        atom = nil
      case "*", "+", "?": try quantify()
      case "{" where hasInterval: try quantify()
      case "{" where dialect == .tiktoken:
        throw .malformed(offset: at, expected: "an interval such as {1,3}, or a backslash")
      case "^":
        at += 1
        lineStart()
      case "$":
        at += 1
        atom = nil
        if options.holdsAtLines { output.write("$") } else { output.write("\\z") }
      case ".":
        at += 1
        try writeAtom(
          options.dotTakesAll ? .all : CodePointSet(10, 10).complement)
      case "\\": try escape()
      default: try single()
      }
    }
    if let group = groups.last { throw .malformed(offset: text.count, expected: closing(group)) }
    endIsolatedOptions(topLevelInner)
    guard reference.group <= captures else {
      throw .refused(offset: reference.read, construct: "a reference to an unknown group")
    }
    try output.checkLength()
  }

  mutating func writeAtom(_ set: CodePointSet) throws(PatternError) {
    output.setCaseless(false)
    begin()
    try output.write(set)
  }

  /// Notes that a construct begins that may be repeated.
  mutating func begin(isNullable: Bool = false) {
    nullability.append(isNullable)
    atom = output.bytes.count
  }

  /// A literal or a set, by the rules that the automaton has for them.
  mutating func single() throws(PatternError) {
    parser.at = at
    parser.ignoresCase = options.ignoresCase && dialect == .tiktoken
    var character = try parser.character()
    if options.ignoresCase, dialect == .huggingFace {
      if let literal = character.literal {
        // ICU folds several characters to one as Oniguruma does, where they are literals.
        at = parser.at
        output.setCaseless(true)
        begin()
        return output.write(scalar: literal)
      }
      parser.at = at
      parser.ignoresCase = true
      character = try parser.character()
    }
    at = parser.at
    output.setCaseless(false)
    if let literal = character.literal, !options.ignoresCase {
      begin()
      output.write(scalar: literal)
    } else {
      try writeAtom(character.set)
    }
  }

  /// Blanks and comments of the extended form.
  mutating func skipBlank() -> Bool {
    if next(is: "#") {
      while at < text.count, !next(is: "\n") { at += 1 }
      return true
    }
    guard (9...13).contains(text[at]) || text[at] == 32 else { return false }
    at += 1
    return true
  }

  mutating func lineStart() {
    atom = nil
    if dialect == .huggingFace {
      // Oniguruma has no line behind a final line feed, ICU has.
      output.write("(?:\\A|^(?!\\z))")
    } else if options.holdsAtLines {
      output.write("^")
    } else {
      output.write("\\A")
    }
  }

  mutating func wordEdge(_ isEdge: Bool) throws(PatternError) {
    output.setCaseless(false)
    atom = nil
    let word = parser.word(inClass: false)
    output.write("(?:(?<=")
    try output.write(word)
    if isEdge { output.write(")(?!") } else { output.write(")(?=") }
    try output.write(word)
    output.write(")|(?<!")
    try output.write(word)
    if isEdge { output.write(")(?=") } else { output.write(")(?!") }
    try output.write(word)
    output.write("))")
  }

  mutating func escape() throws(PatternError) {
    let start = at
    guard at + 1 < text.count else {
      throw .malformed(offset: at + 1, expected: "the escaped character")
    }
    let isOniguruma = dialect == .huggingFace
    if take("\\A") {
      atom = nil
      return output.write("\\A")
    }
    if take("\\z") {
      atom = nil
      return output.write("\\z")
    }
    if take("\\Z") {
      atom = nil
      return output.write("(?=\\x{a}?\\z)")
    }
    if take("\\b") { return try wordEdge(true) }
    if take("\\B") { return try wordEdge(false) }
    if isOniguruma {
      if take("\\R") {
        output.setCaseless(false)
        begin()
        return output.write("(?>\\x{d}\\x{a}|[\\x{a}-\\x{d}\\x{85}\\x{2028}\\x{2029}])")
      }
      if take("\\N") { return try writeAtom(CodePointSet(10, 10).complement) }
      if take("\\O") { return try writeAtom(.all) }
      if take("\\X") {
        begin()
        return output.write("\\X")
      }
    }
    if (49...57).contains(text[at + 1]) {
      at += 1
      guard let group = number(), group <= 9 || group <= captures else {
        throw .refused(offset: start, construct: "this reference")
      }
      guard countsPlainGroups, names.isEmpty || dialect == .tiktoken else {
        throw .refused(offset: start, construct: "a reference by number beside named groups")
      }
      return try writeReference(to: group)
    }
    if take("\\k<") || take("\\k'") {
      let name = try name(closedBy: text[at - 1] == 39 ? "'" : ">")
      if let number = names[name] { return try writeReference(to: number) }
      guard let first = name.first, first == 45 || (48...57).contains(first),
        let number = Int(String(decoding: name.map { UInt8(clamping: $0) }, as: UTF8.self))
      else { throw .refused(offset: start, construct: "a reference to an unknown group") }
      let group = number < 0 ? captures + 1 + number : number
      guard group > 0, names.isEmpty else {
        throw .refused(offset: start, construct: "this reference")
      }
      return try writeReference(to: group)
    }
    for refused in ["K", "G", "g", "y", "Y"] as [Unicode.Scalar] where next(is: refused, after: 1) {
      throw .refused(offset: start, construct: "\\\(refused)")
    }
    try single()
  }

  mutating func writeReference(to group: Int) throws(PatternError) {
    if group > reference.group { reference = (group, output.source) }
    if options.ignoresCase, dialect == .tiktoken {
      throw .refused(offset: output.source, construct: "a caseless reference")
    }
    output.setCaseless(options.ignoresCase)
    begin(isNullable: true)
    output.write("(?:\\")
    output.write(group)
    output.write(")")
  }

  mutating func name(closedBy end: Unicode.Scalar) throws(PatternError) -> [UInt32] {
    let start = at
    while at < text.count, !next(is: end) { at += 1 }
    guard at < text.count, at > start else {
      throw .malformed(offset: at, expected: "a name and \(end)")
    }
    at += 1
    return Array(text[start..<(at - 1)])
  }
}
