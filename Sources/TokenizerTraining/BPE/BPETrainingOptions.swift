/// What a byte-level BPE training run is asked for. Defaults are those of `toktrain bpe`; Hugging
/// Face's `BpeTrainer` has a `vocab_size` of 30000 and a `min_frequency` of 0.
public struct BPETrainingOptions: Sendable, Equatable {
  /// Tokens in all: special tokens, alphabet and merged tokens.
  public var vocabularySize: Int = 32_000
  /// A pair must occur this often to be merged. 0 and 1 mean the same.
  public var minimumFrequency: UInt64 = 2
  /// Longest token to make, in bytes; `nil`: no limit. Single bytes are never refused.
  public var maximumTokenLength: Int? = nil
  /// Texts of special tokens, UTF-8; they take the ids from 0 in this order, repeats left out.
  public var specialTokens: [[UInt8]] = []
  /// Bytes that get a token whether they occur or not. All 256 make the vocabulary lossless.
  public var initialAlphabet: [UInt8] = Array(0...255)
  /// Most single bytes to keep: the most frequent, with those of `initialAlphabet` first;
  /// equal counts keep the smaller byte. `nil`: all that occur.
  public var alphabetLimit: Int? = nil
  public var tieBreak: TieBreak = .pairIDs

  public init() {}

  /// Which of two equally frequent pairs is merged first.
  public enum TieBreak: String, Sendable, CaseIterable {
    /// The smaller (left id, right id), with the alphabet in Hugging Face's order.
    case pairIDs = "pair-ids"
    /// The smaller (left id, right id), with single bytes in the order of their values (rustbpe).
    case rawBytes = "raw-bytes"
    /// The greater (left bytes, right bytes), compared lexicographically (teaching material).
    case greatestBytes = "greatest-bytes"
  }
}
