/// A WordPiece model in the form in which it is applied; immutable, shared by threads.
final class CompiledWordPiece: Sendable {
  private let vocabulary: Vocabulary
  private let trie: TokenTrie
  /// Where tokens that continue a word begin; `none` if there are none.
  private let continuation: TokenTrie.Node
  private let prefixLength: Int
  private let unknown: TokenID
  private let longestWord: Int

  /// - Throws: `TokenizerError.absentUnknownToken`.
  init(_ model: WordPieceModel) throws(TokenizerError) {
    vocabulary = model.vocabulary
    trie = TokenTrie(model.vocabulary)
    continuation = trie.node(behind: model.continuingPrefix)
    prefixLength = model.continuingPrefix.count
    longestWord = model.longestWord
    let node = trie.node(behind: model.unknownToken)
    guard node != TokenTrie.none, trie.token(at: node) != TokenTrie.none else {
      throw .absentUnknownToken(token: model.unknownToken)
    }
    unknown = trie.token(at: node)
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
    var count = 0
    var start = 0
    while start < word.count {
      let match = longestMatch(in: word, from: start)
      guard match.id != TokenTrie.none, !isTooLong(word) else {
        output[0] = unknown
        return 1
      }
      output[count] = match.id
      count &+= 1
      start = match.end
    }
    return count
  }

  private func longestMatch(
    in word: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> (id: TokenID, end: Int) {
    var node = start == 0 ? TokenTrie.root : continuation
    var longest = (id: TokenTrie.none, end: start)
    var end = start
    while node != TokenTrie.none, end < word.count {
      node = trie.child(of: node, word[end])
      end &+= 1
      if node != TokenTrie.none, trie.token(at: node) != TokenTrie.none {
        longest = (trie.token(at: node), end)
      }
    }
    return longest
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
      let length = (vocabulary[id]?.count ?? 0) - (start == 0 ? 0 : prefixLength)
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
