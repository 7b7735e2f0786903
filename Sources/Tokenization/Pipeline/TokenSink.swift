/// Where ids go: alone, or with all that is known about each.
protocol TokenSink {
  /// Whether places in the source matter.
  static var needsOffsets: Bool { get }
  /// Whether nobody looks at further tokens.
  var isFull: Bool { get }
  /// Whether it makes the tokens of pieces itself, out of the common order.
  static var takesPieces: Bool { get }

  /// A text begins: what came before, if anything, belongs to another one.
  mutating func beginText()

  /// A special token: one found in the text, or (`isAdded`) one that the post-processor puts.
  mutating func append(special id: TokenID, at range: Range<Int>, typeID: UInt32, isAdded: Bool)

  /// Tokens alone: where neither places nor pieces are asked for.
  mutating func append(_ ids: UnsafeBufferPointer<TokenID>)

  /// The tokens of a chunk. `place` maps its ranges to the source.
  mutating func append(
    _ ids: UnsafeBufferPointer<TokenID>, of chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>)

  /// The pieces of a chunk, to one that takes them.
  mutating func append(
    piecesOf chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>
  ) throws(TokenizerError)

  /// Tokens of a chunk whose places in the pieces are known.
  mutating func append(
    _ tokens: PlacedTokens, of chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>)
}

extension TokenSink {
  static var takesPieces: Bool { false }
  var isFull: Bool { false }

  mutating func append(
    piecesOf chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>
  ) throws(TokenizerError) {}

  mutating func append(
    _ tokens: PlacedTokens, of chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>
  ) {
    tokens.ids.withUnsafeBufferPointer { append($0, of: chunk, typeID: typeID, place: place) }
  }
}

extension TokenSink {
  mutating func append(_ ids: UnsafeBufferPointer<TokenID>) {}
}

/// Ids alone.
struct IDSink: TokenSink {
  static let needsOffsets = false

  var ids: [TokenID] = []
  /// Number of ids that are enough.
  var limit = Int.max

  var isFull: Bool { ids.count >= limit }

  mutating func beginText() {}

  mutating func append(special id: TokenID, at range: Range<Int>, typeID: UInt32, isAdded: Bool) {
    ids.append(id)
  }

  mutating func append(_ ids: UnsafeBufferPointer<TokenID>) { self.ids.append(contentsOf: ids) }

  mutating func append(
    _ ids: UnsafeBufferPointer<TokenID>, of chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>
  ) {
    append(ids)
  }
}

/// Ids of one text with source ranges and words.
struct EncodingSink: TokenSink {
  static let needsOffsets = true

  let compiled: CompiledTokenizer
  /// Whether words are wanted.
  let keepsWords: Bool
  /// Its ids, offsets and words.
  var encoding = Encoding()
  /// Places of the special tokens that were found in the text.
  var found: [Int] = []
  /// Number of tokens that are enough.
  var limit = Int.max
  /// Pieces of the text in all chunks before.
  private var words = 0
  /// Where the last special token of the text ends.
  private var end = 0
  /// Scratch: where the tokens of a piece stand in it.
  private var ranges: [Range<Int>] = []

  init(_ compiled: CompiledTokenizer, keepsWords: Bool = true) {
    self.compiled = compiled
    self.keepsWords = keepsWords
  }

  var isFull: Bool { encoding.count >= limit }

  mutating func beginText() {}

  @inline(__always)
  private mutating func append(_ id: TokenID, at range: Range<Int>, word: Int) {
    encoding.ids.append(id)
    encoding.offsets.append(range)
    if keepsWords { encoding.wordIndices.append(word) }
  }

  mutating func append(special id: TokenID, at range: Range<Int>, typeID: UInt32, isAdded: Bool) {
    // Blanks that one takes along may be a token by themselves: no byte is counted twice.
    let lower = max(range.lowerBound, end)
    end = max(range.upperBound, lower)
    found.append(encoding.count)
    append(id, at: lower..<end, word: words)
    words += 1
  }

  mutating func append(
    _ ids: UnsafeBufferPointer<TokenID>, of chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>
  ) {
    var next = 0
    for piece in 0..<chunk.count {
      let start = Int(chunk.starts[piece])
      ranges.removeAll(keepingCapacity: true)
      compiled.model.appendRanges(
        of: UnsafeBufferPointer(
          start: chunk.bytes + start, count: Int(chunk.ends[piece]) - start),
        ids.extracting(next...), to: &ranges)
      for range in ranges {
        let range = range.lowerBound + start..<range.upperBound + start
        append(ids[next], at: place(chunk.sourceRange(of: range)), word: words + piece)
        next += 1
      }
    }
    words += chunk.count
  }

  mutating func append(
    _ tokens: PlacedTokens, of chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>
  ) {
    var next = 0
    for piece in 0..<chunk.count {
      let start = Int(chunk.starts[piece])
      while next < tokens.ends[piece] {
        let range = tokens.ranges[next]
        let shifted = range.lowerBound + start..<range.upperBound + start
        append(tokens.ids[next], at: place(chunk.sourceRange(of: shifted)), word: words + piece)
        next += 1
      }
    }
    words += chunk.count
  }
}
