/// What a WordPiece learner has to say besides its tokens.
public struct WordPieceAccount: Sendable, Equatable {
  /// Words that were not learned from; `nil`: every word was.
  public var leftOut: LeftOutWords?
  /// Likelihood: pairs that occurred less often were not merged.
  public var minimumPairCount: UInt64?
  /// Likelihood: whether a minimum that was given is below half of the one that would have been found:
  /// with more than twice as high a one the vocabulary would be full, too. Rare pairs that never meet
  /// anything else then take the place of frequent ones.
  public var minimumIsLow = false
  /// Top-down: occurrences that a piece had to have.
  public var threshold: UInt64?

  public init() {}
}
