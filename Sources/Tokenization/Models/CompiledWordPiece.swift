/// A WordPiece model in the form in which it is applied; immutable, shared by threads.
final class CompiledWordPiece: Sendable {
  private let vocabulary: Vocabulary
  /// What words begin with: any token.
  private let beginnings: PieceTrie
  /// What they go on with: tokens behind their prefix.
  private let continuations: PieceTrie
  private let prefixLength: Int
  private let unknown: TokenID
  private let longestWord: Int

  /// `nil` if the unknown token is none of the vocabulary.
  init?(_ model: WordPieceModel) {
    guard let unknown = model.vocabulary.firstID(of: model.unknownToken) else { return nil }
    self.unknown = unknown
    vocabulary = model.vocabulary
    prefixLength = model.continuingPrefix.count
    longestWord = model.longestWord
    // Words become no token that is longer than the longest word: a character has at most four bytes.
    var all: [PieceTrie.Key] = []
    var continuing: [PieceTrie.Key] = []
    let prefix = model.continuingPrefix
    model.vocabulary.bytes.withUnsafeBufferPointer { bytes in
      for id in 0..<TokenID(model.vocabulary.count) {
        let range = model.vocabulary.range(of: id)
        guard (range.count - prefix.count) / 4 <= model.longestWord else { continue }
        all.append(PieceTrie.Key(range, id: id))
        if bytes[range].starts(with: prefix) {
          continuing.append(PieceTrie.Key(range.dropFirst(prefix.count), id: id))
        }
      }
    }
    beginnings = PieceTrie(model.vocabulary, all)
    continuations = PieceTrie(model.vocabulary, continuing)
  }

  /// The tokens of one word: the longest match, again and again; the unknown token alone if there
  /// is a place without one.
  ///
  /// - Parameter output: room for `word.count` ids.
  /// - Returns: the number of ids.
  /// - Complexity: O(bytes of the word × bytes of the longest token).
  func encode(
    _ word: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    guard var place = word.baseAddress, !isTooLong(word) else {
      output[0] = unknown
      return 1
    }
    let end = place + word.count
    var count = 0
    while place < end {
      let trie = count == 0 ? beginnings : continuations
      guard let match = trie.longestPrefix(of: place, to: end) else {
        output[0] = unknown
        return 1
      }
      output[count] = match.id
      count &+= 1
      place += match.length
    }
    return count
  }

  /// All tokens that match at each place that `encode` comes to, the longest first, and where they
  /// stand; `nil` for a word that is too long.
  func matches(
    in word: UnsafeBufferPointer<UInt8>
  ) -> [(start: Int, found: [(id: TokenID, range: Range<Int>)])]? {
    guard let start = word.baseAddress, !isTooLong(word) else { return nil }
    var matches: [(start: Int, found: [(id: TokenID, range: Range<Int>)])] = []
    var place = 0
    while place < word.count {
      let trie = place == 0 ? beginnings : continuations
      var found: [(id: TokenID, range: Range<Int>)] = []
      trie.forEachPrefix(of: start + place, to: start + word.count) { length, id in
        found.append((id, place..<place + length))
      }
      found.sort { $0.range.upperBound > $1.range.upperBound }
      matches.append((place, found))
      guard let longest = found.first else { break }
      place = longest.range.upperBound
    }
    return matches
  }

  private func isTooLong(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
    guard word.count > longestWord else { return false }
    return word.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) } > longestWord
  }

  /// Where the tokens of a word stand in it; `ids` begins with them.
  func appendRanges(
    of word: UnsafeBufferPointer<UInt8>, _ ids: UnsafeBufferPointer<TokenID>,
    to ranges: inout [Range<Int>]
  ) {
    var start = 0
    for id in ids where start < word.count {
      if id == unknown, start == 0, isWhole(word) {
        ranges.append(0..<word.count)
        return
      }
      // No token matches nothing, so the length behind the prefix is at least 1.
      let length =
        (Int(id) < vocabulary.count ? vocabulary.length(of: id) : 0)
        - (start == 0 ? 0 : prefixLength)
      let end = min(start + max(1, length), word.count)
      ranges.append(start..<end)
      start = end
    }
  }

  /// Whether a word becomes one token: not only the unknown one may, but also a text that is spelled
  /// like it.
  private func isWhole(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
    withUnsafeTemporaryAllocation(of: TokenID.self, capacity: word.count) { output in
      output.baseAddress.map { encode(word, into: $0) } == 1
    }
  }
}
