import Primitives

/// `vocab.txt`, the vocabulary of BERT's tokenizers: a token a line, numbered by the lines.
///
/// The file holds nothing else. What text goes through is BERT's cleaning and cutting; what the file
/// leaves open, `TokenizerConfiguration` says, or the tokens do.
public enum WordPieceList {
  static let unknown = Array("[UNK]".utf8)
  /// The special tokens of BERT, in the order of the parts that they play.
  private static let specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"].map {
    Array($0.utf8)
  }

  static let detokenizer = Detokenizer.wordPiece(prefix: Array("##".utf8), cleansUp: true)

  /// Whether bytes look like such a list: one of their lines is the token for unknown words.
  static func isOne(_ bytes: [UInt8]) -> Bool {
    TextLines(bytes).contains { $0.elementsEqual(unknown) }
  }

  /// Reads a list.
  ///
  /// - Parameter configuration: what `tokenizer_config.json` beside it says. Without it, text is
  ///   lower-cased if no token has a letter that is not.
  /// - Throws: `FormatError` for a line that is not UTF-8, a token that stands on two lines, and a list
  ///   without the token for unknown words.
  public static func read(
    _ bytes: [UInt8], configuration: TokenizerConfiguration = .init()
  ) throws(FormatError) -> Tokenizer {
    let vocabulary = try vocabulary(of: bytes)
    let unknown = configuration.unknownToken ?? Self.unknown
    let index = TokenIndex(vocabulary)
    if let (first, _) = index.firstDuplicate {
      throw .duplicateToken(token: vocabulary[first].map(Array.init) ?? [])
    }
    guard index.id(of: unknown) != nil else { throw .absentUnknownToken(token: unknown) }
    let named = configuration.tokensWithoutID(custom: specials)
    let special = try configuration.tokens(named, ids: named.map { index.id(of: $0.content) })
    try VocabularyEntries.check(special, vocabulary, index)
    let greatest = ModelLimits.greatestRank(of: vocabulary.tokenCount + special.count)
    if let last = special.last, Int(last.id) > greatest {
      throw .idOutOfRange(token: last.content, greatest: greatest)
    }
    let lowercases = configuration.lowercases ?? !hasCapitals(vocabulary)
    return Tokenizer(
      normalizer: Normalizer([.bert(configuration.cleaning(lowercases: lowercases))]),
      preTokenizer: PreTokenizer([.bert]),
      model: .wordPiece(WordPieceModel(vocabulary: vocabulary, unknownToken: unknown)),
      specialTokens: special, postProcessor: template(special),
      detokenizer: detokenizer)
  }

  /// A line without a token leaves its number free.
  private static func vocabulary(of bytes: [UInt8]) throws(FormatError) -> Vocabulary {
    let isText = bytes.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { UTF8Validation.isValid($0, count: bytes.count) } ?? true
    }
    var builder = VocabularyBuilder(tokenCount: 0, byteCount: bytes.count)
    var free: TokenID?
    for line in TextLines(bytes) {
      if !isText, String(validating: line, as: UTF8.self) == nil {
        throw .line(builder.count + 1, .notUTF8(token: Array(line)))
      }
      if line.isEmpty {
        free = free ?? TokenID(truncatingIfNeeded: builder.count)
        builder.appendHole()
      } else {
        line.withUnsafeBufferPointer { builder.append($0) }
      }
    }
    let vocabulary = builder.vocabulary
    if let free, vocabulary.count > ModelLimits.greatestRank(of: vocabulary.tokenCount) {
      throw .gap(id: free)
    }
    return vocabulary
  }

  /// Names of special and unused tokens are in capitals anyway.
  private static func hasCapitals(_ vocabulary: Vocabulary) -> Bool {
    (0..<TokenID(vocabulary.count)).contains { id in
      guard let token = vocabulary[id],
        token.first != UInt8(ascii: "[") || token.last != UInt8(ascii: "]")
      else { return false }
      return String(decoding: token, as: UTF8.self).unicodeScalars.contains {
        $0.properties.isUppercase
      }
    }
  }

  /// Special tokens around a text, if the vocabulary has them.
  static func template(_ tokens: [SpecialToken]) -> PostProcessor {
    func token(_ text: String) -> SpecialToken? {
      tokens.first { $0.content == Array(text.utf8) }
    }
    guard let classifier = token("[CLS]"), let separator = token("[SEP]") else { return .none }
    return .template(.bert(classifier: classifier, separator: separator))
  }
}
