/// Where ids go: alone, or with all that is known about each.
protocol TokenSink {
  /// Whether places in the source matter.
  static var needsOffsets: Bool { get }

  /// A text begins: what came before, if anything, belongs to another one.
  mutating func beginText()

  /// A special token: one found in the text, or (`isAdded`) one that the post-processor puts.
  mutating func append(special id: TokenID, at range: Range<Int>, typeID: UInt32, isAdded: Bool)

  /// The tokens of a chunk. `place` maps its ranges to the source.
  mutating func append(
    _ ids: UnsafeBufferPointer<TokenID>, of chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>)
}

/// Ids alone.
struct IDSink: TokenSink {
  static let needsOffsets = false

  var ids: [TokenID] = []

  mutating func beginText() {}

  mutating func append(special id: TokenID, at range: Range<Int>, typeID: UInt32, isAdded: Bool) {
    ids.append(id)
  }

  mutating func append(
    _ ids: UnsafeBufferPointer<TokenID>, of chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>
  ) {
    self.ids.append(contentsOf: ids)
  }
}

/// Ids with source ranges, words and masks.
struct EncodingSink: TokenSink {
  static let needsOffsets = true

  let compiled: CompiledTokenizer
  var encoding = Encoding()
  /// Pieces of the text in all chunks before.
  private var words = 0
  /// Where the last special token of the text ends.
  private var end = 0
  /// Scratch: where the tokens of a piece stand in it.
  private var ranges: [Range<Int>] = []

  init(_ compiled: CompiledTokenizer) { self.compiled = compiled }

  mutating func beginText() {
    words = 0
    end = 0
  }

  mutating func append(special id: TokenID, at range: Range<Int>, typeID: UInt32, isAdded: Bool) {
    // Blanks that one takes along may be a token by themselves: no byte is counted twice.
    let lower = max(range.lowerBound, isAdded ? 0 : end)
    let range = lower..<max(range.upperBound, lower)
    encoding.append(id, typeID: typeID, offset: range, word: nil, isSpecial: isAdded)
    if !isAdded { end = range.upperBound }
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
        encoding.append(
          ids[next], typeID: typeID, offset: place(chunk.sourceRange(of: range)),
          word: words + piece, isSpecial: false)
        next += 1
      }
    }
    words += chunk.count
  }
}
