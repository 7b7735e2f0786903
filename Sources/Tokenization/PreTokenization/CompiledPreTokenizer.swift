/// A pre-tokenizer in the form in which it is applied: immutable, made once, shared by all cutters.
public final class CompiledPreTokenizer: Sendable {
  /// What is done to the pieces of the stage before; the first has the document, or its lines, as
  /// pieces.
  enum Stage: Sendable {
    case cut(Splitter, PieceFilter)
    case edit(TextEdit)
  }

  let stages: [Stage]
  let linesAreDocuments: Bool
  /// What says where a text may be cut before anything is done to it.
  private let chunkPattern: CompiledPattern?

  /// - Parameters:
  ///   - linesAreDocuments: a text is many documents, each a line with its `\n`; pieces never span
  ///     it, and look-ahead sees the end of text there.
  ///   - keepsBytes: the last step is not spelled out if it is the byte alphabet.
  /// - Throws: `PatternError` for a pattern that no engine runs.
  public init(
    _ preTokenizer: PreTokenizer, linesAreDocuments: Bool = false, keepsBytes: Bool = true
  ) throws(PatternError) {
    var lowering = StageList(linesAreDocuments: linesAreDocuments)
    for step in preTokenizer.steps { try lowering.append(step) }
    if keepsBytes { lowering.removeByteAlphabet() }
    try lowering.close()
    stages = lowering.stages
    self.linesAreDocuments = linesAreDocuments
    chunkPattern = lowering.chunkPattern
  }

  /// Whether `nextCut` can find anything: if not, a text is cut in one.
  public var hasCuts: Bool { chunkPattern?.hasCuts ?? false }

  /// The first place p in lower..<upper, p > 0, where the boundary between the characters around
  /// p is certain whatever stands further away; nil if none. Both lie inside text[..<count].
  public func nextCut(
    in text: UnsafePointer<UInt8>, count: Int, from lower: Int, to upper: Int
  ) -> Int? {
    chunkPattern?.nextCut(in: text, count: count, from: lower, to: upper)
  }
}

/// The stages that steps come to.
struct StageList {
  private let linesAreDocuments: Bool
  private(set) var stages: [CompiledPreTokenizer.Stage] = []
  private(set) var chunkPattern: CompiledPattern?
  /// Whether all stages so far let the text be cut as if they were not there.
  private var allowsChunks = true

  init(linesAreDocuments: Bool) { self.linesAreDocuments = linesAreDocuments }

  mutating func append(_ step: PreTokenizer.Step) throws(PatternError) {
    switch step {
    case .split(let delimiter, let behavior, let inverts):
      let pattern: SplitPattern =
        switch delimiter {
        case .pattern(let pattern): pattern
        case .text(let text): SplitPattern(literally: text)
        }
      try cut(pattern, behavior, inverts: inverts)
    case .byteLevel(let settings):
      if settings.addsPrefixSpace { try edit(.prefixSpace) }
      if settings.usesPattern, let pattern = NamedPattern.gpt2.pattern {
        try cut(pattern, .isolated)
      }
      try edit(.byteAlphabet)
    case .metaspace(let settings):
      try edit(.metaspace(settings))
      // Blanks, though there are none any more: so the pattern finds the same cuts before the edit.
      let blank = CodePointSet(settings.replacement, settings.replacement)
        .union(CodePointSet(0x20, 0x20))
      if settings.splits { try cut(at: blank, .mergedWithNext) }
    case .bert:
      let border = CodePointSet.space.union(.punctuation)
      try cut(
        SplitPattern("\(CodePointSet.punctuation.classText)|\(border.negatedClassText)+"),
        .removed, inverts: true)
    case .whitespace:
      let word = CodePointSet.wordWithJoiners
      let known = word.union(.space)
      try cut(
        SplitPattern("\(word.classText)+|\(known.negatedClassText)+"), .removed, inverts: true)
    case .whitespaceSplit: try cut(at: .space, .removed)
    case .punctuation(let behavior): try cut(at: .punctuation, behavior)
    case .digits(let individually):
      try cut(at: .numeric, individually ? .isolated : .contiguous)
    case .characterDelimiter(let character):
      try cut(at: CodePointSet(character, character), .removed)
    case .unicodeScripts, .fixedLength:
      throw .unsuitable(reason: "not built")
    }
  }

  /// A byte alphabet at the end is left to the vocabulary.
  mutating func removeByteAlphabet() {
    if case .edit(.byteAlphabet) = stages.last { stages.removeLast() }
  }

  /// Without a cut, lines are what chunks consist of.
  mutating func close() throws(PatternError) {
    if linesAreDocuments, stages.isEmpty { try cutLines() }
  }

  /// Cuts at each character of a set.
  private mutating func cut(at set: CodePointSet, _ behavior: SplitBehavior) throws(PatternError) {
    let (match, rest) = (set.classText, set.negatedClassText)
    switch behavior {
    case .removed: try cut(SplitPattern("\(rest)+"), .removed, inverts: true)
    case .isolated: try cut(SplitPattern("\(match)|\(rest)+"), .isolated)
    case .contiguous: try cut(SplitPattern("\(match)+|\(rest)+"), .isolated)
    case .mergedWithPrevious:
      try cut(SplitPattern("\(rest)+\(match)?|\(match)"), .isolated)
    case .mergedWithNext: try cut(SplitPattern("\(match)?\(rest)+|\(match)"), .isolated)
    }
  }

  private mutating func cut(
    _ pattern: SplitPattern, _ behavior: SplitBehavior, inverts: Bool = false
  ) throws(PatternError) {
    let splitter = try Splitter(
      pattern, linesAreDocuments: linesAreDocuments && stages.isEmpty)
    if case .icu = splitter, linesAreDocuments, stages.isEmpty { try cutLines() }
    let filter = PieceFilter(behavior, inverts: inverts)
    if allowsChunks, chunkPattern == nil, filter.keepsBorders,
      case .automaton(let compiled) = splitter
    {
      chunkPattern = compiled
    }
    allowsChunks = false
    stages.append(.cut(splitter, filter))
  }

  private mutating func edit(_ edit: TextEdit) throws(PatternError) {
    if linesAreDocuments, stages.isEmpty { try cutLines() }
    // A blank before the text changes nothing far from it, and metaspace brings a cut that sees
    // blanks and replacements alike.
    switch edit {
    case .prefixSpace: break
    case .metaspace(let settings): allowsChunks = allowsChunks && settings.splits
    case .byteAlphabet: allowsChunks = false
    }
    stages.append(.edit(edit))
  }

  private mutating func cutLines() throws(PatternError) {
    let lines = try CompiledPattern.lines()
    chunkPattern = lines
    stages.append(.cut(.automaton(lines), PieceFilter(.isolated, inverts: false)))
  }
}
