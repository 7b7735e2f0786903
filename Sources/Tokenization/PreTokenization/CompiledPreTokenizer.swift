/// A pre-tokenizer in the form in which it is applied: immutable, made once, shared by all cutters.
public final class CompiledPreTokenizer: Sendable {
  /// What is done to the pieces of the stage before; the first has the document, or its lines, as
  /// pieces.
  enum Stage: Sendable {
    case cut(Splitter, PieceFilter)
    case edit(TextEdit)
    /// Words of scripts without spaces.
    case words
  }

  let stages: [Stage]
  let linesAreDocuments: Bool
  private let breaksWords: Bool
  /// What says where a text may be cut before anything is done to it.
  private let chunkSplitter: Splitter?

  /// - Parameters:
  ///   - linesAreDocuments: a text is many documents, each a line with its `\n`; pieces never span
  ///     it, and look-ahead sees the end of text there.
  ///   - keepsBytes: the last step is not spelled out if it is the byte alphabet.
  ///   - breaksWords: pieces of scripts that are written without spaces are cut at words, too. No
  ///     step does that, since no file can say it: it is for training.
  /// - Throws: `PatternError` for a pattern that no engine runs.
  public init(
    _ preTokenizer: PreTokenizer, linesAreDocuments: Bool = false, keepsBytes: Bool = true,
    breaksWords: Bool = false
  ) throws(PatternError) {
    var lowering = StageList(linesAreDocuments: linesAreDocuments)
    for step in preTokenizer.steps { try lowering.append(step) }
    if keepsBytes { lowering.removeByteAlphabet() }
    try lowering.close(breaksWords: breaksWords)
    stages = lowering.stages
    self.linesAreDocuments = linesAreDocuments
    self.breaksWords = breaksWords
    chunkSplitter = lowering.chunkSplitter
  }

  /// Cuts a text into the pieces of a pattern.
  convenience init(_ pattern: CompiledPattern) {
    let splitter = Splitter.pattern(.automaton(pattern))
    self.init(
      [.cut(splitter, PieceFilter(.isolated, inverts: false))], linesAreDocuments: false,
      breaksWords: false, chunkSplitter: splitter)
  }

  private init(
    _ stages: [Stage], linesAreDocuments: Bool = true, breaksWords: Bool,
    chunkSplitter: Splitter?
  ) {
    self.stages = stages
    self.linesAreDocuments = linesAreDocuments
    self.breaksWords = breaksWords
    self.chunkSplitter = chunkSplitter
  }

  /// The same for texts that are many documents, each a line, without compiling patterns anew.
  public func withLinesAsDocuments() throws(PatternError) -> CompiledPreTokenizer {
    if case .cut(.pattern(.automaton(let pattern)), let filter) = stages.first {
      let lines = Splitter.pattern(.automaton(try pattern.withLinesAsDocuments()))
      return CompiledPreTokenizer(
        [.cut(lines, filter)] + stages.dropFirst(), breaksWords: breaksWords,
        chunkSplitter: chunkSplitter.map { _ in lines })
    }
    let lines = Splitter.pattern(.automaton(try CompiledPattern.lines()))
    return CompiledPreTokenizer(
      [.cut(lines, PieceFilter(.isolated, inverts: false))] + stages, breaksWords: breaksWords,
      chunkSplitter: lines)
  }

  /// Whether `nextCut` can find anything: if not, a text is cut in one.
  public var hasCuts: Bool { chunkSplitter?.hasCuts ?? false }

  /// The first place p in lower..<upper, p > 0, where the boundary between the characters around
  /// p is certain whatever stands further away; nil if none. Both lie inside text[..<count].
  public func nextCut(
    in text: UnsafePointer<UInt8>, count: Int, from lower: Int, to upper: Int
  ) -> Int? {
    var lower = lower
    while let cut = chunkSplitter?.nextCut(in: text, count: count, from: lower, to: upper) {
      if !breaksWords || !isInsideWords(cut, text, count) { return cut }
      lower = cut + 1
    }
    return nil
  }

  /// Whether words are looked for across a place.
  private func isInsideWords(_ place: Int, _ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    guard let before = UTF8Decoding.scalar(before: text + place, readable: place),
      let after = UTF8Decoding.scalar(at: text + place, readable: count - place)
    else { return false }
    return WordBreaker.joins(before.value, after.value)
  }
}

/// The stages that steps come to.
struct StageList {
  private let linesAreDocuments: Bool
  private(set) var stages: [CompiledPreTokenizer.Stage] = []
  private(set) var chunkSplitter: Splitter?
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
      try cut(.bertWords, .removed, inverts: true)
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
    case .unicodeScripts: try cut(.walk(.scripts), PieceFilter(.removed, inverts: true))
    case .fixedLength(let length):
      try cut(.walk(.fixedLength(max(1, length))), PieceFilter(.isolated, inverts: false))
    case .sentencePiece(let cuts):
      try cut(.walk(.sentencePiece(cuts)), PieceFilter(.isolated, inverts: false))
    }
  }

  /// A byte alphabet at the end is left to the vocabulary.
  mutating func removeByteAlphabet() {
    if case .edit(.byteAlphabet) = stages.last { stages.removeLast() }
  }

  /// Without a cut, lines are what chunks consist of. Words are found before bytes are spelled.
  mutating func close(breaksWords: Bool) throws(PatternError) {
    if linesAreDocuments, stages.isEmpty { try cutLines() }
    guard breaksWords else { return }
    if case .edit(.byteAlphabet) = stages.last {
      stages.insert(.words, at: stages.count - 1)
    } else {
      stages.append(.words)
    }
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
    try cut(
      .pattern(
        try PatternEngine(pattern, linesAreDocuments: linesAreDocuments && stages.isEmpty)),
      PieceFilter(behavior, inverts: inverts))
  }

  private mutating func cut(
    _ splitter: Splitter, _ filter: PieceFilter
  ) throws(PatternError) {
    if linesAreDocuments, stages.isEmpty {
      if case .pattern(.automaton) = splitter {} else { try cutLines() }
    }
    if allowsChunks, chunkSplitter == nil, filter.keepsBorders { chunkSplitter = splitter }
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
    let lines = Splitter.pattern(.automaton(try CompiledPattern.lines()))
    chunkSplitter = lines
    stages.append(.cut(lines, PieceFilter(.isolated, inverts: false)))
  }
}

extension SplitPattern {
  /// Matches what BERT's pre-tokenizer keeps: each sign, and runs of what is neither sign nor white
  /// space.
  static let bertWords: SplitPattern = {
    let border = CodePointSet.space.union(.punctuation)
    return SplitPattern("\(CodePointSet.punctuation.classText)|\(border.negatedClassText)+")
  }()
}
