import Primitives
import Synchronization
import Tokenization

/// Counts the words of a corpus on several threads: the part of training that grows with the text.
///
/// Files are read in blocks of fixed size by all threads; of a stream, each thread reads the next
/// block while the others count theirs. The result depends on the text alone. Memory: the distinct words, at
/// most once a thread, and some megabytes.
public struct PreTokenCounter: Sendable {
  private let options: CountingOptions
  private let specialTokens: Needles
  /// The patterns for documents that are files or records, and for those that are lines.
  private let wholePattern: CompiledPattern?
  private let linePattern: CompiledPattern

  /// - Throws: `PatternError` for a pattern that is broken or refused.
  public init(_ options: CountingOptions) throws(PatternError) {
    self.options = options
    specialTokens = Needles(options.specialTokens)
    if let pattern = options.pattern {
      let compiled = try CompiledPattern(pattern)
      wholePattern = compiled
      linePattern = try compiled.withLinesAsDocuments()
    } else {
      wholePattern = nil
      linePattern = try CompiledPattern.lines()
    }
  }

  /// - Throws: `CorpusError` for the first trouble in the order of the corpus.
  public func count(
    _ corpus: Corpus, progress: TrainingProgress = .silent
  ) throws(CorpusError) -> CountedCorpus {
    let plan = try ReadingPlan(corpus, blockSize: options.blockSize)
    let run = try CountingRun(
      plan, corpus: corpus, options: options,
      pattern: corpus.options.documents == .line ? linePattern : wholePattern,
      specialTokens: specialTokens, progress: progress)
    let counted = try run.count()
    guard counted.counts.hasText else {
      throw CorpusError.noText(files: corpus.sourceCount)
    }
    return counted
  }
}
