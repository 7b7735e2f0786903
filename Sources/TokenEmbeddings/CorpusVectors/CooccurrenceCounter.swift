import Primitives
import Tokenization
import TokenizerTraining

/// Counts which tokens of a tokenizer stand near each other in a corpus.
///
/// Memory: the ids of some documents, and the distinct pairs. Neighbours do not reach from one
/// document into the next.
struct CooccurrenceCounter {
  private let tokenizer: CompiledTokenizer
  private let window: Int
  private let threads: Int
  /// Tokens that are counted at once: the more, the fewer times counts are merged.
  private let stretchLength: Int
  private let progress: TrainingProgress

  init(
    _ tokenizer: CompiledTokenizer, window: Int, threads: Int, stretchLength: Int = 1 << 24,
    progress: TrainingProgress = .silent
  ) {
    self.tokenizer = tokenizer
    self.window = window
    self.threads = max(1, threads)
    self.stretchLength = stretchLength
    self.progress = progress
  }

  func count(_ corpus: Corpus) throws(CorpusVectorError) -> CooccurrenceCounts {
    let (idCount, tokens) = (tokenizer.tokenizer.idCount, tokenizer.tokenizer.tokenCount)
    if idCount > 2 * tokens + 65536 { throw .sparseIDs(tokens: tokens, ids: idCount) }
    var counts = CooccurrenceCounts(idCount: idCount, window: window)
    var stretch = TokenStretch()
    let total = try CorpusVectorError.mapping { () throws(CorpusError) in
      try corpus.plainByteCount()
    }
    var reader = try TokenReader(corpus, tokenizer, threads: threads)
    while let documents = try reader.next() {
      for part in documents {
        if stretch.count > 0, stretch.count + part.count > stretchLength {
          counts.add(stretch, threads: threads)
          stretch.removeAll()
        }
        stretch.append(part)
      }
      progress.report(.counting, reader.byteCount, total)
    }
    counts.add(stretch, threads: threads)
    return counts
  }
}

extension Tokenizer {
  /// Tokens of the vocabulary and special tokens, some of which may be both.
  var tokenCount: Int { model.vocabulary.tokenCount + specialTokens.count }
}

extension CorpusVectorError {
  static func mapping<Value>(
    _ body: () throws(CorpusError) -> Value
  ) throws(CorpusVectorError) -> Value {
    do throws(CorpusError) { return try body() } catch { throw .corpus(error) }
  }
}
