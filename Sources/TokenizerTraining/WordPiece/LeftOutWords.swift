import Primitives

/// Words that a trainer did not learn from, in occurrences.
public struct LeftOutWords: Sendable, Equatable {
  /// Longer than what encoders look at.
  public var tooLong: UInt64 = 0
  /// With a character that the alphabet limit left without a token.
  public var unspelled: UInt64 = 0
  /// Beyond the most words that are learned from.
  public var tooRare: UInt64 = 0

  public init() {}

  /// The error of a trainer whom nothing is left.
  func error(longestWord: Int) -> BPETrainingError {
    .noWordsLeft(tooLong: tooLong, unspelled: unspelled, longestWord: longestWord)
  }
}

extension PreTokenCounts {
  /// The words that are worth it, in their order, and the occurrences of the others.
  ///
  /// - Complexity: O(bytes of the words); their memory again where any word goes.
  func filtered(
    _ isKept: (_ text: UnsafeBufferPointer<UInt8>) -> Bool
  ) -> (words: PreTokenCounts, leftOut: UInt64) {
    var leftOut: UInt64 = 0
    var kept: (bytes: [UInt8], ends: [Int], counts: [UInt64])?
    bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      for word in 0..<wordCount {
        let end = ends[word]
        let text = bytes.extracting(start..<end)
        if isKept(text) {
          kept?.bytes.append(contentsOf: text)
          if let count = kept?.bytes.count {
            kept?.ends.append(count)
            kept?.counts.append(counts[word])
          }
        } else {
          // The first that goes: those before it are copied.
          if kept == nil {
            kept = (Array(bytes[..<start]), Array(ends[..<word]), Array(counts[..<word]))
          }
          leftOut &+= counts[word]
        }
        start = end
      }
    }
    guard let kept else { return (self, 0) }
    return (PreTokenCounts(bytes: kept.bytes, ends: kept.ends, counts: kept.counts), leftOut)
  }

  /// The words of at most so many characters.
  func filtered(longest: Int) -> (words: PreTokenCounts, leftOut: UInt64) {
    filtered { text in
      // No word has more characters than bytes.
      text.count <= longest || text.count(where: { $0 & 0xC0 != 0x80 }) <= longest
    }
  }

  /// So many of the words at most: the more frequent first, equal ones by their bytes.
  ///
  /// - Complexity: O(words log words) where any word goes.
  func filtered(most limit: Int) -> (words: PreTokenCounts, leftOut: UInt64) {
    guard wordCount > limit else { return (self, 0) }
    let order = (0..<wordCount).sorted { CharacterOccurrences.precedes($0, $1, in: self) }
    var isKept = [Bool](repeating: false, count: wordCount)
    for word in order.prefix(limit) { isKept[word] = true }
    var word = -1
    return filtered { _ in
      word += 1
      return isKept[word]
    }
  }
}
