import Primitives
import Tokenization

/// Training of Unigram pieces as SentencePiece does it: count the words of sentences, learn, put
/// together.
public struct UnigramRun: TrainingRun {
  private let options: SentencePieceOptions
  private let training: UnigramTrainingOptions
  private let sentences: SentenceCounting
  private let threads: Int

  /// - Parameter threads: the result is the same for any number.
  /// - Throws: for options that contradict each other, before anything is read.
  public init(
    _ options: SentencePieceOptions, _ training: UnigramTrainingOptions = .init(),
    threads: Int = Threads.available
  ) throws(TrainingRunError) {
    self.options = options
    self.training = training
    self.threads = threads
    sentences = try SentenceCounting(options, marksFollowers: true, threads: threads)
  }

  public var vocabularySize: Int { options.vocabularySize }

  public var counting: CountingOptions { sentences.counting }

  public var counter: PreTokenCounter { sentences.counter }

  public var cost: TrainingCost { .unigram }

  public func train(
    on corpus: consuming CountedCorpus, sizes: [Int], progress: TrainingProgress
  ) throws(TrainingRunError) -> [TrainedTokenizer] {
    try train(on: corpus, inOrderOf: nil, sizes: sizes, progress: progress)
  }

  public func train(
    on corpus: Corpus, sizes: [Int], progress: TrainingProgress
  ) throws(TrainingRunError) -> [TrainedTokenizer] {
    try train(
      on: try count(corpus, progress: progress),
      inOrderOf: training.kernel == .fast ? nil : corpus, sizes: sizes, progress: progress)
  }

  private func train(
    on corpus: consuming CountedCorpus, inOrderOf source: Corpus?, sizes: [Int],
    progress: TrainingProgress
  ) throws(TrainingRunError) -> [TrainedTokenizer] {
    let reading = corpus.options
    let (words, characters, summary) = try sentences.words(of: corpus, inOrderOf: source)
    let results = try TrainingRunError.mapping { () throws(SentencePieceTrainingError) in
      var targets: [UnigramVocabularySize] = []
      for size in sizes {
        targets.append(
          UnigramVocabularySize(
            vocabularySize: size, metaPieces: try options.sized(size).room(for: characters).meta))
      }
      let trainer = UnigramTrainer(
        characters: characters, rules: options.pieces, options: training)
      return try trainer.train(on: words, sizes: targets, threads: threads, progress: progress)
    }
    var trained: [TrainedTokenizer] = []
    for (size, result) in zip(sizes, results) {
      let options = options.sized(size)
      let file = try options.file(
        .unigram, pieces: result.pieces.map { (text: $0.text, score: $0.score) })
      trained.append(
        TrainedTokenizer(
          tokenizer: try TrainingRunError.mapping { () throws(FormatError) in
            try file.tokenizer()
          },
          account: TrainingAccount(
            algorithm: "unigram", options: options.entries + training.entries,
            result: [
              ("rounds", .count(result.rounds.count)),
              ("objective", result.rounds.last.map { .decimal($0.objective) } ?? .none),
            ],
            rounds: result.rounds.map(\.entries)),
          summary: summary, corpusTokens: result.corpusTokens, corpusOptions: reading,
          sentencePieceFile: file, leftOutCharacters: characters.leftOut))
    }
    return trained
  }
}

extension UnigramTrainingResult.Round {
  fileprivate var entries: [TrainingAccount.Entry] {
    [
      ("pieces", .count(pieces)),
      ("objectives", .list(objectives.map { .decimal($0) })),
      ("tokens", .count(tokens)),
    ]
  }
}

extension UnigramTrainingOptions {
  /// What `training.json` says of them.
  fileprivate var entries: [TrainingAccount.Entry] {
    let kernelName: String
    var lanes: Int?
    switch kernel {
    case .fast: kernelName = "fast"
    case .sentencePiece(let threads): (kernelName, lanes) = ("sentencepiece", threads)
    }
    return [
      ("seed_size", .count(seedSize)),
      ("seed_pieces", seeds.map { .text($0.fingerprint.description) } ?? .none),
      ("shrinking_factor", .decimal(Double("\(shrinkingFactor)") ?? Double(shrinkingFactor))),
      ("sub_iterations", .count(subIterations)),
      ("kernel", .text(Array(kernelName.utf8))),
      ("compat_threads", .count(lanes)),
    ]
  }
}
