import Primitives
import Tokenization

/// Training from a corpus to a tokenizer: count what the family counts, train, put together.
public protocol TrainingRun: Sendable {
  /// Tokens that the options ask for.
  var vocabularySize: Int { get }

  /// Reads the corpus once and trains vocabularies of several sizes on it.
  ///
  /// - Returns: as many as there are sizes, in their order; each is what a run with that size alone
  ///   would give.
  func train(
    on corpus: Corpus, sizes: [Int], progress: TrainingProgress
  ) throws(TrainingRunError) -> [TrainedTokenizer]
}

extension TrainingRun {
  /// Reads the corpus and trains on it.
  public func train(
    on corpus: Corpus, progress: TrainingProgress = .silent
  ) throws(TrainingRunError) -> TrainedTokenizer {
    try train(on: corpus, sizes: [vocabularySize], progress: progress)[0]
  }
}
