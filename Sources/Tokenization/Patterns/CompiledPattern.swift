/// A pattern as tables: one step per character, whatever the pattern and the text.
public final class CompiledPattern: Sendable {
  private enum Tables: Sendable {
    case slots(WalkTables)
    case registers(RegisterTables)
  }

  private enum Automaton: Sendable {
    case slots(SlotAutomaton)
    case registers(RegisterAutomaton)
  }

  private let tables: Tables
  private let cuts: CutTable
  /// What cuts most texts, if there is such.
  private let blockWalk: BlockWalk?
  private let pattern: SplitPattern
  /// Of a text that is one document, before equal states and classes were merged.
  private let automaton: Automaton
  private let classes: CharacterClasses

  /// `linesAreDocuments`: a text is many documents, each a line with its `\n`; pieces never span
  /// it, and look-ahead sees the end of text there.
  public convenience init(
    _ pattern: SplitPattern, linesAreDocuments: Bool = false
  ) throws(PatternError) {
    try self.init(
      pattern, linesAreDocuments: linesAreDocuments,
      blockWalk: BlockWalk(pattern, linesAreDocuments: linesAreDocuments))
  }

  /// - Parameter blockWalk: what cuts most texts as the pattern does.
  convenience init(
    _ pattern: SplitPattern, linesAreDocuments: Bool = false, blockWalk: BlockWalk?
  ) throws(PatternError) {
    var parser = PatternParser(pattern)
    var program = try PatternProgram(AtomicGroups.removed(from: parser.parse()))
    _ = program.number(of: .lineFeed)
    let classes = try CharacterClasses(of: program.sets)
    let closure = ThreadClosure(program, classes)
    let automaton: Automaton
    if let slots = try SlotAutomaton(closure, classCount: classes.count) {
      automaton = .slots(slots)
    } else if let registers = try RegisterAutomaton(closure, classCount: classes.count) {
      automaton = .registers(registers)
    } else {
      throw .unsuitable(reason: "a match can stay undecided while too many others end in it")
    }
    try self.init(
      pattern, automaton, classes, linesAreDocuments: linesAreDocuments, blockWalk: blockWalk)
  }

  private init(
    _ pattern: SplitPattern, _ automaton: Automaton, _ classes: CharacterClasses,
    linesAreDocuments: Bool, blockWalk: BlockWalk?
  ) throws(PatternError) {
    self.pattern = pattern
    self.blockWalk = blockWalk
    self.automaton = automaton
    self.classes = classes
    let lineFeed = linesAreDocuments ? classes.number(of: 10) : nil
    switch automaton {
    case .slots(var automaton):
      if let lineFeed { automaton = automaton.withLinesAsDocuments(lineFeed: lineFeed) }
      let numbers = automaton.reduce()
      let tables = WalkTables(automaton, classes.renumbered(numbers))
      self.tables = .slots(tables)
      cuts = tables.cuts
    case .registers(var automaton):
      if let lineFeed { automaton = automaton.withLinesAsDocuments(lineFeed: lineFeed) }
      let numbers = automaton.reduce()
      guard let tables = RegisterTables(automaton, classes.renumbered(numbers)) else {
        throw .tooManyStates
      }
      self.tables = .registers(tables)
      cuts = tables.cuts
    }
  }

  /// The same pattern for texts that are many documents, each a line; a third of the work of
  /// compiling it anew.
  public func withLinesAsDocuments() throws(PatternError) -> CompiledPattern {
    try CompiledPattern(
      pattern, automaton, classes, linesAreDocuments: true,
      blockWalk: BlockWalk(pattern, linesAreDocuments: true))
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
    if let blockWalk,
      let count = blockWalk.pieceEnds(
        of: text, from: lower, to: upper, startsDocument: startsDocument,
        endsDocument: endsDocument, into: ends)
    {
      return count
    }
    return switch tables {
    case .slots(let tables):
      tables.walk(text, lower, upper, startsDocument, endsDocument, ends, NoMarks.self)
    case .registers(let tables):
      tables.walk(text, lower, upper, startsDocument, endsDocument, ends, mark: 0)
    }
  }

  /// Added by `markedPieceEnds` to the ends of pieces that are matches; the others lie between
  /// matches. Between two of those that touch stands an empty match.
  public static let matchMark: UInt32 = 1 << 31

  /// As `pieceEnds`, with `matchMark` added to the ends of matches; `upper` must
  /// be less than it.
  public func markedPieceEnds(
    of text: UnsafePointer<UInt8>, from lower: Int, to upper: Int, startsDocument: Bool,
    endsDocument: Bool, into ends: UnsafeMutablePointer<UInt32>
  ) -> Int {
    switch tables {
    case .slots(let tables):
      tables.walk(text, lower, upper, startsDocument, endsDocument, ends, MatchMarks.self)
    case .registers(let tables):
      tables.walk(text, lower, upper, startsDocument, endsDocument, ends, mark: Self.matchMark)
    }
  }

  /// Starts and ends of the matches alone, where there is a fast way; else `nil`. Room as for
  /// `pieceEnds`.
  func matches(
    in text: UnsafePointer<UInt8>, from lower: Int, to upper: Int,
    starts: UnsafeMutablePointer<UInt32>, ends: UnsafeMutablePointer<UInt32>
  ) -> Int? {
    blockWalk?.matches(in: text, from: lower, to: upper, starts: starts, ends: ends)
  }

  /// The first place p in lower..<upper, p > 0, where the boundary between the characters around
  /// p is certain whatever stands further away; nil if none. Both lie inside text[..<count].
  public func nextCut(
    in text: UnsafePointer<UInt8>, count: Int, from lower: Int, to upper: Int
  ) -> Int? {
    cuts.next(in: text, count: count, from: lower, to: upper)
  }
}
