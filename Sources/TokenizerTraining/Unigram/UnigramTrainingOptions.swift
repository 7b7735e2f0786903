/// What a Unigram training run is asked for: SentencePiece's options with its defaults.
public struct UnigramTrainingOptions: Sendable, Equatable {
  /// Most substrings to start from, besides single characters.
  public var seedSize = 1_000_000
  /// Pieces to start from besides single characters; `nil`: substrings of the text.
  public var seeds: SeedList?
  /// Part of the pieces that a pruning keeps, below 1.
  public var shrinkingFactor: Float = 0.75
  /// Rounds of expectation and maximization between two prunings.
  public var subIterations = 2
  public var kernel = Kernel.fast

  public init() {}

  /// How expectations are computed. Neither depends on the threads that do it.
  public enum Kernel: Sendable, Equatable {
    /// Double precision in probability space, sums of integers.
    case fast
    /// Bit for bit as SentencePiece 0.2.3: single precision in log space, sums in the order of so
    /// many of its threads (`num_threads`, 16 by default).
    case sentencePiece(threads: Int)
  }
}

/// A vocabulary that is wanted.
public struct UnigramVocabularySize: Sendable, Equatable {
  /// Pieces in all; the search ends near 1.1 times that.
  public var vocabularySize: Int
  /// Those among them that are not learned.
  public var metaPieces: Int

  public init(vocabularySize: Int, metaPieces: Int) {
    self.vocabularySize = vocabularySize
    self.metaPieces = metaPieces
  }

  var learnedPieces: Int { vocabularySize - metaPieces }
  /// As SentencePiece: the last pruning goes down to it.
  var desiredSize: Int {
    let size = Double(vocabularySize) * 1.1
    return size < 0x1p62 ? Int(size) : Int.max
  }
}
