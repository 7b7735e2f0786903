import Primitives
import Tokenization

/// Training from a corpus to a tokenizer: count the words, merge, put together.
///
/// ```swift
/// let corpus = try Corpus(inputs: [Array("corpus.txt".utf8)])
/// let directory = try AtomicDirectory(at: Array("Vocab/corpus-bpe".utf8))
/// try BPETrainingRun(.init()).train(on: corpus).write(to: directory)
/// ```
public struct BPETrainingRun: Sendable {
  /// What a run is asked for, but for the corpus, whose reading has options of its own.
  public struct Options: Sendable {
    public var training = BPETrainingOptions()
    /// What cuts text into pre-tokens; `nil`: a document is one.
    public var pattern: SplitPattern? = NamedPattern.cl100k.pattern
    /// Whether no token spans two words of Thai, Lao, Khmer, Burmese, Chinese or Japanese, by ICU's
    /// dictionaries. The tokenizer does not contain them: it is for training alone.
    public var breaksWords = false
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
  private let counter: PreTokenCounter
  private let trainer: BPETrainer

  /// - Throws: for a pattern or options that cannot be, before anything is read.
  public init(_ options: Options) throws(TrainingRunError) {
    self.options = options
    var counting = CountingOptions(
      preTokenizer: options.preTokenizer, normalizer: options.normalizer,
      specialTokens: options.training.specialTokens, threads: options.threads)
    counting.breaksWords = options.breaksWords
    do throws(TextPreparationError) {
      counter = try PreTokenCounter(counting)
    } catch {
      throw .preparation(error)
    }
    do throws(BPETrainingError) {
      trainer = try BPETrainer(options.training)
    } catch {
      throw .options(error)
    }
  }

  /// Reads the corpus and trains on it.
  public func train(
    on corpus: Corpus, progress: TrainingProgress = .silent
  ) throws(TrainingRunError) -> TrainedBPE {
    let counts: PreTokenCounts
    let summary: CorpusSummary
    do throws(CorpusError) {
      let counted = try counter.count(corpus, progress: progress)
      (counts, summary) = (counted.counts, counted.summary)
    } catch {
      throw .corpus(error)
    }
    let result: BPETrainingResult
    do throws(BPETrainingError) {
      result = try trainer.train(
        on: consume counts, threads: options.threads, progress: progress)
    } catch {
      throw .options(error)
    }
    return TrainedBPE(
      result, options: options, corpusOptions: corpus.options, summary: summary)
  }
}
