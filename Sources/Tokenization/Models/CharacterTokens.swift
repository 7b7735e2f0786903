/// The tokens that single characters of a pre-token have, by where the character stands in it; and
/// tokens that are taken whole.
struct CharacterTokens: Sendable {
  /// What the token of a character has in front unless it is the first, and behind if it is the last.
  let prefix: [UInt8]
  let suffix: [UInt8]
  /// By `place`; without prefix and suffix all are the first one.
  private let tries: [PieceTrie]
  /// Whether each character has the same token wherever it stands, and no token is taken whole.
  let areSingle: Bool

  init(_ vocabulary: Vocabulary, prefix: [UInt8], suffix: [UInt8], wholeTokens: [TokenID]) {
    self.prefix = prefix
    self.suffix = suffix
    let isWhole = Set(wholeTokens)
    func trie(_ before: [UInt8], _ behind: [UInt8]) -> PieceTrie {
      let affixes = before.count + behind.count
      var keys: [PieceTrie.Key] = []
      vocabulary.bytes.withUnsafeBufferPointer { bytes in
        for id in 0..<TokenID(vocabulary.count) {
          let count = vocabulary.length(of: id) - affixes
          guard count > 0, count <= 4 || isWhole.contains(id) else { continue }
          let text = bytes[vocabulary.range(of: id)]
          guard text.starts(with: before), text.suffix(behind.count).elementsEqual(behind)
          else { continue }
          let inner = text.dropFirst(before.count).dropLast(behind.count)
          if Self.isCharacter(UnsafeBufferPointer(rebasing: inner)) || isWhole.contains(id) {
            keys.append(PieceTrie.Key(inner.startIndex..<inner.endIndex, id: id))
          }
        }
      }
      return PieceTrie(vocabulary, keys)
    }
    areSingle = prefix.isEmpty && suffix.isEmpty && wholeTokens.isEmpty
    let first = trie([], [])
    if prefix.isEmpty && suffix.isEmpty {
      tries = [first]
    } else {
      tries = [first, trie(prefix, []), trie([], suffix), trie(prefix, suffix)]
    }
  }

  private static func isCharacter(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.baseAddress.flatMap { UTF8Decoding.scalar(at: $0, readable: text.count) }?.length
      == text.count
  }

  /// The token of what stands at `place` in the pre-token from `start` to `end`, and its bytes there.
  @inline(__always)
  func match(
    at place: UnsafePointer<UInt8>, from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> (length: Int, id: TokenID)? {
    if tries.count == 1 { return tries[0].longestPrefix(of: place, to: end) }
    let length = UTF8Decoding.scalar(at: place, readable: end - place)?.length ?? 1
    let index = (place > start ? 1 : 0) + (place + length >= end ? 2 : 0)
    return tries[index].longestPrefix(of: place, to: end)
  }

  /// The token of a character at the beginning of a pre-token that goes on.
  func token(_ character: [UInt8]) -> TokenID? {
    character.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress,
        let match = tries[0].longestPrefix(of: start, to: start + bytes.count),
        match.length == bytes.count
      else { return nil }
      return match.id
    }
  }
}
