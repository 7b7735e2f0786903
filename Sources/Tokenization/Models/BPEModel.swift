/// A trained byte-level byte-pair encoding: 256 base tokens (or fewer) and merges in rank order.
public struct BPEModel: Sendable {
  /// Tokens by id: raw bytes, not the printable alphabet that files use. Special tokens that the
  /// trainer placed are holes here; `Tokenizer.specialTokens` has them.
  public var vocabulary: Vocabulary
  /// Merges by rank.
  public var merges: [Merge]
  /// Whether a pre-token that is a token itself is taken whole, whatever the merges say.
  public var ignoresMerges: Bool

  public init(vocabulary: Vocabulary, merges: [Merge], ignoresMerges: Bool = false) {
    self.vocabulary = vocabulary
    self.merges = merges
    self.ignoresMerges = ignoresMerges
  }
}
