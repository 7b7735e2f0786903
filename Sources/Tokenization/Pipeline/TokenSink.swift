/// Where ids go: alone, or with all that is known about each.
protocol TokenSink {
  /// Whether places in the source matter.
  static var needsOffsets: Bool { get }

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
  /// Pieces in all chunks before.
  private var words = 0

  init(_ compiled: CompiledTokenizer) { self.compiled = compiled }

  mutating func append(special id: TokenID, at range: Range<Int>, typeID: UInt32, isAdded: Bool) {
    encoding.append(id, typeID: typeID, offset: range, word: nil, isSpecial: isAdded)
  }

  /// Tokens of a byte-level model spell the text one after the other, so that lengths give places;
  /// only bytes that have no token at all stand between.
  mutating func append(
    _ ids: UnsafeBufferPointer<TokenID>, of chunk: borrowing PieceCutter.Chunk, typeID: UInt32,
    place: (Range<Int>) -> Range<Int>
  ) {
    let byteTokens = compiled.model.byteTokens
    var piece = 0
    var end = chunk.count > 0 ? Int(chunk.ends[0]) : 0
    var position = chunk.count > 0 ? Int(chunk.starts[0]) : 0
    func skipBytesWithoutToken() {
      while position < end, byteTokens[Int(chunk.bytes[position])] == CompiledBPE.noToken {
        position += 1
      }
    }
    for id in ids {
      skipBytesWithoutToken()
      while position == end, piece + 1 < chunk.count {
        piece += 1
        position = Int(chunk.starts[piece])
        end = Int(chunk.ends[piece])
        skipBytesWithoutToken()
      }
      let start = position
      var remaining = compiled.tokenBytes[id]?.count ?? 0
      while remaining > 0, position < end {
        if byteTokens[Int(chunk.bytes[position])] != CompiledBPE.noToken { remaining -= 1 }
        position += 1
      }
      encoding.append(
        id, typeID: typeID, offset: place(chunk.sourceRange(of: start..<position)),
        word: words + piece, isSpecial: false)
    }
    words += chunk.count
  }
}
