import Primitives

/// The files that make a directory loadable by `transformers.AutoTokenizer.from_pretrained`,
/// offline, and by older programs that want a vocabulary and merges apart.
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

  /// `tokenizer.json`, `vocab.json`, `merges.txt` and `tokenizer_config.json`.
  ///
  /// - Throws: as `HuggingFaceTokenizer.write`.
  public static func files(for tokenizer: Tokenizer) throws(FormatError) -> [File] {
    [
      File(name: "tokenizer.json", bytes: try HuggingFaceTokenizer.write(tokenizer)),
      File(name: "vocab.json", bytes: vocabulary(of: tokenizer)),
      File(name: "merges.txt", bytes: merges(of: tokenizer)),
      File(name: "tokenizer_config.json", bytes: configuration(of: tokenizer)),
    ]
  }

  /// Tokens and ids on one line, ordered by id, as `BPE.save` writes them.
  static func vocabulary(of tokenizer: Tokenizer) -> [UInt8] {
    var writer = JSONWriter(layout: .compact)
    switch tokenizer.model {
    case .bpe(let model):
      HuggingFaceBPE.writeVocabulary(
        of: model, specialTokens: tokenizer.specialTokens, to: &writer)
    }
    return writer.bytes
  }

  /// A line for each merge. The byte alphabet has neither blanks nor line ends, so that one blank
  /// parts the two tokens without a doubt.
  static func merges(of tokenizer: Tokenizer) -> [UInt8] {
    var text = Array("#version: 0.2\n".utf8)
    switch tokenizer.model {
    case .bpe(let model):
      let spellings = Spellings(model.vocabulary)
      for merge in model.merges {
        text.append(contentsOf: spellings[merge.left])
        text.append(UInt8(ascii: " "))
        text.append(contentsOf: spellings[merge.right])
        text.append(UInt8(ascii: "\n"))
      }
    }
    return text
  }

  static func configuration(of tokenizer: Tokenizer) -> [UInt8] {
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
      file.string("PreTrainedTokenizerFast")
    }
    return writer.bytes + [UInt8(ascii: "\n")]
  }
}
