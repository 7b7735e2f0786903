/// A vocabulary that `UnigramTrainer` has learned.
public struct UnigramTrainingResult: Sendable, Equatable {
  public struct Piece: Sendable, Equatable {
    /// UTF-8.
    public var text: [UInt8]
    /// Logarithm of its probability.
    public var score: Float
  }

  /// What two rounds of estimating and the pruning behind them saw.
  public struct Round: Sendable, Equatable {
    /// Pieces at its start.
    public var pieces: Int
    /// By estimation: negative log likelihood of a word, in nats, before it.
    public var objectives: [Double]
    /// Pieces of the best segmentations of all words, before the pruning.
    public var tokens: UInt64

    /// That of the last estimation.
    public var objective: Double { objectives.last ?? 0 }
  }

  /// The learned pieces by falling score, equal ones by their bytes.
  public var pieces: [Piece]
  public var rounds: [Round]
  /// Pieces of the best segmentations of all words with the final vocabulary; a character without a
  /// piece counts as one.
  public var corpusTokens: UInt64
}
