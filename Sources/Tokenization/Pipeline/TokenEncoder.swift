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
  /// The number of the next text, which decides with the seed what chance does; each text counts one on.
  /// Whoever spreads texts over several encoders says the number of each.
  public var textNumber: UInt64 = 0

  private let normalization: NormalizationChain
  /// Whether it matters for cuts if normalization took something from the front of a text: then the
  /// text does not begin with what is left (`offsets_original` in Hugging Face's `metaspace.rs`).
  private let looksAtStart: Bool
  private var cutter: PieceCutter
  private var pieces: PieceEncoder<CompiledModel>
  /// Where texts are encoded word by word before they are normalized.
  private var words: WordEncoder?
  /// `nil` where nothing is left to chance.
  private var sampler: PieceSampler?
  private var ids = IDBuffer()
  /// What becomes of one text, and of a pair; `nil` where the post-processor cannot tell.
  private let singleParts: [PostProcessor.Piece]?
  private let pairParts: [PostProcessor.Piece]?
  /// Allowed special tokens and added words that are looked for before normalization, and after it.
  private let rawTokens: SpecialTokenMatcher
  private let normalizedTokens: SpecialTokenMatcher
  /// Special tokens that a text may not have.
  private let refusedTokens: SpecialTokenMatcher

  /// - Parameter cacheBytes: most memory for the ids of pieces seen before, rounded down to a power of
  ///   two, and 100 KB at least; caches grow with what they hold, to some 10 MB for English text.
  /// - Throws: `TokenizerError.unknownSpecialToken`, `.unfitSampling`.
  public init(
    _ compiled: CompiledTokenizer, options: EncodingOptions = EncodingOptions(),
    cacheBytes: Int = 128 << 20
  ) throws(TokenizerError) {
    let sampler = try Self.sampler(options.sampling, compiled)
    (rawTokens, normalizedTokens) = try compiled.tokenMatchers(
      for: options.allowedSpecialTokens)
    self.sampler = sampler
    refusedTokens = compiled.refusedTokens(options)
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
    let cacheBytes = max(0, cacheBytes)
    if let words = compiled.words, normalizedTokens.isEmpty, sampler == nil {
      self.words = WordEncoder(
        words, compiled.model, normalization, idCount: compiled.tokenizer.idCount,
        cacheBytes: cacheBytes)
    } else {
      words = nil
    }
    pieces = PieceEncoder(
      model: compiled.model, idCount: compiled.tokenizer.idCount, cacheBytes: cacheBytes)
  }

  private static func sampler(
    _ asked: Sampling?, _ compiled: CompiledTokenizer
  ) throws(TokenizerError) -> PieceSampler? {
    guard let sampling = asked ?? compiled.tokenizer.model.ownSampling else { return nil }
    let sampler = try PieceSampler(sampling, compiled)
    return sampling.isCertain ? nil : sampler
  }

  /// Appends the ids of a text.
  ///
  /// - Throws: `TokenizerError.pattern` for a text that has no place to cut in 1 GiB, or on which a
  ///   pattern does not come to an end; `.noUnknownToken`; `.specialTokenInText` if the options say so;
  ///   what `Truncation` and `Padding` throw if the options have any.
  /// - Complexity: O(*n*); O(*n* log *n*) in the longest pre-token.
  public mutating func encode(
    _ text: UnsafeBufferPointer<UInt8>, into ids: inout [TokenID]
  ) throws(TokenizerError) {
    try encodeIDs(text, nil, into: &ids)
  }

  /// Appends the ids of a text.
  public mutating func encode(_ text: [UInt8], into ids: inout [TokenID]) throws(TokenizerError) {
    try text.withUnsafeBufferPointer { (buffer) throws(TokenizerError) in
      try encode(buffer, into: &ids)
    }
  }

  /// Appends the ids of a pair of texts.
  ///
  /// - Throws: as for one text, and `TokenizerError.unfitPostProcessor`.
  public mutating func encode(
    _ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>,
    into ids: inout [TokenID]
  ) throws(TokenizerError) {
    try encodeIDs(first, second, into: &ids)
  }

  /// The tokens of a text with their source ranges, words and masks.
  public mutating func encode(_ text: [UInt8]) throws(TokenizerError) -> Encoding {
    try text.withUnsafeBufferPointer { (text) throws(TokenizerError) in
      try encoding(of: text, nil)
    }
  }

  /// The tokens of a pair of texts with their types, source ranges, words and masks; ranges are those
  /// of the text that a token is from.
  public mutating func encode(
    _ first: [UInt8], _ second: [UInt8]
  ) throws(TokenizerError) -> Encoding {
    try first.withUnsafeBufferPointer { (first) throws(TokenizerError) in
      try second.withUnsafeBufferPointer { (second) throws(TokenizerError) in
        try encoding(of: first, second)
      }
    }
  }

  private mutating func encodeIDs(
    _ text: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>?,
    into ids: inout [TokenID]
  ) throws(TokenizerError) {
    if options.truncation != nil || options.padding != nil {
      return try encodeLimitedIDs(text, second, into: &ids)
    }
    var sink = IDSink()
    swap(&sink.ids, &ids)
    defer { swap(&sink.ids, &ids) }
    try encode(text, second, to: &sink)
  }

  mutating func encode(
    _ text: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>? = nil,
    to sink: inout some TokenSink
  ) throws(TokenizerError) {
    let parts = try parts(of: text, second)
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

  /// What becomes of the next text or pair, which has no token that it may not have.
  mutating func parts(
    of text: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>?
  ) throws(TokenizerError) -> [PostProcessor.Piece] {
    guard let parts = second == nil ? singleParts : pairParts else {
      throw .unfitPostProcessor(isPair: second != nil)
    }
    sampler?.begin(text: textNumber)
    textNumber &+= 1
    if !refusedTokens.isEmpty {
      try refusedTokens.refuse(text)
      if let second { try refusedTokens.refuse(second) }
    }
    return parts
  }

  /// Special tokens of the raw text, and what stands between them.
  mutating func encodeSequence(
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
    if !Sink.needsOffsets, !Sink.takesPieces, words != nil {
      return try encodeWords(text.extracting(range), to: &sink)
    }
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

  /// Raw text without special tokens, chunk by chunk, for its ids alone.
  private mutating func encodeWords(
    _ text: UnsafeBufferPointer<UInt8>, to sink: inout some TokenSink
  ) throws(TokenizerError) {
    var lower = 0
    while lower < text.count {
      let upper: Int?
      do throws(PatternError) {
        upper = try words?.encodeChunk(of: text, from: lower, ids: &ids, to: &sink)
      } catch {
        throw .pattern(error)
      }
      guard let upper else { throw .noUnknownToken }
      if sink.isFull { return }
      lower = upper
    }
  }

  /// Normalized text without special tokens, chunk by chunk.
  private mutating func encodeText<Sink: TokenSink>(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, isPadded: Bool, startsText: Bool,
    typeID: UInt32, _ source: (Range<Int>) -> Range<Int>, to sink: inout Sink
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
      lower = chunk.range.upperBound
      if Sink.takesPieces {
        try sink.append(piecesOf: chunk, typeID: typeID) {
          source($0.lowerBound + range.lowerBound..<$0.upperBound + range.lowerBound)
        }
        continue
      }
      if sampler != nil {
        guard sampler?.encode(chunk, needsRanges: Sink.needsOffsets) ?? false else {
          throw .noUnknownToken
        }
        sink.append(sampler?.tokens ?? PlacedTokens(), of: chunk, typeID: typeID) {
          source($0.lowerBound + range.lowerBound..<$0.upperBound + range.lowerBound)
        }
        if sink.isFull { return }
        continue
      }
      let output = ids.reserve(chunk.length)
      let count = pieces.encode(
        chunk.bytes, starts: chunk.starts, ends: chunk.ends, count: chunk.count, into: output)
      if pieces.takeFailure() { throw .noUnknownToken }
      sink.append(
        UnsafeBufferPointer(start: output, count: count), of: chunk, typeID: typeID,
        place: { source($0.lowerBound + range.lowerBound..<$0.upperBound + range.lowerBound) })
      if sink.isFull { return }
    }
  }
}
