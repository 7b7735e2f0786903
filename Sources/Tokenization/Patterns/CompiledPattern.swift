/// A pattern as tables: one step per character, whatever the pattern and the text.
public final class CompiledPattern: Sendable {
  private let tables: WalkTables

  /// `linesAreDocuments`: a text is many documents, each a line with its `\n`; pieces never span
  /// it, and look-ahead sees the end of text there.
  public init(_ pattern: SplitPattern, linesAreDocuments: Bool = false) throws(PatternError) {
    var parser = PatternParser(pattern)
    let tree = try parser.parse()
    if tree.isNullable { throw .unsuitable(reason: "it can match nothing; write + for *") }
    var program = try PatternProgram(tree)
    _ = program.number(of: CodePointSet(10, 10))
    let classes = try CharacterClasses(of: program.sets)
    let automaton = try PieceAutomaton(
      program, classes, documentEnd: linesAreDocuments ? classes.number(of: 10) : nil)
    tables = WalkTables(automaton, classes)
  }

  /// Each line with its `\n` is one piece: documents that no pattern cuts.
  public static func lines() throws(PatternError) -> CompiledPattern {
    try CompiledPattern(SplitPattern(#"[\s\S]+"#), linesAreDocuments: true)
  }

  /// Whether `nextCut` can find anything.
  public var hasCuts: Bool { tables.hasCuts }

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
    tables.walk(text, lower, upper, startsDocument, endsDocument, ends)
  }

  /// The first place p in lower..<upper, p > 0, where the boundary between the characters around
  /// p is certain whatever stands further away; nil if none. Both lie inside text[..<count].
  public func nextCut(
    in text: UnsafePointer<UInt8>, count: Int, from lower: Int, to upper: Int
  ) -> Int? {
    tables.nextCut(text, count, lower, upper)
  }
}
