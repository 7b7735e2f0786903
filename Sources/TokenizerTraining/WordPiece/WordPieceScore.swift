/// By what a WordPiece vocabulary is chosen.
public enum WordPieceScore: Sendable, Equatable {
  /// The most frequent pair is merged, as in Hugging Face's library.
  case frequency
  /// The pair whose parts are most surprised to meet: count over the product of the parts' counts.
  /// Pairs that occur less often than the minimum are not looked at; `nil`: the highest minimum
  /// that still fills the vocabulary.
  case likelihood(minimumPairCount: UInt64?)
  /// The pair that makes the text more likely by most: count times the logarithm of that ratio.
  case gain
  /// Whole substrings are kept, the longest first, if they occur often enough outside longer ones
  /// (TensorFlow Text's learner; its guide "Subword tokenizers").
  case topDown(TopDownOptions)
}

/// What the top-down learner can be asked for besides the size.
public struct TopDownOptions: Sendable, Equatable {
  /// Rounds for each threshold; 1 or more.
  public var iterations = 4
  /// Part of the size by which a vocabulary may stay below it in the search for a threshold; 0 to
  /// 1.
  public var slack = 0.05
  /// Most characters: the most frequent, equal counts by code point. `nil`: all that occur.
  public var maximumCharacters: Int? = 1000
  /// The search for a threshold begins with these two, or with the least and the greatest count of
  /// a word where those are nearer. 0 and 1 mean the same.
  public var lowestThreshold: UInt64 = 10
  public var highestThreshold: UInt64 = 10_000_000
  /// Most words to learn from: the most frequent, equal counts by their bytes. `nil`: all.
  public var maximumWords: Int? = nil
  /// Whether the learner does as TensorFlow Text's does, which takes the counts of pieces that it
  /// does not keep from their beginnings, too (tensorflow/text issue 583), leaves the size as
  /// found, and looks at no word of more than 50 characters and at 5,000,000 words.
  public var followsTensorFlowText = false

  public init() {}

  /// Most characters of a word to learn from: in TensorFlow Text `max_token_length`. Elsewhere so
  /// many that no word of a language is longer, and that texts without blanks cost no time.
  var longestWord: Int { followsTensorFlowText ? 50 : 4096 }

  /// In TensorFlow Text `max_input_tokens`.
  var wordLimit: Int { min(maximumWords ?? .max, followsTensorFlowText ? 5_000_000 : .max) }

  /// - Throws: `BPETrainingError` for what is out of range.
  func check() throws(BPETrainingError) {
    if iterations < 1 { throw .iterationsOutOfRange(iterations) }
    if !(slack >= 0 && slack <= 1) { throw .slackOutOfRange(slack) }
    if let limit = maximumCharacters, limit < 1 { throw .characterLimitOutOfRange(limit) }
    if let limit = maximumWords, limit < 1 { throw .wordLimitOutOfRange(limit) }
  }
}
