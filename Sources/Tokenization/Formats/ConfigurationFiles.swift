import Primitives

/// What the `transformers` library reads beside a vocabulary, and older programs with it.
///
/// Since release 4.34 `tokenizer_config.json` says it all there; earlier ones take special tokens and
/// their flags from `special_tokens_map.json`, and tokens behind the vocabulary from
/// `added_tokens.json` (`PreTrainedTokenizerBase._from_pretrained`).
struct ConfigurationFiles {
  typealias File = HuggingFaceDirectory.File

  /// Names of all that may be written.
  static let names = ["tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"]

  private let tokenizer: Tokenizer
  private var parts: SpecialTokenParts
  /// Where `vocab.json` and `merges.txt` are all there is: whether a blank is put first.
  private let prefixOfGPT2: Bool?

  /// - Parameter parts: who plays which part, if the tokenizer does not say it itself.
  init(of tokenizer: Tokenizer, parts: SpecialTokenParts? = nil, prefixOfGPT2: Bool? = nil) {
    self.tokenizer = tokenizer
    self.parts = parts ?? SpecialTokenParts(tokenizer)
    self.prefixOfGPT2 = prefixOfGPT2
    if prefixOfGPT2 != nil { self.parts.completeAsGPT2() }
  }

  /// What stands beside a `tokenizer.json`, which has its added tokens itself.
  var besideTokenizer: [File] {
    [File(name: "tokenizer_config.json", bytes: configuration)]
      + (parts.isEmpty ? [] : [File(name: "special_tokens_map.json", bytes: specialTokensMap)])
  }

  /// What stands beside files that hold a vocabulary alone.
  var besideVocabulary: [File] {
    let added = tokenizer.tokensBehindVocabulary
    return besideTokenizer
      + (added.isEmpty ? [] : [File(name: "added_tokens.json", bytes: Self.texts(of: added))])
  }

  private var specialTokensMap: [UInt8] {
    var writer = JSONWriter(layout: .pretty)
    writer.object { parts.writeTokens(to: &$0) }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  /// Texts and ids.
  private static func texts(of tokens: [SpecialToken]) -> [UInt8] {
    var writer = JSONWriter(layout: .pretty)
    writer.object { file in
      for token in tokens {
        file.key(token.content)
        file.integer(token.id)
      }
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private var configuration: [UInt8] {
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
      case .bpe where prefixOfGPT2 != nil:
        file.string("GPT2Tokenizer")
        file.key("add_prefix_space")
        file.boolean(prefixOfGPT2 ?? false)
      case .bpe, .unigram, .wordLevel: file.string("PreTrainedTokenizerFast")
      case .wordPiece: writeBERT(to: &file)
      }
      // The class would add a token for each of its parts that nobody plays.
      parts.writeTexts(empty: prefixOfGPT2 == nil ? [] : [.begin, .end, .unknown], to: &file)
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  /// The class and its settings. The class of BERT sets its own cleaning, whatever `tokenizer.json`
  /// says.
  private func writeBERT(to file: inout JSONWriter) {
    guard case .bert(let cleaning) = tokenizer.normalizer.steps.first,
      tokenizer.normalizer.steps.count == 1, tokenizer.preTokenizer.steps == [.bert],
      cleaning.cleansText
    else { return file.string("PreTrainedTokenizerFast") }
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
  }
}

extension Tokenizer {
  /// Added tokens that files of the vocabulary alone do not have, by id.
  var tokensBehindVocabulary: [SpecialToken] {
    specialTokens.filter { Int($0.id) >= model.vocabulary.count }.sorted { $0.id < $1.id }
  }
}
