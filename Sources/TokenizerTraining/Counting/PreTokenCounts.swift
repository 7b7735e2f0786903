/// The words of a corpus and how often each occurs: all that a trainer of byte-pair encodings sees.
///
/// Words are distinct, not empty, and come with the more frequent first; words of equal count
/// follow their first occurrence. Memory: the bytes of the words and 16 bytes for each.
public struct PreTokenCounts: Sendable {
  /// Bytes of all words, one after the other.
  public let bytes: [UInt8]
  /// End of each word in `bytes`; a word starts where the one before it ends.
  public let ends: [Int]
  /// Occurrences of each word.
  public let counts: [UInt64]

  /// - Precondition: `ends` ascends, ends at `bytes.count`, and is as long as `counts`.
  public init(bytes: [UInt8], ends: [Int], counts: [UInt64]) {
    precondition(ends.count == counts.count && (ends.last ?? 0) == bytes.count)
    self.bytes = bytes
    self.ends = ends
    self.counts = counts
  }

  /// Whether any word has more than white space (of ASCII) in it.
  var hasText: Bool { bytes.contains { $0 > 0x20 || ($0 < 0x20 && !(0x09...0x0D).contains($0)) } }

  /// Number of distinct words.
  public var wordCount: Int { counts.count }
}
