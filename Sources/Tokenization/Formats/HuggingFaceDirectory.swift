import Primitives

/// The files that make a directory loadable by `transformers.AutoTokenizer.from_pretrained`,
/// offline, and by older programs that want a vocabulary apart.
public enum HuggingFaceDirectory {
  /// A file by its name and content.
  public struct File: Sendable, Equatable {
    public var name: String
    public var bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// Names of all files that `files` gives for any tokenizer.
  public static let fileNames =
    [
      "tokenizer.json", "vocab.json", "merges.txt", "vocab.txt", "tokenizer.model",
      "tokenizer.vocab",
    ] + ConfigurationFiles.names

  /// `tokenizer.model`, `tokenizer.vocab`, and as far as `tokenizer.json` can say the same, that,
  /// `tokenizer_config.json` and `special_tokens_map.json`.
  ///
  /// - Parameter tokenizer: what the model's own `tokenizer` is.
  public static func files(
    for model: SentencePieceFile, _ tokenizer: Tokenizer
  ) throws(FormatError) -> [File] {
    var files = [
      File(name: "tokenizer.model", bytes: model.bytes),
      File(name: "tokenizer.vocab", bytes: model.vocabularyList),
    ]
    guard let form = HuggingFaceSentencePiece.form(of: model, tokenizer) else { return files }
    files.append(File(name: "tokenizer.json", bytes: try HuggingFaceTokenizer.write(form)))
    let parts = SpecialTokenParts(tokenizer, known: model.specialTokenParts)
    return files + ConfigurationFiles(of: form, parts: parts).besideTokenizer
  }

  /// `tokenizer.json`, what the family's older programs read (`vocab.json` and `merges.txt`, or
  /// `vocab.txt`), `tokenizer_config.json`, and where there are special tokens,
  /// `special_tokens_map.json`.
  ///
  /// - Throws: as `HuggingFaceTokenizer.write`.
  public static func files(for tokenizer: Tokenizer) throws(FormatError) -> [File] {
    [File(name: "tokenizer.json", bytes: try HuggingFaceTokenizer.write(tokenizer))]
      + modelFiles(of: tokenizer) + ConfigurationFiles(of: tokenizer).besideTokenizer
  }

  /// What the family's older programs read.
  static func modelFiles(of tokenizer: Tokenizer) -> [File] {
    switch tokenizer.model {
    case .unigram: []
    case .wordLevel(let model):
      [File(name: "vocab.json", bytes: vocabulary(of: model))]
    case .bpe(let model):
      [
        File(
          name: "vocab.json", bytes: vocabulary(of: model, tokenizer.specialTokens)),
        File(name: "merges.txt", bytes: merges(of: model)),
      ]
    case .wordPiece(let model): [File(name: "vocab.txt", bytes: lines(of: model.vocabulary))]
    }
  }

  /// Tokens and ids on one line, ordered by id, as `BPE.save` writes them.
  private static func vocabulary(of model: BPEModel, _ specialTokens: [SpecialToken]) -> [UInt8] {
    var writer = JSONWriter(layout: .compact)
    HuggingFaceBPE.writeVocabulary(of: model, specialTokens: specialTokens, to: &writer)
    return writer.bytes
  }

  /// The same of whole words, as `WordLevel.save` writes them.
  private static func vocabulary(of model: WordLevelModel) -> [UInt8] {
    var writer = JSONWriter(layout: .compact)
    writer.object { VocabularyEntries.write(model.vocabulary, to: &$0) }
    return writer.bytes
  }

  /// A line for each merge. The byte alphabet has neither blanks nor line ends, so that one blank
  /// parts the two tokens without a doubt.
  private static func merges(of model: BPEModel) -> [UInt8] {
    var text = Array("#version: 0.2\n".utf8)
    let spellings = Spellings(of: model)
    for merge in model.merges {
      text.append(contentsOf: spellings[merge.left])
      text.append(UInt8(ascii: " "))
      text.append(contentsOf: spellings[merge.right])
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }

  /// A line for each token, ordered by id.
  private static func lines(of vocabulary: Vocabulary) -> [UInt8] {
    var text: [UInt8] = []
    for id in 0..<TokenID(vocabulary.count) {
      if let token = vocabulary[id] { text.append(contentsOf: token) }
      text.append(UInt8(ascii: "\n"))
    }
    return text
  }
}
