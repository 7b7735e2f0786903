import Primitives
import Tokenization

/// Training of byte-level BPE: count the words, merge, put together.
///
/// ```swift
/// let corpus = try Corpus(inputs: [Array("corpus.txt".utf8)])
/// let directory = try AtomicDirectory(at: Array("Vocab/corpus-bpe".utf8))
/// try BPETrainingRun(.init()).train(on: corpus).write(to: directory)
/// ```
public struct BPETrainingRun: TrainingRun {
  /// What a run is asked for, but for the corpus, whose reading has options of its own.
  public struct Options: Sendable {
    public var training = BPETrainingOptions()
    /// What cuts text into pre-tokens; `nil`: a document is one.
    public var pattern: SplitPattern? = NamedPattern.cl100k.pattern
    /// Whether no token spans two words of Thai, Lao, Khmer, Burmese, Chinese or Japanese, by ICU's
    /// dictionaries. The tokenizer does not contain them: it is for training alone.
    public var breaksWords = false
    /// The part of the documents that is learned from; `nil`: all.
    public var sample: DocumentSample? = nil
    /// What happens to text before it is cut.
    public var normalizer = Normalizer([.form(.nfc)])
    /// Results are the same for any number.
    public var threads = Threads.available

    /// Pieces are bytes in the end. GPT-2's pattern is part of the byte-level step itself.
    var preTokenizer: PreTokenizer {
      let isGPT2 = pattern == NamedPattern.gpt2.pattern
      let bytes = PreTokenizer.Step.byteLevel(
        ByteLevelSettings(addsPrefixSpace: false, usesPattern: isGPT2))
      guard let pattern, !isGPT2 else { return PreTokenizer([bytes]) }
      return PreTokenizer([.split(pattern), bytes])
    }

    /// The defaults of `toktrain bpe`.
    public init() {}
  }

  private let options: Options
  public let counting: CountingOptions
  public let counter: PreTokenCounter
  private let trainer: BPETrainer

  /// - Throws: for a pattern or options that cannot be, before anything is read.
  public init(_ options: Options) throws(TrainingRunError) {
    self.options = options
    var counting = CountingOptions(
      preTokenizer: options.preTokenizer, normalizer: options.normalizer,
      specialTokens: options.training.specialTokens, threads: options.threads)
    counting.breaksWords = options.breaksWords
    counting.sample = options.sample
    self.counting = counting
    counter = try TrainingRunError.mapping { () throws(TextPreparationError) in
      try PreTokenCounter(counting)
    }
    trainer = try TrainingRunError.mapping { () throws(BPETrainingError) in
      try BPETrainer(options.training)
    }
  }

  public var vocabularySize: Int { options.training.vocabularySize }

  public var cost: TrainingCost { .bytePairs }

  public func train(
    on corpus: consuming CountedCorpus, sizes: [Int], progress: TrainingProgress
  ) throws(TrainingRunError) -> [TrainedTokenizer] {
    let (counts, summary, reading) = (corpus.counts, corpus.summary, corpus.options)
    _ = consume corpus
    let results: [BPETrainingResult]
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
          normalizer: options.normalizer, preTokenizer: options.preTokenizer,
          model: .bpe(result.model), specialTokens: result.specialTokens),
        account: TrainingAccount(
          algorithm: "bpe", options: options.entries + options.entriesOfSample,
          result: [("merges", .count(result.model.merges.count))]),
        summary: summary, corpusTokens: result.corpusTokens, corpusOptions: reading,
        droppedSymbols: result.droppedBytes)
    }
  }
}

extension BPETrainingRun.Options {
  /// What `training.json` says of them.
  fileprivate var entries: [TrainingAccount.Entry] {
    [
      ("vocab_size", .count(training.vocabularySize)),
      ("min_frequency", .count(training.minimumFrequency)),
      ("max_token_length", .count(training.maximumTokenLength)),
      ("special_tokens", .list(training.specialTokens.map { .text($0) })),
      (
        "initial_alphabet",
        training.initialAlphabet.count == 256
          ? .text("all") : .list(training.initialAlphabet.map { .count($0) })
      ),
      ("limit_alphabet", .count(training.alphabetLimit)),
      ("tie_break", .text(training.tieBreak.rawValue)),
      (
        "pattern",
        pattern.map { pattern in
          .object([
            ("regex", .text(pattern.text)), ("dialect", .text(pattern.dialect.rawValue)),
          ])
        } ?? .none
      ),
      ("word_breaks", .flag(breaksWords)),
    ]
  }
}

extension BPETrainingRun.Options {
  /// Of the sample, where there is one.
  fileprivate var entriesOfSample: [TrainingAccount.Entry] {
    guard let sample else { return [] }
    return [("sample", sample.value)]
  }
}
