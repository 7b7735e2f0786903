import Primitives

/// `model` of `tokenizer.json`: the families, and which one a file holds.
enum HuggingFaceModel {
  enum Family: String, CaseIterable {
    case bpe = "BPE"
    case wordPiece = "WordPiece"
    case wordLevel = "WordLevel"
    case unigram = "Unigram"
  }

  /// Older files leave the type out: then Hugging Face takes the family whose fields are there.
  static func family(of model: ModelField) throws(FormatError) -> Family {
    guard model.optional("type") != nil else {
      if model.optional("merges") != nil { return .bpe }
      if model.optional("max_input_chars_per_word") != nil { return .wordPiece }
      if model.optional("vocab")?.value.elements != nil { return .unigram }
      return model.optional("unk_token") != nil ? .wordLevel : .bpe
    }
    let type = try model.type()
    guard let family = Family(rawValue: type) else {
      throw .unknownType(
        field: model.path, found: type, supported: Family.allCases.map(\.rawValue))
    }
    return family
  }

  /// - Parameter spellsBytes: whether the pre-tokenizer ends by spelling text in the byte alphabet.
  static func read(
    _ model: ModelField, spellsBytes: Bool, addedTokens: [SpecialToken]
  ) throws(FormatError) -> TokenizerModel {
    switch try family(of: model) {
    case .bpe:
      .bpe(
        try HuggingFaceBPE.read(model, spellsBytes: spellsBytes, addedTokens: addedTokens))
    case .unigram: .unigram(try HuggingFaceUnigram.read(model, addedTokens: addedTokens))
    case .wordPiece:
      .wordPiece(try HuggingFaceWordPiece.read(model, addedTokens: addedTokens))
    case .wordLevel:
      .wordLevel(try HuggingFaceWordLevel.read(model, addedTokens: addedTokens))
    }
  }

  /// The members of a model that mean something.
  static let members: [StaticString] = [
    "type", "vocab", "merges", "dropout", "unk_token", "unk_id", "continuing_subword_prefix",
    "end_of_word_suffix", "fuse_unk", "byte_fallback", "ignore_merges",
    "max_input_chars_per_word",
  ]

  static func write(_ tokenizer: Tokenizer, to file: inout JSONWriter) {
    switch tokenizer.model {
    case .unigram(let model): HuggingFaceUnigram.write(model, to: &file)
    case .bpe(let model):
      HuggingFaceBPE.write(model, specialTokens: tokenizer.specialTokens, to: &file)
    case .wordPiece(let model): HuggingFaceWordPiece.write(model, to: &file)
    case .wordLevel(let model): HuggingFaceWordLevel.write(model, to: &file)
    }
  }
}
