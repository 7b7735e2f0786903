import Primitives
import Synchronization
import Tokenization

/// Counts the words of a corpus on several threads: the part of training that grows with the text.
///
/// Files are read in blocks of fixed size by all threads; of a stream, each thread reads the next
/// block while the others count theirs. The result depends on the text alone. Memory: the distinct words, at
/// most once a thread, and some megabytes.
public struct PreTokenCounter: Sendable {
  let options: CountingOptions
  private let specialTokens: Needles
  /// For documents that are files or records, and for those that are lines.
  private let wholePreTokenizer: CompiledPreTokenizer
  private let linePreTokenizer: CompiledPreTokenizer
  private let normalizer: CompiledNormalizer

  /// - Throws: for a pattern that is broken or that no engine runs, and rules that cannot be had.
  public init(_ options: CountingOptions) throws(TextPreparationError) {
    self.options = options
    specialTokens = Needles(options.specialTokens)
    normalizer = try CompiledNormalizer(options.normalizer)
    do throws(PatternError) {
      wholePreTokenizer = try CompiledPreTokenizer(
        options.preTokenizer, breaksWords: options.breaksWords)
      linePreTokenizer = try wholePreTokenizer.withLinesAsDocuments()
    } catch {
      throw .pattern(error)
    }
  }

  /// - Throws: `CorpusError` for the first trouble in the order of the corpus.
  public func count(
    _ corpus: Corpus, progress: TrainingProgress = .silent
  ) throws(CorpusError) -> CountedCorpus {
    let groups = try corpus.sourcesByWeight()
    let counted =
      groups.allSatisfy { $0.weight == 1 }
      ? try run(corpus, progress).count() : try weighted(corpus, groups, progress)
    guard counted.counts.hasText else {
      throw CorpusError.noText(files: corpus.sourceCount)
    }
    return counted
  }

  /// Counts, and tells more of the corpus than its words.
  func survey(
    _ corpus: Corpus, progress: TrainingProgress
  ) throws(CorpusError) -> (CountedCorpus, CorpusSurvey) {
    let (counted, survey) = try run(corpus, progress).survey()
    guard counted.counts.hasText else {
      throw CorpusError.noText(files: corpus.sourceCount)
    }
    return (counted, survey)
  }

  /// - Parameters:
  ///   - sources: numbers of those that are read; `nil`: all.
  ///   - threads: at most.
  func run(
    _ corpus: Corpus, _ progress: TrainingProgress, only sources: [Int]? = nil,
    threads: Int = .max
  ) throws(CorpusError) -> CountingRun {
    var options = options
    options.threads = min(options.threads, threads)
    let plan = try ReadingPlan(corpus, blockSize: options.blockSize, only: sources)
    // Lines go together through normalizer and pattern where a line feed parts them in both.
    let joinsLines =
      corpus.options.documents == .line && normalizer.partsAtLineFeeds && options.sentences == nil
      && options.sample == nil
    return try CountingRun(
      plan, corpus: corpus, options: options, normalizer: normalizer,
      preTokenizer: joinsLines ? linePreTokenizer : wholePreTokenizer, joinsLines: joinsLines,
      specialTokens: specialTokens, progress: progress)
  }
}
