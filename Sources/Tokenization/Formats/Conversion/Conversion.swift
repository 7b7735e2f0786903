import Primitives

/// A tokenizer in the files of another library.
///
/// What the files cannot say is an error that names it, or, where that is allowed, a loss that is
/// listed. Whether the result does the same on text is for `ConversionProof` to show.
public struct Conversion: Sendable {
  /// Whose files.
  public enum Target: String, CaseIterable, Sendable {
    /// `tokenizer.json`, `tokenizer_config.json` and `special_tokens_map.json`.
    case huggingFace = "hf"
    /// `vocab.json` and `merges.txt` of GPT-2's tokenizers, or `vocab.txt`.
    case legacy = "hf-legacy"
    /// `tokenizer.model` and `tokenizer.vocab`.
    case sentencePiece = "sentencepiece"
    /// `tokenizer.tiktoken` and the sidecar with pattern and special tokens.
    case tiktoken
    /// `vocab.txt` of BERT's tokenizers.
    case wordPiece = "wordpiece"
  }

  public typealias File = HuggingFaceDirectory.File

  /// Names of all files that a conversion may write.
  public static let fileNames =
    [
      "tokenizer.json", "vocab.json", "merges.txt", "vocab.txt", "tokenizer.model",
      "tokenizer.vocab",
      RankFile.fileName, RankFile.fileName + RankSidecar.suffix,
    ] + ConfigurationFiles.names

  public let files: [File]
  /// What the files do not say and the tokenizer does.
  public let losses: [String]
  /// What is known to be different in the other library, on texts that most people never have.
  public let differences: [String]

  /// - Parameters:
  ///   - sentencePiece: the file that the tokenizer was read from, if it was such a one: it says more.
  ///   - isLossy: whether what cannot be said may be left out.
  /// - Throws: `FormatError.unsupported`, naming what the target cannot say.
  public init(
    of tokenizer: Tokenizer, sentencePiece: SentencePieceFile? = nil, to target: Target,
    isLossy: Bool = false
  ) throws(FormatError) {
    var account = ConversionAccount(target: target, isLossy: isLossy)
    if target != .huggingFace { try account.loseLengths(of: tokenizer) }
    switch target {
    case .huggingFace:
      files = try Self.huggingFace(tokenizer, sentencePiece, &account)
    case .legacy:
      if case .wordPiece = tokenizer.model {
        files = try Self.wordList(tokenizer, &account)
      } else {
        files = try Self.vocabularyAndMerges(tokenizer, &account)
      }
    case .wordPiece: files = try Self.wordList(tokenizer, &account)
    case .tiktoken: files = try Self.ranks(tokenizer, &account)
    case .sentencePiece:
      let file: SentencePieceFile
      if let sentencePiece {
        file = sentencePiece
      } else {
        file = try SentencePieceForm(tokenizer, &account).file
      }
      files = [
        File(name: "tokenizer.model", bytes: file.bytes),
        File(name: "tokenizer.vocab", bytes: file.vocabularyList),
      ]
    }
    losses = account.losses
    differences = account.differences
  }

  private static func huggingFace(
    _ tokenizer: Tokenizer, _ sentencePiece: SentencePieceFile?, _ account: inout ConversionAccount
  ) throws(FormatError) -> [File] {
    func chosen(_ files: [File]) -> [File] {
      let names = ["tokenizer.json"] + ConfigurationFiles.names
      return files.filter { names.contains($0.name) }
    }
    guard let sentencePiece else {
      return chosen(try HuggingFaceDirectory.files(for: tokenizer))
    }
    let files = chosen(try HuggingFaceDirectory.files(for: sentencePiece, tokenizer))
    guard !files.isEmpty else { throw account.unsupported("blanks that end words") }
    account.differences += [
      "rules of normalization are applied there to one grapheme after the other: some sequences of "
        + "marks come out otherwise",
      "control symbols are not hidden there when ids are decoded",
    ]
    if [.nmtNFKC, .nmtNFKCFolded].contains(NamedCharsmap(rawValue: sentencePiece.normalizerName)) {
      account.differences.append("the character U+10FFFD becomes U+FF5E there")
    }
    if sentencePiece.pieces.kinds.contains(.userDefined) {
      account.differences.append(
        "the file has symbols of its own, so that blanks at the ends of a text are not removed there, "
          + "and the blank before a symbol that a text begins with is missing")
    }
    if case .unigram = tokenizer.model {
      account.differences.append("ties between pieces are decided there in double precision")
    }
    return files
  }

  private static func ranks(
    _ tokenizer: Tokenizer, _ account: inout ConversionAccount
  ) throws(FormatError) -> [File] {
    var tokenizer = tokenizer
    if !tokenizer.normalizer.steps.isEmpty {
      try account.lose(
        "the normalization " + tokenizer.normalizer.steps.map(\.name).joined(separator: ","))
      tokenizer.normalizer = .none
    }
    try loseTemplate(tokenizer.postProcessor, &account)
    tokenizer.postProcessor = .none
    let added = tokenizer.specialTokens.filter { !$0.isSpecial }
    if let first = added.first {
      try account.lose(
        "\(added.count) added tokens that are not special, such as \(quoted(first.content))")
      tokenizer.specialTokens.removeAll { !$0.isSpecial }
    }
    try losePlacing(of: &tokenizer.specialTokens, &account)
    if case .byteLevel = tokenizer.detokenizer {
    } else {
      try account.lose("a decoder other than that of bytes")
      tokenizer.detokenizer = .bytes
    }
    let file = try RankFile(of: tokenizer)
    var files = [File(name: RankFile.fileName, bytes: file.bytes)]
    if let sidecar = file.sidecar {
      files.append(File(name: RankFile.fileName + RankSidecar.suffix, bytes: sidecar.bytes))
    }
    return files
  }

  /// tiktoken finds special tokens as they stand.
  private static func losePlacing(
    of tokens: inout [SpecialToken], _ account: inout ConversionAccount
  ) throws(FormatError) {
    for index in tokens.indices {
      let token = tokens[index]
      guard token.singleWord || token.stripsLeft || token.stripsRight else { continue }
      try account.lose("single_word, lstrip and rstrip of \(quoted(token.content))")
      tokens[index] = SpecialToken(id: token.id, content: token.content)
    }
  }
}

/// What a conversion gives up.
struct ConversionAccount {
  let target: Conversion.Target
  let isLossy: Bool
  var losses: [String] = []
  var differences: [String] = []

  /// Gives a feature up, if that is allowed.
  mutating func lose(_ feature: String) throws(FormatError) {
    guard isLossy else { throw unsupported(feature) }
    losses.append(feature)
  }

  /// What only `tokenizer.json` says.
  mutating func loseLengths(of tokenizer: Tokenizer) throws(FormatError) {
    if tokenizer.truncation != nil { try lose("cutting encodings to a length (truncation)") }
    if tokenizer.padding != nil { try lose("filling encodings up (padding)") }
  }

  /// No file of the target without it.
  func unsupported(_ feature: String) -> FormatError {
    .unsupported(feature: "in files of kind \(target.rawValue), \(feature)")
  }
}
