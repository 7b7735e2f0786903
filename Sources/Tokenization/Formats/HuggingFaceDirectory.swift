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
  public static let fileNames = [
    "tokenizer.json", "vocab.json", "merges.txt", "vocab.txt", "tokenizer.model",
    "tokenizer.vocab", "tokenizer_config.json",
  ]

  /// `tokenizer.model`, `tokenizer.vocab`, and as far as `tokenizer.json` can say the same, that and
  /// `tokenizer_config.json`.
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
    files.append(
      File(
        name: "tokenizer_config.json",
        bytes: configuration(of: form, names: model.specialTokenNames)))
    return files
  }

  /// `tokenizer.json`, what the family's older programs read (`vocab.json` and `merges.txt`, or
  /// `vocab.txt`), and `tokenizer_config.json`.
  ///
  /// - Throws: as `HuggingFaceTokenizer.write`.
  public static func files(for tokenizer: Tokenizer) throws(FormatError) -> [File] {
    [File(name: "tokenizer.json", bytes: try HuggingFaceTokenizer.write(tokenizer))]
      + modelFiles(of: tokenizer)
      + [File(name: "tokenizer_config.json", bytes: configuration(of: tokenizer))]
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

  /// - Parameters:
  ///   - names: the parts that special tokens play, and their texts.
  ///   - prefixOfGPT2: where `vocab.json` and `merges.txt` are all there is: whether a blank is put
  ///     first.
  static func configuration(
    of tokenizer: Tokenizer, names: [(part: StaticString, text: [UInt8])] = [],
    prefixOfGPT2: Bool? = nil
  ) -> [UInt8] {
    var writer = JSONWriter(layout: .pretty)
    writer.object { file in
      file.key("added_tokens_decoder")
      file.object { file in
        for token in tokenizer.specialTokens.sorted(by: { $0.id < $1.id }) {
          file.key(Array(String(token.id).utf8))
          file.object { AddedTokens.writeFlags(of: token, to: &$0) }
        }
      }
      // A decoder that tidies blanks would not give back what was encoded.
      file.key("clean_up_tokenization_spaces")
      file.boolean(false)
      file.key("tokenizer_class")
      switch tokenizer.model {
      case .bpe where prefixOfGPT2 != nil: writeGPT2(tokenizer, prefixOfGPT2 ?? false, to: &file)
      case .bpe, .unigram, .wordLevel: file.string("PreTrainedTokenizerFast")
      case .wordPiece(let model): writeBERT(tokenizer, unknown: model.unknownToken, to: &file)
      }
      for (part, text) in names {
        file.key(part)
        file.string(text)
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  /// The class and its settings. It would add a token for the parts that nobody plays.
  private static func writeGPT2(
    _ tokenizer: Tokenizer, _ addsPrefixSpace: Bool, to file: inout JSONWriter
  ) {
    file.string("GPT2Tokenizer")
    file.key("add_prefix_space")
    file.boolean(addsPrefixSpace)
    let end = Array("<|endoftext|>".utf8)
    let isThere = tokenizer.specialTokens.contains { $0.content == end }
    for part: StaticString in ["bos_token", "eos_token", "unk_token"] {
      file.key(part)
      if isThere { file.string(end) } else { file.null() }
    }
  }

  /// The class, its settings, and which special tokens play which part. The class of BERT sets its
  /// own cleaning, whatever `tokenizer.json` says.
  private static func writeBERT(
    _ tokenizer: Tokenizer, unknown: [UInt8], to file: inout JSONWriter
  ) {
    if case .bert(let cleaning) = tokenizer.normalizer.steps.first,
      tokenizer.normalizer.steps.count == 1, tokenizer.preTokenizer.steps == [.bert],
      cleaning.cleansText
    {
      file.string("BertTokenizer")
      file.key("do_lower_case")
      file.boolean(cleaning.lowercases)
      file.key("strip_accents")
      if let stripsAccents = cleaning.stripsAccents {
        file.boolean(stripsAccents)
      } else {
        file.null()
      }
      file.key("tokenize_chinese_chars")
      file.boolean(cleaning.spacesIdeographs)
    } else {
      file.string("PreTrainedTokenizerFast")
    }
    file.key("unk_token")
    file.string(unknown)
    let parts: [(StaticString, String)] = [
      ("pad_token", "[PAD]"), ("cls_token", "[CLS]"), ("sep_token", "[SEP]"),
      ("mask_token", "[MASK]"),
    ]
    for (part, text) in parts
    where tokenizer.specialTokens.contains(where: { $0.content == Array(text.utf8) }) {
      file.key(part)
      file.string(text)
    }
  }
}
