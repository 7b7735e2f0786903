/// A pattern of either dialect, written for ICU's engine so that it matches the same.
///
/// Classes are written as ranges of the pinned Unicode tables and not by name, so that the installed
/// ICU does not decide what a letter is. Only the structure around them is translated here, one
/// construct after the other: what ICU would read differently is spelled out, and what it cannot do
/// is refused with its place. The rules for Oniguruma are those of its own syntax (regsyntax.c,
/// regparse.c), as the `tokenizers` library uses it.
struct ICUPatternText {
  /// ASCII.
  private(set) var bytes: [UInt8] = []

  private struct Group {
    /// Where it begins in `bytes`.
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
  private struct Nullability {
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

  private struct Options {
    var ignoresCase = false
    /// `.` takes line feeds.
    var dotTakesAll = false
    /// `^` and `$` hold at line feeds.
    var holdsAtLines = false
    /// Blanks and comments between constructs mean nothing.
    var isExtended = false
  }

  /// Longest text for ICU, in bytes: a class of letters takes 12 KB, and 4 MB some tenths of a second.
  private static let longest = 4 << 20
  private static let deepest = 100

  private let dialect: PatternDialect
  private let text: [UInt32]
  private var parser: CharacterParser
  private var at = 0
  /// Pairs of a place in `bytes` and the place in the pattern that it comes from, ascending.
  private var sources: [(written: Int, read: Int)] = []
  private var groups: [Group] = []
  private var options: Options
  private var isCaseless = false
  private var nullability = Nullability()
  /// Where the construct begins that a quantifier would repeat; nil where there is none.
  private var atom: Int?
  private var captures = 0
  /// The greatest group that is referred to, and where.
  private var reference = (group: 0, read: 0)
  private var names: [[UInt32]: Int] = [:]
  /// Whether groups without a name capture: in Oniguruma not beside groups with one.
  private var countsPlainGroups = true

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

  /// The place in the pattern, in scalars, of a byte of the translation.
  func source(of offset: Int) -> Int {
    sources.last { $0.written <= offset }?.read ?? 0
  }

  // MARK: - Reading

  private func next(is character: Unicode.Scalar, after distance: Int = 0) -> Bool {
    at + distance < text.count && text[at + distance] == character.value
  }

  private mutating func take(_ word: StaticString) -> Bool {
    word.withUTF8Buffer { word in
      guard text.count - at >= word.count,
        word.indices.allSatisfy({ text[at + $0] == UInt32(word[$0]) })
      else { return false }
      at += word.count
      return true
    }
  }

  /// What is above a million stays above it, and nothing takes that.
  private mutating func number() -> Int? {
    var value: Int?
    while at < text.count, (48...57).contains(text[at]) {
      value = min(value ?? 0, 1_000_000) * 10 + Int(text[at]) - 48
      at += 1
    }
    return value
  }

  // MARK: - Writing

  private mutating func write(_ words: StaticString) {
    words.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  private mutating func write(_ number: Int, radix: Int = 10) {
    bytes.append(contentsOf: String(number, radix: radix).utf8)
  }

  private mutating func write(scalar: UInt32) {
    write("\\x{")
    write(Int(scalar), radix: 16)
    write("}")
  }

  private mutating func write(_ set: CodePointSet) throws(PatternError) {
    guard bytes.count < Self.longest else {
      throw .unsuitable(reason: "it is too long; shorten it")
    }
    if set.bounds.isEmpty { return write("[^\\x{0}-\\x{10ffff}]") }
    write("[")
    for index in stride(from: 0, to: set.bounds.count, by: 2) {
      write(scalar: set.bounds[index])
      if set.bounds[index + 1] - set.bounds[index] > 1 {
        write("-")
        write(scalar: set.bounds[index + 1] - 1)
      }
    }
    write("]")
  }

  /// ICU's own case flag, which holds to the end of the group; literals need it, sets must not
  /// have it, since they are closed already.
  private mutating func setCaseless(_ wanted: Bool) {
    if wanted != isCaseless {
      if wanted { write("(?i)") } else { write("(?-i)") }
      isCaseless = wanted
    }
  }

  /// Puts the last construct into a group, to be repeated as a whole.
  private mutating func enclose(from start: Int) {
    bytes.insert(contentsOf: Array("(?:".utf8), at: start)
    write(")")
    for index in sources.indices.reversed() {
      guard sources[index].written > start else { break }
      sources[index].written += 3
    }
  }

  // MARK: - Constructs

  private mutating func translate() throws(PatternError) {
    while at < text.count {
      sources.append((bytes.count, at))
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
        write("|")
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
        if options.holdsAtLines { write("$") } else { write("\\z") }
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
    guard bytes.count < Self.longest else {
      throw .unsuitable(reason: "it is too long; shorten it")
    }
  }

  private func closing(_ group: Group) -> String {
    "a closing parenthesis for the one at character \(source(of: group.start))"
  }

  /// Groups opened at the top level for isolated options.
  private var topLevelInner = 0

  private mutating func endIsolatedOptions(_ count: Int) {
    for _ in 0..<count { write(")") }
  }

  private mutating func close(_ group: Group) {
    endIsolatedOptions(group.inner)
    write(")")
    // Rust's flags end with groups that set some, Oniguruma's with every group.
    if dialect == .huggingFace || group.setsOptions { options = group.options }
    isCaseless = group.isCaseless
    let isNullable = !group.isRepeatable || nullability.whole
    nullability = group.nullability
    nullability.append(isNullable)
    atom = group.isRepeatable ? group.start : nil
  }

  private mutating func writeAtom(_ set: CodePointSet) throws(PatternError) {
    setCaseless(false)
    begin()
    try write(set)
  }

  /// Notes that a construct begins that may be repeated.
  private mutating func begin(isNullable: Bool = false) {
    nullability.append(isNullable)
    atom = bytes.count
  }

  /// A literal or a set, by the rules that the automaton has for them.
  private mutating func single() throws(PatternError) {
    parser.at = at
    parser.ignoresCase = options.ignoresCase && dialect == .tiktoken
    var character = try parser.character()
    if options.ignoresCase, dialect == .huggingFace {
      if let literal = character.literal {
        // ICU folds several characters to one as Oniguruma does, where they are literals.
        at = parser.at
        setCaseless(true)
        begin()
        return write(scalar: literal)
      }
      parser.at = at
      parser.ignoresCase = true
      character = try parser.character()
    }
    at = parser.at
    setCaseless(false)
    if let literal = character.literal, !options.ignoresCase {
      begin()
      write(scalar: literal)
    } else {
      try writeAtom(character.set)
    }
  }

  /// Blanks and comments of the extended form.
  private mutating func skipBlank() -> Bool {
    if next(is: "#") {
      while at < text.count, !next(is: "\n") { at += 1 }
      return true
    }
    guard (9...13).contains(text[at]) || text[at] == 32 else { return false }
    at += 1
    return true
  }

  private mutating func lineStart() {
    atom = nil
    if dialect == .huggingFace {
      // Oniguruma has no line behind a final line feed, ICU has.
      write("(?:\\A|^(?!\\z))")
    } else if options.holdsAtLines {
      write("^")
    } else {
      write("\\A")
    }
  }

  private mutating func wordEdge(_ isEdge: Bool) throws(PatternError) {
    setCaseless(false)
    atom = nil
    let word = parser.word(inClass: false)
    write("(?:(?<=")
    try write(word)
    if isEdge { write(")(?!") } else { write(")(?=") }
    try write(word)
    write(")|(?<!")
    try write(word)
    if isEdge { write(")(?=") } else { write(")(?!") }
    try write(word)
    write("))")
  }

  private mutating func escape() throws(PatternError) {
    let start = at
    guard at + 1 < text.count else {
      throw .malformed(offset: at + 1, expected: "the escaped character")
    }
    let isOniguruma = dialect == .huggingFace
    if take("\\A") {
      atom = nil
      return write("\\A")
    }
    if take("\\z") {
      atom = nil
      return write("\\z")
    }
    if take("\\Z") {
      atom = nil
      return write("(?=\\x{a}?\\z)")
    }
    if take("\\b") { return try wordEdge(true) }
    if take("\\B") { return try wordEdge(false) }
    if isOniguruma {
      if take("\\R") {
        setCaseless(false)
        begin()
        return write("(?>\\x{d}\\x{a}|[\\x{a}-\\x{d}\\x{85}\\x{2028}\\x{2029}])")
      }
      if take("\\N") { return try writeAtom(CodePointSet(10, 10).complement) }
      if take("\\O") { return try writeAtom(.all) }
      if take("\\X") {
        begin()
        return write("\\X")
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

  private mutating func writeReference(to group: Int) throws(PatternError) {
    if group > reference.group { reference = (group, sources.last?.read ?? 0) }
    if options.ignoresCase, dialect == .tiktoken {
      throw .refused(offset: sources.last?.read ?? 0, construct: "a caseless reference")
    }
    setCaseless(options.ignoresCase)
    begin(isNullable: true)
    write("(?:\\")
    write(group)
    write(")")
  }

  private mutating func name(closedBy end: Unicode.Scalar) throws(PatternError) -> [UInt32] {
    let start = at
    while at < text.count, !next(is: end) { at += 1 }
    guard at < text.count, at > start else {
      throw .malformed(offset: at, expected: "a name and \(end)")
    }
    at += 1
    return Array(text[start..<(at - 1)])
  }

  // MARK: - Groups

  private mutating func open() throws(PatternError) {
    let start = at
    guard groups.count < Self.deepest else {
      throw .refused(offset: start, construct: "more than \(Self.deepest) groups in each other")
    }
    var group = Group(
      start: bytes.count, options: options, isCaseless: isCaseless, nullability: nullability)
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
      write("(?:")
    } else if take("?>") {
      write("(?>")
    } else if take("?=") {
      write("(?=")
      group.isRepeatable = false
    } else if take("?!") {
      write("(?!")
      group.isRepeatable = false
    } else if take("?<=") {
      write("(?<=")
      group.isRepeatable = false
    } else if take("?<!") {
      write("(?<!")
      group.isRepeatable = false
    } else if take("?<") || take("?'") || dialect == .tiktoken && take("?P<") {
      let name = try name(closedBy: text[at - 1] == 39 ? "'" : ">")
      guard names[name] == nil else { throw .refused(offset: start, construct: "a repeated name") }
      captures += 1
      names[name] = captures
      write("(")
    } else {
      at += 1
      return try openOptions(group, start)
    }
    enter(group)
  }

  private mutating func enter(_ group: Group) {
    groups.append(group)
    nullability = Nullability()
    atom = nil
  }

  private mutating func capture(_ group: inout Group) {
    if countsPlainGroups {
      captures += 1
      write("(")
    } else {
      write("(?:")
    }
  }

  /// `(?i:...)`, and `(?i)` for the rest of the group.
  private mutating func openOptions(_ group: Group, _ start: Int) throws(PatternError) {
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
      write("(?:")
      enter(group)
    } else if dialect == .huggingFace {
      // To the end of the group around it, alternatives included: a(?i)b|c is a(?i:b|c).
      write("(?:")
      if groups.isEmpty { topLevelInner += 1 } else { groups[groups.count - 1].inner += 1 }
    }
  }

  // MARK: - Quantifiers

  /// Whether an interval stands here; otherwise the brace is a literal.
  private var hasInterval: Bool {
    var scan = self
    return scan.interval() != nil
  }

  private mutating func interval() -> (least: Int, most: Int?)? {
    guard take("{") else { return nil }
    let least = number()
    if take("}") { return least.map { ($0, $0) } }
    guard take(",") else { return nil }
    let most = number()
    guard take("}"), least != nil || most != nil || dialect == .tiktoken else { return nil }
    return (least ?? 0, most)
  }

  private mutating func quantify() throws(PatternError) {
    let start = at
    guard let atom else {
      throw .malformed(offset: at, expected: "something to repeat, or a backslash")
    }
    var (least, most): (Int, Int?) = (0, nil)
    var isInterval = false
    if take("*") {
    } else if take("+") {
      least = 1
    } else if take("?") {
      most = 1
    } else if let interval = interval() {
      (least, most) = interval
      isInterval = true
    }
    guard max(least, most ?? 0) <= 100_000 else {
      throw .refused(offset: start, construct: "an interval beyond 100000")
    }
    var isPossessive = false
    if let upper = most, upper < least {
      // Oniguruma: {3,1} is the possessive {1,3}.
      guard dialect == .huggingFace else {
        throw .malformed(offset: start, expected: "an interval such as {1,3}")
      }
      (least, most) = (upper, least)
      isPossessive = true
    }
    let isFixed = isInterval && most == least
    let isLazy =
      !isPossessive && !(isFixed && dialect == .huggingFace) && take("?")
    if !isLazy, !isPossessive, !(isInterval && dialect == .huggingFace) {
      isPossessive = take("+")
    }
    // ICU runs along a set for * and + alone; an interval saves each place to come back to.
    switch (least, most) {
    case (0, nil): write("*")
    case (1, nil): write("+")
    case (0, 1): write("?")
    default:
      write("{")
      write(least)
      if most != least {
        write(",")
        if let most { write(most) }
      }
      write("}")
    }
    if nullability.last, isInterval || isLazy && most == nil {
      // ICU goes round without end, or leaves at another time than Oniguruma.
      throw .refused(
        offset: start, construct: "a lazy or counted repetition of what may match nothing")
    }
    if least == 0 { nullability.last = true }
    if isLazy { write("?") }
    if isPossessive { write("+") }
    // What follows may repeat all this, and {2}? or {1,3}+ would be read as one quantifier.
    enclose(from: atom)
    self.atom = atom
  }
}
