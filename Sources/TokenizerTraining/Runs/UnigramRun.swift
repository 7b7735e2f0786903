import Primitives
import Tokenization

/// Training of Unigram pieces as SentencePiece does it: count the words of sentences, learn.
public struct UnigramRun: Sendable {
  private let options: SentencePieceOptions
  private let training: UnigramTrainingOptions
  private let counting: SentenceCounting
  private let threads: Int

  /// - Parameter threads: the result is the same for any number.
  /// - Throws: for options that contradict each other, before anything is read.
  public init(
    _ options: SentencePieceOptions, _ training: UnigramTrainingOptions,
    threads: Int = Threads.available
  ) throws(TrainingRunError) {
    self.options = options
    self.training = training
    self.threads = threads
    counting = try SentenceCounting(options, marksEnds: true, threads: threads)
  }

  /// What is learned for each size; that of the options where none is given.
  public func results(
    on corpus: Corpus, sizes: [Int] = [], progress: TrainingProgress = .silent
  ) throws(TrainingRunError) -> [UnigramTrainingResult] {
    let (words, characters, _) = try counting.count(corpus, progress: progress)
    return try TrainingRunError.mapping { () throws(SentencePieceTrainingError) in
      let meta = try options.room(for: characters).meta
      let trainer = UnigramTrainer(
        characters: characters, rules: options.pieces, options: training)
      return try trainer.train(
        on: words,
        sizes: (sizes.isEmpty ? [options.vocabularySize] : sizes).map {
          UnigramVocabularySize(vocabularySize: $0, metaPieces: meta)
        }, threads: threads, progress: progress)
    }
  }
}
