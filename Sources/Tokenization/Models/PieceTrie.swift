import Primitives

/// Texts of pieces by their first bytes: which pieces does a text begin with?
final class PieceTrie: Sendable {
  /// A text among the bytes of a vocabulary: a whole token, or a part of it.
  struct Key: BitwiseCopyable {
    var start: UInt32
    var count: UInt32
    var id: TokenID

    /// - Parameter range: of the vocabulary's bytes.
    init(_ range: Range<Int>, id: TokenID) {
      start = UInt32(truncatingIfNeeded: range.lowerBound)
      count = UInt32(truncatingIfNeeded: range.count)
      self.id = id
    }

    var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
  }

  private let trie: DoubleArray
  /// Pieces with NUL, which ends keys of the trie: few, if any. By length.
  private let others: [(text: [UInt8], id: TokenID)]
  /// Bytes of the longest piece.
  let longest: Int

  /// - Parameter keys: what is not UTF-8, or empty, is passed over. Of equal texts the last counts.
  init(_ vocabulary: Vocabulary, _ keys: [Key]) {
    let bytes = vocabulary.bytes
    (trie, others) = bytes.withUnsafeBufferPointer { bytes in
      let texts = PieceTexts(bytes)
      var inTrie: [Key] = []
      inTrie.reserveCapacity(keys.count)
      var others: [(text: [UInt8], id: TokenID)] = []
      for key in keys where key.count > 0 && texts.isText(key.range) {
        if texts.hasNUL(key.range) {
          others.append((Array(bytes[key.range]), key.id))
        } else {
          inTrie.append(key)
        }
      }
      let trie = PieceOrder(inTrie, of: bytes).withEntries { TrieWriter.trie(of: $0, bytes) }
      return (trie, others.sorted { ($0.text.count, $0.id) < ($1.text.count, $1.id) })
    }
    longest = keys.reduce(0) { max($0, Int($1.count)) }
  }

  /// Calls `found` with the length in bytes and the id of each piece that the text begins with,
  /// shortest first; those with NUL last.
  @inline(__always)
  func forEachPrefix(
    of text: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>,
    _ found: (_ length: Int, _ id: TokenID) -> Void
  ) {
    trie.walk(from: text, to: end) { length, value in
      found(length, TokenID(truncatingIfNeeded: value))
      return true
    }
    if !others.isEmpty { forEachOther(of: text, to: end, found) }
  }

  @inline(never)
  private func forEachOther(
    of text: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>,
    _ found: (_ length: Int, _ id: TokenID) -> Void
  ) {
    for (piece, id) in others where piece.count <= end - text {
      if UnsafeBufferPointer(start: text, count: piece.count).elementsEqual(piece) {
        found(piece.count, id)
      }
    }
  }

  /// The longest piece that the text begins with.
  @inline(__always)
  func longestPrefix(
    of text: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> (length: Int, id: TokenID)? {
    var longest = trie.longestMatch(at: text, to: end).map {
      (length: $0.length, id: TokenID(truncatingIfNeeded: $0.value))
    }
    if !others.isEmpty {
      forEachOther(of: text, to: end) { length, id in
        if length >= longest?.length ?? 0 { longest = (length, id) }
      }
    }
    return longest
  }
}

/// What kinds of bytes the texts of a vocabulary have: known at once where all are usual ones.
private struct PieceTexts {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let areAllText: Bool
  private let hasAnyNUL: Bool

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    areAllText = UTF8Validation.isValid(bytes)
    hasAnyNUL = bytes.contains(0)
  }

  func hasNUL(_ range: Range<Int>) -> Bool {
    hasAnyNUL && bytes[range].contains(0)
  }

  /// Whether a range that is not empty is UTF-8.
  func isText(_ range: Range<Int>) -> Bool {
    if areAllText {
      return startsCharacter(range.lowerBound)
        && (range.upperBound == bytes.count || startsCharacter(range.upperBound))
    }
    return UTF8Validation.isValid(bytes.extracting(range))
  }

  private func startsCharacter(_ place: Int) -> Bool { bytes[place] & 0xC0 != 0x80 }
}
