/// Reads the text of a pattern in its dialect; refuses what the automaton cannot express.
///
/// Rules: Oniguruma's own syntax (regparse.c; `OnigSyntaxOniguruma`) as the `tokenizers` library uses
/// it, and fancy-regex's (parse.rs) as `tiktoken` does.
struct PatternParser {
  var characters: CharacterParser
  let dialect: PatternDialect

  struct Flags {
    /// `.` takes line feeds.
    var dotTakesAll = false
    /// `^` and `$` hold at line feeds.
    var holdsAtLines = false
    var ignoresCase = false
  }
  var flags = Flags()
  var depth = 0
  /// Case-folded literals that may stand just before the next one, where case is ignored.
  var before: [UInt32] = []
  /// What would make Oniguruma read a pattern of the other dialect equally.
  var edits: [PatternEdit] = []

  static let deepest = 200
  /// Repetitions of repetitions, as in `a+?+`.
  private static let mostQuantifiers = 8

  init(_ pattern: SplitPattern) {
    characters = CharacterParser(pattern)
    dialect = pattern.dialect
    flags.holdsAtLines = isOniguruma
  }

  var isOniguruma: Bool { dialect == .huggingFace }
  var text: [UInt32] { characters.text }
  var at: Int {
    get { characters.at }
    set { characters.at = newValue }
  }

  mutating func parse() throws(PatternError) -> PatternNode {
    let node = try choice()
    if at < text.count { throw .malformed(offset: at, expected: "no closing parenthesis") }
    return node
  }

  mutating func edit(_ start: Int, _ text: String) {
    if !isOniguruma {
      edits.append(PatternEdit(at: start, removing: at - start, inserting: text))
    }
  }

  func next(is character: Unicode.Scalar) -> Bool { characters.next(is: character) }
  mutating func take(_ word: StaticString) -> Bool { characters.take(word) }

  // MARK: - Structure

  mutating func choice() throws(PatternError) -> PatternNode {
    let start = before
    var ends: [UInt32] = []
    var branches: [PatternNode] = []
    repeat {
      before = start
      branches.append(try sequence())
      ends += before
    } while take("|")
    before = ends
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(PatternError) -> PatternNode {
    var parts: [PatternNode] = []
    while at < text.count, !next(is: "|"), !next(is: ")") { parts.append(try quantified()) }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  // MARK: - Quantifiers

  private struct Quantifier {
    var least = 0
    var most: Int?
    var isInterval = false
    var isPossessive = false
  }

  private mutating func quantified() throws(PatternError) -> PatternNode {
    let start = at
    var node = try atom()
    var count = 0
    while true {
      let place = at
      guard var quantifier = try quantifier() else { return node }
      before = []
      count += 1
      guard at > place, place > start else {
        throw .malformed(offset: place, expected: "something to repeat, or a backslash")
      }
      if count > 1, !isOniguruma {
        throw .malformed(offset: place, expected: "one quantifier")
      }
      if count > Self.mostQuantifiers {
        throw .refused(offset: place, construct: "so many quantifiers in a row")
      }
      if case .look = node { throw .refused(offset: place, construct: "a repeated assertion") }
      if node.isNullable {
        throw .refused(offset: place, construct: "a repetition of what may be empty")
      }
      // In Oniguruma `{2}?` is an optional `{2}`, and `{1,3}+` one or more of `{1,3}`.
      let isFixed = quantifier.isInterval && quantifier.most == quantifier.least
      let suffix = at
      let isLazy = !quantifier.isPossessive && !(isOniguruma && isFixed) && take("?")
      if isLazy, isFixed { edit(suffix, "") }
      let plus = at
      if isOniguruma ? !isLazy && !quantifier.isInterval : true, take("+") {
        quantifier.isPossessive = true
        if isLazy || quantifier.isInterval {
          if !isOniguruma { edits.append(PatternEdit(at: start, removing: 0, inserting: "(?>")) }
          edit(plus, ")")
        }
      }
      node = loop(node, quantifier, isLazy: isLazy, at: place)
      guard node.size(upTo: PatternProgram.largest) <= PatternProgram.largest else {
        throw .refused(offset: place, construct: "an interval this large")
      }
    }
  }

  private func loop(
    _ body: PatternNode, _ quantifier: Quantifier, isLazy: Bool, at place: Int
  ) -> PatternNode {
    var possessive = quantifier.isPossessive
    if case .set = body, !isLazy {
    } else {
      possessive = false
    }
    let node = PatternNode.loop(
      body, least: quantifier.least, most: quantifier.most, lazy: isLazy, possessive: possessive)
    return quantifier.isPossessive && !possessive ? .atomic(node, place: place) : node
  }

  /// The quantifier that stands here, read over, without what makes it lazy or possessive.
  private mutating func quantifier() throws(PatternError) -> Quantifier? {
    if take("*") { return Quantifier() }
    if take("+") { return Quantifier(least: 1) }
    if take("?") { return Quantifier(most: 1) }
    guard next(is: "{") else { return nil }
    let start = at
    guard var quantifier = interval() else {
      // The brace is a literal.
      at = start
      return nil
    }
    if let most = quantifier.most, most < quantifier.least {
      guard isOniguruma else {
        throw .malformed(offset: start, expected: "an interval such as {1,3}")
      }
      // There `{3,1}` is the possessive form of `{1,3}`.
      (quantifier.least, quantifier.most) = (most, quantifier.least)
      quantifier.isPossessive = true
    }
    if quantifier.least == 0, quantifier.most == nil { edit(start, "*") }
    return quantifier
  }

  private mutating func interval() -> Quantifier? {
    guard take("{") else { return nil }
    let least = number()
    if take("}") {
      return least.map { Quantifier(least: $0, most: $0, isInterval: true) }
    }
    guard take(",") else { return nil }
    let most = number()
    guard take("}"), least != nil || most != nil || !isOniguruma else { return nil }
    return Quantifier(least: least ?? 0, most: most, isInterval: true)
  }

  /// What is above a hundred thousand stays above it, and no program is so large.
  private mutating func number() -> Int? {
    var value: Int?
    while at < text.count, (48...57).contains(text[at]) {
      value = min(value ?? 0, 100_000) * 10 + Int(text[at]) - 48
      at += 1
    }
    return value
  }

  // MARK: - Atoms

  private mutating func atom() throws(PatternError) -> PatternNode {
    let start = at
    switch Unicode.Scalar(text[at]) {
    case "(":
      at += 1
      return try group(start)
    case "^":
      at += 1
      before = []
      edit(start, flags.holdsAtLines ? #"(?<=\A|\n)"# : #"\A"#)
      return flags.holdsAtLines ? lineStart : .look(.textBegins)
    case "$":
      at += 1
      before = []
      if !flags.holdsAtLines { edit(start, #"\z"#) }
      let set = flags.holdsAtLines ? CodePointSet.lineFeed : .empty
      return .look(Look(behind: false, set: set, negative: false, atEdge: true))
    case ".":
      at += 1
      before = []
      return .set(flags.dotTakesAll ? .all : CodePointSet.lineFeed.complement)
    case "*", "+", "?": return .nothing
    case "{" where isOniguruma:
      var copy = self
      if copy.interval() != nil { return .nothing }
    case "\\":
      before =
        characters.next(is: "A", after: 1) || characters.next(is: "z", after: 1) ? [] : before
      if take("\\A") { return .look(.textBegins) }
      if take("\\z") { return .look(.textEnds) }
      if characters.next(is: "b", after: 1) || characters.next(is: "B", after: 1) {
        return try wordEdge()
      }
    default: break
    }
    characters.ignoresCase = flags.ignoresCase
    let character = try characters.character()
    if joinsLiteral(character.literal) {
      if isOniguruma {
        throw .refused(offset: start, construct: "caseless characters that equal a single one")
      }
      before = []
      edit(start, CharacterParser.text(of: character.set, ignoresCase: true))
    } else if !isOniguruma, let edit = characters.edit(from: start, reading: character.set) {
      before = []
      edits.append(edit)
    }
    return .set(character.set)
  }

  /// Whether a literal and one before it are caseless and begin what equals one character, as `ss`
  /// equals ß in Oniguruma. Notes the literal.
  private mutating func joinsLiteral(_ literal: UInt32?) -> Bool {
    guard flags.ignoresCase, let literal else {
      before = []
      return false
    }
    let folded = CaseFolding.shared.folded(literal)
    let joins = before.contains { CaseFolding.shared.isExpansion($0, folded) }
    before = [folded]
    return joins
  }

  /// Oniguruma has no line behind a final line feed, Rust has.
  private var lineStart: PatternNode {
    let behindLine = Look(behind: true, set: .lineFeed, negative: false, atEdge: true)
    guard isOniguruma else { return .look(behindLine) }
    var inside = Look.textEnds
    (inside.negative, inside.atEdge) = (true, false)
    return .choice([
      .look(.textBegins), .sequence([.look(behindLine), .look(inside)]),
    ])
  }

  private mutating func wordEdge() throws(PatternError) -> PatternNode {
    let start = at
    let isEdge = take("\\b")
    if !isEdge { at += 2 }
    before = []
    if !isOniguruma, next(is: "{") {
      var copy = self
      if copy.interval() == nil {
        throw .refused(offset: start, construct: "a named word boundary")
      }
    }
    let word = CharacterParser.wordText
    edit(
      start,
      isEdge
        ? "(?:(?<=\(word))(?!\(word))|(?<!\(word))(?=\(word)))"
        : "(?:(?<=\(word))(?=\(word))|(?<!\(word))(?!\(word)))")
    let set = characters.word(inClass: false)
    func test(behind: Bool, _ inside: Bool) -> PatternNode {
      .look(Look(behind: behind, set: set, negative: !inside, atEdge: !inside))
    }
    return .choice([
      .sequence([test(behind: true, true), test(behind: false, !isEdge)]),
      .sequence([test(behind: true, false), test(behind: false, isEdge)]),
    ])
  }
}
