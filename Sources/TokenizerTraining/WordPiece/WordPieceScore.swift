/// By what a WordPiece vocabulary is chosen.
public enum WordPieceScore: Sendable, Equatable {
  /// The most frequent pair is merged, as in Hugging Face's library.
  case frequency
  /// The pair whose parts are most surprised to meet: count over the product of the parts' counts.
  /// Pairs that occur less often than the minimum are not looked at; `nil`: the highest minimum that
  /// still fills the vocabulary.
  case likelihood(minimumPairCount: UInt64?)
  /// The pair that makes the text more likely by most: count times the logarithm of that ratio.
  case gain
  /// Whole substrings are kept, the longest first (Song et al. 2021, "Fast WordPiece Tokenization";
  /// TensorFlow Text's learner).
  case topDown(TopDownOptions)
}

/// What the top-down learner can be asked for besides the size.
public struct TopDownOptions: Sendable, Equatable {
  /// Rounds for each threshold.
  public var iterations = 4
  /// Part of the size by which a vocabulary may stay below it in the search for a threshold.
  public var slack = 0.05
  /// Most characters: the most frequent. `nil`: all that occur.
  public var maximumCharacters: Int? = 1000
  /// Whether the learner does as TensorFlow Text's does, which takes the counts of pieces that it does
  /// not keep from their beginnings, too (tensorflow/text issue 583), and leaves the size as found.
  public var followsTensorFlowText = false

  public init() {}
}
