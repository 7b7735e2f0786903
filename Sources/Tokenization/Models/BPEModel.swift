/// A trained byte-pair encoding: base tokens, which are bytes or characters, and merges in rank order.
public struct BPEModel: Sendable {
  /// Tokens by id: raw bytes, not the printable alphabet that files use. Special tokens that the
  /// trainer placed are holes here where bytes are the base; `Tokenizer.specialTokens` has them.
  public var vocabulary: Vocabulary
  /// Merges by rank.
  public var merges: [Merge]
  /// Whether a pre-token that is a token itself is taken whole, whatever the merges say.
  public var ignoresMerges: Bool
  /// What tokens are made of.
  public var base: Base
  /// What the token of a character has in front where the character does not begin a pre-token, and
  /// what it has behind where the character ends one. Over bytes there is neither. An empty text is
  /// none, kept for writing a file again.
  public var continuingPrefix: [UInt8]?
  public var endOfWordSuffix: [UInt8]?
  /// What a file says of unknown characters although every byte has a token, kept for writing it
  /// again.
  public var idleBase: CharacterBase?
  /// How likely a merge is left out by chance wherever text is encoded, from 0 to 1; where options say
  /// so, too, they hold. 0 is `nil`, kept for writing a file again.
  public var dropout: Double?

  /// `nil` where tokens are made of bytes.
  public var characterBase: CharacterBase? {
    if case .characters(let base) = base { base } else { nil }
  }

  public enum Base: Sendable, Equatable {
    case bytes
    case characters(CharacterBase)
  }

  public init(
    vocabulary: Vocabulary, merges: [Merge], ignoresMerges: Bool = false, base: Base = .bytes
  ) {
    self.vocabulary = vocabulary
    self.merges = merges
    self.ignoresMerges = ignoresMerges
    self.base = base
  }
}
