import Tokenization

/// What training made of the counts of words.
public struct BPETrainingResult: Sendable {
  public var model: BPEModel
  /// Special tokens with the ids they took, in id order.
  public var specialTokens: [SpecialToken]
  /// Weighted occurrences of each merge's pair when it was merged, by rank. They never rise.
  public var mergeCounts: [UInt64]
  /// Why the vocabulary is smaller than asked for; `nil` if it is not.
  public var stoppedEarly: EarlyStop?
  /// Occurrences of bytes that the alphabet limit left without a token.
  public var droppedBytes: UInt64
  /// Tokens that all occurrences of all words become.
  public var corpusTokens: UInt64
}
