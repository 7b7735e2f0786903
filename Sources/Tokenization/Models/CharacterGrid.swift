/// Tokens and merges of ASCII characters, and of a blank's mark before them: most words of most texts.
///
/// What merges start from is read without a trie, and the merges of two characters, near half of
/// what a word looks up, stand in fewer lines than a table has.
///
/// Unchecked Sendable: the memory is written in `init` only.
final class CharacterGrid: @unchecked Sendable {
  /// A row for each ASCII character, and one for the mark, by the last of its bytes.
  private static let rowCount = 1 + Int(lastOfMark)
  private static let lastOfMark: UInt8 = 0x81
  private static let noToken = TokenID.max

  /// By row, the token; `noToken` where there is none.
  private let tokens: UnsafeMutablePointer<TokenID>
  /// By row and the ASCII character behind it, the rank of the merge of their tokens.
  private let ranks: UnsafeMutablePointer<UInt32>

  /// - Parameters:
  ///   - token: that of the character with such bytes.
  ///   - merges: by rank; of two for a pair the last holds.
  init(merges: [Merge], token: ([UInt8]) -> TokenID?) {
    tokens = .allocate(capacity: Self.rowCount)
    tokens.initialize(repeating: Self.noToken, count: Self.rowCount)
    ranks = .allocate(capacity: Self.rowCount << 7)
    ranks.initialize(repeating: MergeRanks.none, count: Self.rowCount << 7)
    var rows: [TokenID: Int] = [:]
    for row in Array(0..<128) + [Int(Self.lastOfMark)] {
      if let id = token(row < 128 ? [UInt8(row)] : BlankMark.text) {
        tokens[row] = id
        rows[id] = row
      }
    }
    for (rank, merge) in merges.enumerated() {
      if let left = rows[merge.left], let right = rows[merge.right], right < 128 {
        ranks[left << 7 | right] = UInt32(truncatingIfNeeded: rank)
      }
    }
  }

  deinit {
    tokens.deallocate()
    ranks.deallocate()
  }

  /// The tokens of a word of such characters; `nil` for other words, and for long ones.
  ///
  /// - Parameter output: room for an id a byte.
  @inline(__always)
  func encode(
    _ word: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>,
    by merges: MergeRanks
  ) -> Int? {
    guard var rows = word.baseAddress, 1...ShortMerging.limit ~= word.count else { return nil }
    var count = word.count
    var others: UInt8 = 0
    if Self.beginsWithMark(word) {
      rows += 2
      count -= 2
    } else {
      others = rows[0]
    }
    for place in 1..<count { others |= rows[place] }
    guard others < 0x80 else { return nil }
    var hasAll = true
    for place in 0..<count {
      let token = tokens[Int(rows[place])]
      output[place] = token
      hasAll = hasAll && token != Self.noToken
    }
    guard hasAll else { return nil }
    let ranks = self.ranks
    return ShortMerging.merge(output, count: count, by: merges) {
      ranks[Int(rows[$0]) &<< 7 | Int(rows[$0 &+ 1])]
    }
  }

  @inline(__always)
  private static func beginsWithMark(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
    word.count > 2 && word[0] == 0xE2 && word[1] == 0x96 && word[2] == lastOfMark
  }
}
