/// A pattern as tables: one step per character, whatever the pattern and the text.
public final class CompiledPattern: Sendable {
  private enum Tables: Sendable {
    case slots(WalkTables)
    case registers(RegisterTables)
  }

  private let tables: Tables
  private let cuts: CutTable

  /// `linesAreDocuments`: a text is many documents, each a line with its `\n`; pieces never span
  /// it, and look-ahead sees the end of text there.
  public init(_ pattern: SplitPattern, linesAreDocuments: Bool = false) throws(PatternError) {
    var parser = PatternParser(pattern)
    guard let tree = AtomicGroups.removed(from: try parser.parse()) else {
      throw .unsuitable(reason: "an atomic group could match in several ways")
    }
    var program = try PatternProgram(tree)
    _ = program.number(of: .lineFeed)
    let classes = try CharacterClasses(of: program.sets)
    let lineFeed = classes.number(of: 10)
    let closure = ThreadClosure(program, classes)
    if var automaton = try SlotAutomaton(closure, classCount: classes.count) {
      if linesAreDocuments { automaton = automaton.withLinesAsDocuments(lineFeed: lineFeed) }
      let numbers = automaton.reduce()
      let tables = WalkTables(automaton, classes.renumbered(numbers))
      self.tables = .slots(tables)
      cuts = tables.cuts
    } else if var automaton = try RegisterAutomaton(closure, classCount: classes.count) {
      if linesAreDocuments { automaton = automaton.withLinesAsDocuments(lineFeed: lineFeed) }
      let numbers = automaton.reduce()
      guard let tables = RegisterTables(automaton, classes.renumbered(numbers)) else {
        throw .tooManyStates
      }
      self.tables = .registers(tables)
      cuts = tables.cuts
    } else {
      throw .unsuitable(reason: "a match can stay undecided while too many others end in it")
    }
  }

  /// Each line with its `\n` is one piece: documents that no pattern cuts.
  public static func lines() throws(PatternError) -> CompiledPattern {
    try CompiledPattern(SplitPattern(#"[\s\S]+"#), linesAreDocuments: true)
  }

  /// Whether `nextCut` can find anything.
  public var hasCuts: Bool { cuts.hasCuts }

  /// Ends that `pieceEnds` may write and take back, beyond one for each byte.
  public static let spareEnds = 2 * WalkTables.slack

  /// Ends of the pieces of text[lower..<upper], as offsets from `text`, ascending, written to
  /// `ends`; returns how many.
  ///
  /// `startsDocument` false: `lower` is a cut returned by `nextCut`, the character before it is
  /// readable. `endsDocument` false: so is `upper`, with the character after it. `text` must have 16
  /// readable bytes after `upper`, `ends` room for (upper - lower) + `spareEnds`.
  public func pieceEnds(
    of text: UnsafePointer<UInt8>, from lower: Int, to upper: Int, startsDocument: Bool,
    endsDocument: Bool, into ends: UnsafeMutablePointer<UInt32>
  ) -> Int {
    switch tables {
    case .slots(let tables):
      tables.walk(text, lower, upper, startsDocument, endsDocument, ends)
    case .registers(let tables):
      tables.walk(text, lower, upper, startsDocument, endsDocument, ends, mark: 0)
    }
  }

  /// Added by `markedPieceEnds` to the ends of pieces that are matches; the others lie between
  /// matches. Between two of those that touch stands an empty match.
  public static let matchMark: UInt32 = 1 << 31

  /// As `pieceEnds`, at half the speed, with `matchMark` added to the ends of matches; `upper` must
  /// be less than it.
  public func markedPieceEnds(
    of text: UnsafePointer<UInt8>, from lower: Int, to upper: Int, startsDocument: Bool,
    endsDocument: Bool, into ends: UnsafeMutablePointer<UInt32>
  ) -> Int {
    switch tables {
    case .slots(let tables):
      tables.walkMarking(
        text, lower, upper, startsDocument, endsDocument, ends, mark: Self.matchMark)
    case .registers(let tables):
      tables.walk(text, lower, upper, startsDocument, endsDocument, ends, mark: Self.matchMark)
    }
  }

  /// The first place p in lower..<upper, p > 0, where the boundary between the characters around
  /// p is certain whatever stands further away; nil if none. Both lie inside text[..<count].
  public func nextCut(
    in text: UnsafePointer<UInt8>, count: Int, from lower: Int, to upper: Int
  ) -> Int? {
    cuts.next(in: text, count: count, from: lower, to: upper)
  }
}
