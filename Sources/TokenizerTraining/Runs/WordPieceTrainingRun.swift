import Primitives
import Tokenization

/// Training of WordPiece: count the words as BERT's tokenizers cut them, merge, put together.
///
/// ```swift
/// let corpus = try Corpus(inputs: [Array("corpus.txt".utf8)])
/// let directory = try AtomicDirectory(at: Array("Vocab/corpus-wordpiece".utf8))
/// try WordPieceTrainingRun(.init()).train(on: corpus).write(to: directory)
/// ```
public struct WordPieceTrainingRun: TrainingRun {
  /// What a run is asked for, but for the corpus, whose reading has options of its own.
  public struct Options: Sendable {
    public var training = WordPieceTrainingOptions()
    /// What happens to text before it is cut at blanks and around punctuation.
    public var normalizer = Normalizer([.bert(Normalizer.BERTCleaning())])
    /// Names the order of `training.continuingOrder` in `training.json`.
    public var orderFingerprint: Fingerprint? = nil
    /// The part of the documents that is learned from; `nil`: all.
    public var sample: DocumentSample? = nil
    /// Results are the same for any number.
    public var threads = Threads.available

    /// The defaults of `toktrain wordpiece`.
    public init() {}
  }

  private static let preTokenizer = PreTokenizer([.bert])

  private let options: Options
  public let counting: CountingOptions
  public let counter: PreTokenCounter
  private let trainer: WordPieceTrainer

  /// - Throws: for options that cannot be, before anything is read.
  public init(_ options: Options) throws(TrainingRunError) {
    self.options = options
    var counting = CountingOptions(
      preTokenizer: Self.preTokenizer, normalizer: options.normalizer,
      specialTokens: options.training.specialTokens, threads: options.threads)
    counting.sample = options.sample
    self.counting = counting
    counter = try TrainingRunError.mapping { () throws(TextPreparationError) in
      try PreTokenCounter(counting)
    }
    trainer = try TrainingRunError.mapping { () throws(BPETrainingError) in
      try WordPieceTrainer(options.training)
    }
  }

  public var vocabularySize: Int { options.training.vocabularySize }

  public var cost: TrainingCost { .wordPieces }

  public func train(
    on corpus: consuming CountedCorpus, sizes: [Int], progress: TrainingProgress
  ) throws(TrainingRunError) -> [TrainedTokenizer] {
    let (counts, summary, reading) = (corpus.counts, corpus.summary, corpus.options)
    _ = consume corpus
    let results: [WordPieceTrainingResult]
    do throws(BPETrainingError) {
      results = try trainer.train(
        on: consume counts, sizes: sizes, threads: options.threads, progress: progress)
    } catch {
      throw .options(error)
    }
    return zip(sizes, results).map { size, result in
      var options = options
      options.training.vocabularySize = size
      return TrainedTokenizer(
        tokenizer: Tokenizer(
          normalizer: options.normalizer, preTokenizer: Self.preTokenizer,
          model: .wordPiece(result.model), specialTokens: result.specialTokens,
          postProcessor: Self.postProcessor(result.specialTokens),
          detokenizer: .wordPiece(prefix: options.training.continuingPrefix, cleansUp: true)),
        account: TrainingAccount(
          algorithm: "wordpiece", options: options.entries + options.entriesOfSample,
          result: [
            ("merges", .count(result.mergeCounts.count)),
            ("dropped_characters", .count(result.droppedCharacters)),
          ] + result.account.entries),
        summary: summary, corpusTokens: result.corpusTokens, corpusOptions: reading,
        droppedSymbols: result.droppedCharacters, wordPiece: result.account)
    }
  }

  /// BERT's, where its special tokens are there.
  private static func postProcessor(_ specialTokens: [SpecialToken]) -> PostProcessor {
    func token(_ text: String) -> SpecialToken? {
      specialTokens.first { $0.content == Array(text.utf8) }
    }
    guard let classifier = token("[CLS]"), let separator = token("[SEP]") else { return .none }
    return .template(.bert(classifier: classifier, separator: separator))
  }
}

extension WordPieceTrainingRun.Options {
  private var entriesOfScore: [TrainingAccount.Entry] {
    switch training.score {
    case .frequency:
      [("score", .text("frequency")), ("min_frequency", .count(training.minimumFrequency))]
    case .gain: [("score", .text("gain")), ("min_frequency", .count(training.minimumFrequency))]
    case .likelihood(let minimum):
      [
        ("score", .text("likelihood")),
        ("min_pair_count", minimum.map { .count($0) } ?? .text("auto")),
      ]
    case .topDown(let options):
      [
        ("score", .text("top-down")),
        ("compat", options.followsTensorFlowText ? .text("tensorflow-text") : .none),
        ("slack", .decimal(options.slack)), ("iterations", .count(options.iterations)),
        ("max_characters", .count(options.maximumCharacters)),
      ]
    }
  }

  /// What `training.json` says of them.
  fileprivate var entries: [TrainingAccount.Entry] {
    [
      ("vocab_size", .count(training.vocabularySize))
    ] + entriesOfScore + [
      ("special_tokens", .list(training.specialTokens.map { .text($0) })),
      ("unknown_token", .text(training.unknownToken)),
      ("continuing_prefix", .text(training.continuingPrefix)),
      ("max_input_chars_per_word", .count(training.longestWord)),
      ("initial_alphabet", .list(training.initialAlphabet.map { .count($0) })),
      ("limit_alphabet", .count(training.alphabetLimit)),
      ("alphabet_order", orderFingerprint.map { .text($0.description) } ?? .none),
    ]
  }
}

extension WordPieceAccount {
  /// What `training.json` says of the result.
  fileprivate var entries: [TrainingAccount.Entry] {
    var entries: [TrainingAccount.Entry] = []
    if let minimumPairCount { entries.append(("min_pair_count", .count(minimumPairCount))) }
    if let threshold { entries.append(("threshold", .count(threshold))) }
    if let leftOut {
      entries += [
        ("too_long_words", .count(leftOut.tooLong)), ("unspelled_words", .count(leftOut.unspelled)),
        ("too_rare_words", .count(leftOut.tooRare)),
      ]
    }
    return entries
  }
}

extension WordPieceTrainingRun.Options {
  /// Of the sample, where there is one.
  fileprivate var entriesOfSample: [TrainingAccount.Entry] {
    guard let sample else { return [] }
    return [("sample", sample.value)]
  }
}
