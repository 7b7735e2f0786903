/// A byte-pair encoding over characters in the form in which it is applied; immutable, shared by
/// threads.
final class CompiledCharacterBPE: Sendable {
  private let merges: MergeTable
  /// Single characters, and tokens that are taken whole.
  private let starts: PieceTrie
  private let wholePieces: TokenIndex?
  private let vocabulary: Vocabulary
  private let base: CharacterBase
  private let byteIDs: [TokenID]?

  init(_ model: BPEModel, _ base: CharacterBase) {
    merges = MergeTable(model.merges)
    let isWhole = Set(base.wholeTokens)
    var texts: [(text: ArraySlice<UInt8>, id: TokenID)] = []
    var bytes = [TokenID?](repeating: nil, count: 256)
    for id in 0..<TokenID(model.vocabulary.count) {
      guard let text = model.vocabulary[id] else { continue }
      let isCharacter = text.lazy.filter({ $0 & 0xC0 != 0x80 }).count == 1
      if isCharacter || isWhole.contains(id) { texts.append((text, id)) }
      if let byte = ByteFallback.byte(spelled: text) { bytes[Int(byte)] = id }
    }
    starts = PieceTrie(texts)
    let known = bytes.compactMap { $0 }
    byteIDs = base.fallsBackToBytes && known.count == 256 ? known : nil
    wholePieces = model.ignoresMerges ? TokenIndex(model.vocabulary) : nil
    vocabulary = model.vocabulary
    self.base = base
  }

  /// The tokens of one pre-token.
  ///
  /// - Parameter output: room for an id a byte.
  /// - Returns: the number of ids.
  /// - Complexity: O(*n* log *n*).
  func encode(
    _ piece: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    guard let start = piece.baseAddress else { return 0 }
    if let whole = wholePieces?.id(of: piece) {
      output[0] = whole
      return 1
    }
    let end = start + piece.count
    var place = start
    var count = 0
    while place < end {
      if let match = starts.longestPrefix(of: place, to: end) {
        output[count] = match.id
        count &+= 1
        place += match.length
        continue
      }
      let length = UTF8Decoding.scalar(at: place, readable: end - place)?.length ?? 1
      if let byteIDs {
        for offset in 0..<length { output[count &+ offset] = byteIDs[Int(place[offset])] }
        count &+= length
      } else if let unknown = base.unknown {
        // Unknown characters side by side are one already where that is asked for.
        if !(base.fusesUnknown && count > 0 && output[count &- 1] == unknown) {
          output[count] = unknown
          count &+= 1
        }
      }
      place += length
    }
    return merges.merge(output, count: count)
  }

  /// Appends where the tokens of a piece stand in it; `ids` begins with them.
  func appendRanges(
    of piece: UnsafeBufferPointer<UInt8>, _ ids: UnsafeBufferPointer<TokenID>,
    to ranges: inout [Range<Int>]
  ) {
    var place = 0
    for id in ids {
      guard place < piece.count else { return }
      let start = place
      if let byteIDs, byteIDs[Int(piece[place])] == id {
        place += 1
      } else if id == base.unknown {
        repeat {
          place += unknownLength(piece, at: place) ?? 0
        } while base.fusesUnknown && place < piece.count && unknownLength(piece, at: place) != nil
        place = max(place, start + 1)
      } else {
        place = min(place + (vocabulary[id]?.count ?? 1), piece.count)
      }
      ranges.append(start..<place)
    }
  }

  /// Bytes of the character at a place; nil if it has a token.
  private func unknownLength(_ piece: UnsafeBufferPointer<UInt8>, at place: Int) -> Int? {
    guard let start = piece.baseAddress,
      starts.longestPrefix(of: start + place, to: start + piece.count) == nil
    else { return nil }
    return UTF8Decoding.scalar(at: start + place, readable: piece.count - place)?.length ?? 1
  }
}
