/// Turns texts into ids. One for each thread: it owns caches and scratch; what it was made from is
/// shared.
///
/// A text is one document: nothing reaches across its ends. Bytes that are not UTF-8 are encoded
/// as they are.
// Unchecked because of the class behind `normalization`: no one else has a reference to it.
public struct TokenEncoder: ~Copyable, @unchecked Sendable {
  /// What the encoder applies.
  public let compiled: CompiledTokenizer
  /// What it does besides the text itself.
  public let options: EncodingOptions

  private let normalization: NormalizationChain
  /// Whether it matters for cuts if normalization took something from the front of a text: then the
  /// text does not begin with what is left (`offsets_original` in Hugging Face's `metaspace.rs`).
  private let looksAtStart: Bool
  private var cutter: PieceCutter
  private var pieces: PieceEncoder
  private var ids = IDBuffer()
  /// What becomes of one text, and of a pair; `nil` where the post-processor cannot tell.
  private let singleParts: [PostProcessor.Piece]?
  private let pairParts: [PostProcessor.Piece]?
  /// Allowed special tokens and added words that are looked for before normalization, and after it.
  private let rawTokens: SpecialTokenMatcher
  private let normalizedTokens: SpecialTokenMatcher

  /// - Parameter cacheBytes: most memory for the ids of pieces of up to 31 bytes, rounded down to a
  ///   power of two; it grows with what it holds. Longer pieces take up to 9 MB more.
  /// - Throws: `TokenizerError.unknownSpecialToken`, and `.pattern` where a pattern that normalizes
  ///   special tokens does not come to an end.
  public init(
    _ compiled: CompiledTokenizer, options: EncodingOptions = EncodingOptions(),
    cacheBytes: Int = 32 << 20
  ) throws(TokenizerError) {
    let (tokens, hidden) = try Self.tokens(of: compiled.tokenizer, options.allowedSpecialTokens)
    let normalized = try Self.normalized(tokens.filter(\.normalized), by: compiled.normalizer)
    rawTokens = SpecialTokenMatcher(tokens.filter { !$0.normalized }, hidden: hidden)
    normalizedTokens = SpecialTokenMatcher(normalized, hidden: hidden)
    let postProcessor = compiled.tokenizer.postProcessor
    singleParts = postProcessor.pieces(
      isPair: false, addsSpecialTokens: options.addsSpecialTokens)
    pairParts = postProcessor.pieces(isPair: true, addsSpecialTokens: options.addsSpecialTokens)
    self.compiled = compiled
    self.options = options
    normalization = NormalizationChain(compiled.normalizer)
    looksAtStart =
      compiled.tokenizer.preTokenizer.looksAtTextStart && !compiled.normalizer.isIdentity
    cutter = PieceCutter(compiled.preTokenizer)
    pieces = PieceEncoder(
      model: compiled.model, idCount: compiled.tokenizer.idCount,
      cacheBytes: max(0, cacheBytes) / 2)
  }

  /// What is looked for in text. Words that were added always are. Where no special token is allowed,
  /// each still hides what it contains, as with `encode_special_tokens` of Hugging Face's library.
  private static func tokens(
    of tokenizer: Tokenizer, _ allowed: EncodingOptions.AllowedSpecialTokens
  ) throws(TokenizerError) -> (tokens: [SpecialToken], hidden: Set<TokenID>) {
    let tokens = tokenizer.specialTokens
    switch allowed {
    case .none:
      let special = tokens.filter(\.isSpecial)
      // Nothing could be hidden.
      if special.count == tokens.count { return ([], []) }
      return (tokens, Set(special.map(\.id)))
    case .all: return (tokens, [])
    case .named(let names):
      for name in names where !tokens.contains(where: { $0.content == name }) {
        throw .unknownSpecialToken(name: name)
      }
      return (tokens.filter { !$0.isSpecial || names.contains($0.content) }, [])
    }
  }

  private static func normalized(
    _ tokens: [SpecialToken], by normalizer: CompiledNormalizer
  ) throws(TokenizerError) -> [SpecialToken] {
    var tokens = tokens
    do throws(PatternError) {
      for index in tokens.indices {
        tokens[index].content = try normalizer.normalize(tokens[index].content)
      }
    } catch {
      throw .pattern(error)
    }
    return tokens
  }

  /// Appends the ids of a text.
  ///
  /// - Throws: `TokenizerError.pattern` for a text that has no place to cut in 1 GiB, or on which a
  ///   pattern does not come to an end.
  /// - Complexity: O(*n*); O(*n* log *n*) in the longest pre-token.
  public mutating func encode(
    _ text: UnsafeBufferPointer<UInt8>, into ids: inout [TokenID]
  ) throws(TokenizerError) {
    var sink = IDSink()
    swap(&sink.ids, &ids)
    defer { swap(&sink.ids, &ids) }
    try encode(text, to: &sink)
  }

  /// Appends the ids of a text.
  public mutating func encode(_ text: [UInt8], into ids: inout [TokenID]) throws(TokenizerError) {
    try text.withUnsafeBufferPointer { (buffer) throws(TokenizerError) in
      try encode(buffer, into: &ids)
    }
  }

  /// The tokens of a text with their source ranges, words and masks.
  public mutating func encode(_ text: [UInt8]) throws(TokenizerError) -> Encoding {
    var sink = EncodingSink(compiled)
    try text.withUnsafeBufferPointer { (buffer) throws(TokenizerError) in
      try encode(buffer, to: &sink)
    }
    return sink.encoding
  }

  /// Appends the ids of a pair of texts.
  ///
  /// - Throws: as for one text, and `TokenizerError.unfitPostProcessor`.
  public mutating func encode(
    _ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>,
    into ids: inout [TokenID]
  ) throws(TokenizerError) {
    var sink = IDSink()
    swap(&sink.ids, &ids)
    defer { swap(&sink.ids, &ids) }
    try encode(first, second, to: &sink)
  }

  /// The tokens of a pair of texts with their types, source ranges, words and masks; ranges are those
  /// of the text that a token is from.
  public mutating func encode(
    _ first: [UInt8], _ second: [UInt8]
  ) throws(TokenizerError) -> Encoding {
    var sink = EncodingSink(compiled)
    try first.withUnsafeBufferPointer { (first) throws(TokenizerError) in
      try second.withUnsafeBufferPointer { (second) throws(TokenizerError) in
        try encode(first, second, to: &sink)
      }
    }
    return sink.encoding
  }

  private mutating func encode(
    _ text: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>? = nil,
    to sink: inout some TokenSink
  ) throws(TokenizerError) {
    guard let parts = second == nil ? singleParts : pairParts else {
      throw .unfitPostProcessor(isPair: second != nil)
    }
    for part in parts {
      switch part {
      case .sequence(let index, let typeID):
        sink.beginText()
        try encodeSequence(index == 0 ? text : second ?? text, typeID: typeID, to: &sink)
      case .special(_, _, let ids, let typeID):
        for id in ids { sink.append(special: id, at: 0..<0, typeID: typeID, isAdded: true) }
      }
    }
  }

  /// Special tokens of the raw text, and what stands between them.
  private mutating func encodeSequence(
    _ text: UnsafeBufferPointer<UInt8>, typeID: UInt32, to sink: inout some TokenSink
  ) throws(TokenizerError) {
    var start = 0
    var searched = 0
    while !rawTokens.isEmpty,
      let match = rawTokens.firstMatch(in: text, from: searched, floor: start)
    {
      if start < match.range.lowerBound {
        try encodeStretch(text, start..<match.range.lowerBound, typeID: typeID, to: &sink)
      }
      // Nothing is left of one whose blanks another took along.
      if !match.range.isEmpty {
        sink.append(special: match.id, at: match.range, typeID: typeID, isAdded: false)
      }
      start = match.range.upperBound
      searched = match.next
    }
    if start < text.count {
      try encodeStretch(text, start..<text.count, typeID: typeID, to: &sink)
    }
  }

  /// A stretch of raw text without special tokens: normalized, and parted again at the special
  /// tokens of normalized text.
  private mutating func encodeStretch<Sink: TokenSink>(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, typeID: UInt32, to sink: inout Sink
  ) throws(TokenizerError) {
    if range.isEmpty { return }
    let asksForStart = range.lowerBound == 0 && looksAtStart
    let normalized: NormalizationChain.Normal
    do throws(PatternError) {
      normalized = try normalization.normalize(
        text.extracting(range), recordingEdits: Sink.needsOffsets || asksForStart)
    } catch {
      throw .pattern(error)
    }
    let (normal, isPadded) = (normalized.bytes, normalized.isPadded)
    let startsText =
      asksForStart && !normal.isEmpty
      ? normalization.firstSource(of: 0..<1).lowerBound == 0 : range.lowerBound == 0
    var map = Sink.needsOffsets ? normalization.sourceMap() : nil
    let source = { (place: Range<Int>) -> Range<Int> in
      let place = map?.sourceRange(of: place) ?? place
      return place.lowerBound + range.lowerBound..<place.upperBound + range.lowerBound
    }
    var start = 0
    var searched = 0
    while !normalizedTokens.isEmpty,
      let match = normalizedTokens.firstMatch(in: normal, from: searched, floor: start)
    {
      if start < match.range.lowerBound {
        try encodeText(
          normal, start..<match.range.lowerBound, isPadded: isPadded,
          startsText: startsText && start == 0, typeID: typeID, source, to: &sink)
      } else if match.range.lowerBound < start && Sink.needsOffsets {
        // Blanks that another token took along: the map only goes forward.
        map = normalization.sourceMap()
      }
      if !match.range.isEmpty {
        sink.append(
          special: match.id, at: source(match.range), typeID: typeID, isAdded: false)
      }
      start = match.range.upperBound
      searched = match.next
    }
    try encodeText(
      normal, start..<normal.count, isPadded: isPadded,
      startsText: startsText && start == 0, typeID: typeID, source, to: &sink)
  }

  /// Normalized text without special tokens, chunk by chunk.
  private mutating func encodeText(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, isPadded: Bool, startsText: Bool,
    typeID: UInt32, _ source: (Range<Int>) -> Range<Int>, to sink: inout some TokenSink
  ) throws(TokenizerError) {
    let stretch = text.extracting(range)
    let isPadded = isPadded && range.upperBound == text.count
    var lower = 0
    while lower < stretch.count {
      let chunk: PieceCutter.Chunk
      do throws(PatternError) {
        chunk = try cutter.chunk(
          of: stretch, from: lower, to: stretch.count, startsDocument: lower == 0,
          endsDocument: true, startsText: startsText, isPadded: isPadded)
      } catch {
        throw .pattern(error)
      }
      let output = ids.reserve(chunk.length)
      let count = pieces.encode(
        chunk.bytes, starts: chunk.starts, ends: chunk.ends, count: chunk.count, into: output)
      if pieces.takeFailure() { throw .noUnknownToken }
      sink.append(
        UnsafeBufferPointer(start: output, count: count), of: chunk, typeID: typeID,
        place: { source($0.lowerBound + range.lowerBound..<$0.upperBound + range.lowerBound) })
      lower = chunk.range.upperBound
    }
  }
}

/// Room for the ids of a chunk.
private struct IDBuffer: ~Copyable {
  private var start: UnsafeMutablePointer<TokenID>
  private var capacity = PieceCutter.chunkLength * 2

  init() { start = .allocate(capacity: capacity) }

  deinit { start.deallocate() }

  /// Room for an id a byte; what was written before is lost.
  mutating func reserve(_ count: Int) -> UnsafeMutablePointer<TokenID> {
    if count + PieceEncoder.spareIDs > capacity {
      start.deallocate()
      capacity = count + PieceEncoder.spareIDs
      start = .allocate(capacity: capacity)
    }
    return start
  }
}
