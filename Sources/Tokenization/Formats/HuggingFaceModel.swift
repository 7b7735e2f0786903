import Primitives

/// `model` of `tokenizer.json`: the families, and which one a file holds.
enum HuggingFaceModel {
  enum Family: String, CaseIterable {
    case bpe = "BPE"
    case wordPiece = "WordPiece"
    case unigram = "Unigram"

  }

  /// Older files leave the type out: then Hugging Face takes the family whose fields are there.
  static func family(of model: ModelField) throws(FormatError) -> Family {
    guard model.optional("type") != nil else {
      return model.optional("merges") == nil && model.optional("max_input_chars_per_word") != nil
        ? .wordPiece : .bpe
    }
    let type = try model.type()
    guard let family = Family(rawValue: type) else {
      throw .unknownType(
        field: model.path, found: type, supported: Family.allCases.map(\.rawValue))
    }
    return family
  }

  /// - Parameter isByteLevel: whether tokens are spelled in the byte alphabet.
  static func read(
    _ model: ModelField, isByteLevel: Bool, addedTokens: [SpecialToken]
  ) throws(FormatError) -> TokenizerModel {
    switch try family(of: model) {
    case .bpe where isByteLevel:
      .bpe(try HuggingFaceBPE.read(model, addedTokens: addedTokens))
    case .bpe: .bpe(try HuggingFaceCharacterBPE.read(model, addedTokens: addedTokens))
    case .unigram: .unigram(try HuggingFaceUnigram.read(model))
    case .wordPiece:
      .wordPiece(try HuggingFaceWordPiece.read(model, addedTokens: addedTokens))
    }
  }

  static func write(_ tokenizer: Tokenizer, to file: inout JSONWriter) {
    switch tokenizer.model {
    case .unigram(let model): HuggingFaceUnigram.write(model, to: &file)
    case .bpe(let model):
      HuggingFaceBPE.write(model, specialTokens: tokenizer.specialTokens, to: &file)
    case .wordPiece(let model): HuggingFaceWordPiece.write(model, to: &file)
    }
  }
}
