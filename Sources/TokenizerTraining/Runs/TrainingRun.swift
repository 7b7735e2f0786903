import Primitives
import Tokenization

/// Training from a corpus to a tokenizer: count what the family counts, train, put together.
public protocol TrainingRun: Sendable {
  /// Reads the corpus and trains on it.
  func train(
    on corpus: Corpus, progress: TrainingProgress
  ) throws(TrainingRunError) -> TrainedTokenizer
}

extension TrainingRun {
  public func train(on corpus: Corpus) throws(TrainingRunError) -> TrainedTokenizer {
    try train(on: corpus, progress: .silent)
  }
}
