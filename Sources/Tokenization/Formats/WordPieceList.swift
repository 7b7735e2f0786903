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

  /// Whether bytes look like such a list: one of their lines is the token for unknown words.
  static func isOne(_ bytes: [UInt8]) -> Bool {
    lines(of: bytes).contains { $0.elementsEqual(unknown) }
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
    let tokens = lines(of: bytes)
    for (line, token) in tokens.enumerated()
    where String(validating: token, as: UTF8.self) == nil {
      throw .line(line + 1, .notUTF8(token: Array(token)))
    }
    let unknown = configuration.unknownToken ?? Self.unknown
    // A line without a token leaves its number free.
    let vocabulary = Vocabulary(tokens: tokens.map { $0.isEmpty ? nil : Array($0) })
    let index = TokenIndex(vocabulary)
    if let (first, _) = index.firstDuplicate {
      throw .duplicateToken(token: Array(tokens[Int(first)]))
    }
    guard index.id(of: unknown) != nil else { throw .absentUnknownToken(token: unknown) }
    let special = (configuration.specialTokens ?? specials).compactMap { content in
      index.id(of: content).map { SpecialToken(id: $0, content: content) }
    }
    return Tokenizer(
      normalizer: Normalizer([.bert(configuration.cleaning(lowercases: !hasCapitals(tokens)))]),
      preTokenizer: PreTokenizer([.bert]),
      model: .wordPiece(WordPieceModel(vocabulary: vocabulary, unknownToken: unknown)),
      specialTokens: special.sorted { $0.id < $1.id }, postProcessor: template(special),
      detokenizer: .wordPiece(prefix: Array("##".utf8), cleansUp: true))
  }

  /// Lines without their ends, which may be those of Windows; what follows the last is none.
  private static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
  }

  /// Names of special and unused tokens are in capitals anyway.
  private static func hasCapitals(_ tokens: [ArraySlice<UInt8>]) -> Bool {
    tokens.contains { token in
      if token.first == UInt8(ascii: "["), token.last == UInt8(ascii: "]") { return false }
      return String(decoding: token, as: UTF8.self).unicodeScalars.contains {
        $0.properties.isUppercase
      }
    }
  }

  private static func template(_ tokens: [SpecialToken]) -> PostProcessor {
    func token(_ text: String) -> SpecialToken? {
      tokens.first { $0.content == Array(text.utf8) }
    }
    guard let classifier = token("[CLS]"), let separator = token("[SEP]") else { return .none }
    return .template(.bert(classifier: classifier, separator: separator))
  }
}
