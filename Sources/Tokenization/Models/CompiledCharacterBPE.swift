import Primitives

/// A byte-pair encoding over characters in the form in which it is applied; immutable, shared by
/// threads.
final class CompiledCharacterBPE: Sendable {
  let merges: MergeTable
  private let starts: CharacterTokens
  private let wholePieces: TokenIndex?
  /// `nil` where a character is not the same token wherever it stands.
  private let grid: CharacterGrid?
  private let vocabulary: Vocabulary
  private let base: CharacterBase
  /// The token for unknown characters; `noToken` where the vocabulary lacks it.
  private let unknown: TokenID?
  /// By byte; empty where text does not fall back to bytes.
  private let byteIDs: [TokenID?]
  let hasAllBytes: Bool

  private static let noToken = TokenID.max

  init(_ model: BPEModel, _ base: CharacterBase) {
    merges = MergeTable(model.merges)
    starts = CharacterTokens(
      model.vocabulary, prefix: model.continuingPrefix ?? [], suffix: model.endOfWordSuffix ?? [],
      wholeTokens: base.wholeTokens)
    grid = starts.areSingle ? CharacterGrid(merges: model.merges, token: starts.token) : nil
    var bytes = [TokenID?](repeating: nil, count: base.fallsBackToBytes ? 256 : 0)
    if base.fallsBackToBytes {
      for id in 0..<TokenID(model.vocabulary.count) {
        if let text = model.vocabulary[id], let byte = ByteFallback.byte(spelled: text),
          text.elementsEqual(ByteFallback.spelling(of: byte))
        {
          bytes[Int(byte)] = id
        }
      }
    }
    byteIDs = bytes
    hasAllBytes = !bytes.isEmpty && bytes.allSatisfy { $0 != nil }
    wholePieces = model.ignoresMerges ? TokenIndex(model.vocabulary) : nil
    vocabulary = model.vocabulary
    self.base = base
    unknown = base.unknownToken.map { model.vocabulary.firstID(of: $0) ?? Self.noToken }
  }

  /// The tokens of one pre-token.
  ///
  /// - Parameter output: room for an id a byte.
  /// - Returns: the number of ids, or `CompiledModel.failure`.
  /// - Complexity: O(*n* log *n*).
  func encode(
    _ piece: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    if let whole = wholePieces?.id(of: piece) {
      output[0] = whole
      return 1
    }
    if let count = grid?.encode(piece, into: output, by: merges.ranks) { return count }
    let count = forEachSymbol(of: piece) { output[$0] = $1.id }
    return count < 0 ? count : merges.merge(output, count: count)
  }

  /// The same with merges left out by chance; then no piece is taken whole, as in Hugging Face's library.
  func encode(
    _ piece: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>,
    _ dropout: MergeDropout, _ random: inout RandomSequence
  ) -> Int {
    let count = forEachSymbol(of: piece) { output[$0] = $1.id }
    return count < 0 ? count : dropout.merge(output, count: count, by: merges, &random)
  }

  /// What merges of a piece start from.
  func symbols(of piece: UnsafeBufferPointer<UInt8>) -> [TokenID] {
    var symbols: [TokenID] = []
    _ = forEachSymbol(of: piece) { symbols.append($1.id) }
    return symbols
  }

  /// Whether a piece is taken whole, before all merges.
  func takesWhole(_ piece: UnsafeBufferPointer<UInt8>) -> Bool {
    wholePieces?.id(of: piece) != nil
  }

  /// A character, its bytes or a run of unknown ones: what merges start from.
  private struct Symbol: BitwiseCopyable {
    var id: TokenID
    /// Where it begins in the piece, and its bytes there.
    var start: Int
    var length: Int
  }

  /// Calls `body` with each symbol of a piece and its number (`models/bpe/model.rs`, `merge_word`,
  /// 0.23).
  ///
  /// An unknown character is held back until the next one is looked at, and does not wait for bytes:
  /// where only some bytes have tokens, those come before it.
  /// - Returns: how many there are, or `CompiledModel.failure`.
  @inline(__always)
  private func forEachSymbol(
    of piece: UnsafeBufferPointer<UInt8>, _ body: (_ number: Int, _ symbol: Symbol) -> Void
  ) -> Int {
    guard let start = piece.baseAddress else { return 0 }
    let end = start + piece.count
    var place = start
    var count = 0
    var held = Symbol(id: unknown ?? 0, start: 0, length: 0)
    while place < end {
      if let match = starts.match(at: place, from: start, to: end) {
        if held.length > 0 {
          body(count, held)
          count &+= 1
          held.length = 0
        }
        body(count, Symbol(id: match.id, start: place - start, length: match.length))
        count &+= 1
        place += match.length
        continue
      }
      let length = UTF8Decoding.scalar(at: place, readable: end - place)?.length ?? 1
      if hasBytes(UnsafeBufferPointer(start: place, count: length)) {
        for byte in 0..<length {
          let id = byteIDs[Int(place[byte])] ?? Self.noToken
          body(count, Symbol(id: id, start: place - start + byte, length: 1))
          count &+= 1
        }
      } else if let unknown {
        if unknown == Self.noToken { return CompiledModel.failure }
        if held.length > 0 && !base.fusesUnknown {
          body(count, held)
          count &+= 1
          held.length = 0
        }
        if held.length == 0 { held.start = place - start }
        held.length &+= length
      }
      place += length
    }
    if held.length > 0 {
      body(count, held)
      count &+= 1
    }
    return count
  }

  /// Whether a character is a token by itself.
  func hasToken(for character: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let start = character.baseAddress else { return false }
    let end = start + character.count
    return starts.match(at: start, from: start, to: end)?.length == character.count
  }

  private func hasBytes(_ character: UnsafeBufferPointer<UInt8>) -> Bool {
    hasAllBytes || !byteIDs.isEmpty && character.allSatisfy { byteIDs[Int($0)] != nil }
  }

  /// Appends where the tokens of a piece stand in it; `ids` begins with them.
  ///
  /// The text of a token is that of its symbols, one after the other, so that lengths tell which these
  /// are; all but the first symbol of a piece have the prefix in their own text, which goes.
  /// - Parameter takesWhole: whether the model's choice to take pieces whole holds.
  func appendRanges(
    of piece: UnsafeBufferPointer<UInt8>, _ ids: UnsafeBufferPointer<TokenID>,
    takesWhole: Bool = true, to ranges: inout [Range<Int>]
  ) {
    if takesWhole, wholePieces?.id(of: piece) != nil { return ranges.append(0..<piece.count) }
    withUnsafeTemporaryAllocation(of: Symbol.self, capacity: piece.count) { symbols in
      let count = forEachSymbol(of: piece) { symbols[$0] = $1 }
      var next = 0
      var end = 0
      for id in ids where next < count {
        let start = max(symbols[next].start, end)
        var missing = length(of: id, isFirst: next == 0)
        repeat {
          missing -= length(of: symbols[next].id, isFirst: next == 0)
          end = max(start, symbols[next].start + symbols[next].length)
          next += 1
        } while missing > 0 && next < count
        ranges.append(start..<end)
      }
    }
  }

  /// Bytes of a token's own text behind the prefix.
  private func length(of id: TokenID, isFirst: Bool) -> Int {
    (vocabulary[id]?.count ?? 0) - (isFirst ? 0 : starts.prefix.count)
  }
}
