import Primitives
import Tokenization

/// Training from a corpus to a tokenizer: count what the family counts, train, put together.
public protocol TrainingRun: Sendable {
  /// Tokens that the options ask for.
  var vocabularySize: Int { get }

  /// What is counted, and how.
  var counting: CountingOptions { get }

  /// What counts it.
  var counter: PreTokenCounter { get }

  /// What training on words takes.
  var cost: TrainingCost { get }

  /// Trains vocabularies of several sizes on what was counted.
  ///
  /// - Parameter corpus: counted with the options of this run. The words are given up: they take as
  ///   much memory as training has left.
  /// - Returns: as many as there are sizes, in their order; each is what a run with that size alone
  ///   would give.
  func train(
    on corpus: consuming CountedCorpus, sizes: [Int], progress: TrainingProgress
  ) throws(TrainingRunError) -> [TrainedTokenizer]

  /// Reads the corpus and trains vocabularies of several sizes on it.
  func train(
    on corpus: Corpus, sizes: [Int], progress: TrainingProgress
  ) throws(TrainingRunError) -> [TrainedTokenizer]
}

extension TrainingRun {
  /// Reads the corpus once and counts it.
  public func count(
    _ corpus: Corpus, progress: TrainingProgress
  ) throws(TrainingRunError) -> CountedCorpus {
    try TrainingRunError.mapping { () throws(CorpusError) in
      try counter.count(corpus, progress: progress)
    }
  }

  public func train(
    on corpus: Corpus, sizes: [Int], progress: TrainingProgress
  ) throws(TrainingRunError) -> [TrainedTokenizer] {
    try train(on: try count(corpus, progress: progress), sizes: sizes, progress: progress)
  }

  /// Reads the corpus and trains on it.
  public func train(
    on corpus: Corpus, progress: TrainingProgress = .silent
  ) throws(TrainingRunError) -> TrainedTokenizer {
    try train(on: corpus, sizes: [vocabularySize], progress: progress)[0]
  }

  /// What files of counts must have been made with to be trained from.
  public func configuration(reading options: CorpusOptions) -> CountingConfiguration {
    CountingConfiguration(counting, options)
  }
}
