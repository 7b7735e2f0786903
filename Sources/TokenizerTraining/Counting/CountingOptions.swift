import Tokenization

/// What turns the text of a corpus into the words that are counted.
public struct CountingOptions: Sendable {
  /// What cuts a document into pre-tokens. A byte alphabet at its end is not spelled out: the words
  /// are bytes then.
  public var preTokenizer: PreTokenizer
  /// Whether pieces of scripts that are written without spaces are cut at the words of ICU's
  /// dictionaries, too, so that no merge spans two of them.
  public var breaksWords = false
  /// How documents become words instead, where they are sentences of SentencePiece's trainers: the
  /// pre-tokenizer is not asked then, and a line comes without its line feed.
  public var sentences: SentenceRules?
  /// The part of the documents that is counted; `nil`: all.
  public var sample: DocumentSample?
  /// What happens to text first.
  public var normalizer: Normalizer
  /// Texts, UTF-8, whose occurrences are borders: neither counted nor spanned by a pre-token.
  public var specialTokens: [[UInt8]]
  public var threads: Int
  /// Bytes that a thread takes at once. The result does not depend on it.
  var blockSize = FileBlocks.defaultBlockSize

  public init(
    preTokenizer: PreTokenizer, normalizer: Normalizer = .none, specialTokens: [[UInt8]] = [],
    threads: Int
  ) {
    self.preTokenizer = preTokenizer
    self.normalizer = normalizer
    self.specialTokens = specialTokens
    self.threads = max(1, threads)
  }
}
