import Primitives

/// `model` of `tokenizer.json` for WordPiece vocabularies.
enum HuggingFaceWordPiece {
  static func read(
    _ model: ModelField, addedTokens: [SpecialToken]
  ) throws(FormatError) -> WordPieceModel {
    let field = try model.required("max_input_chars_per_word")
    guard let longestWord = Int(exactly: try field.integer()), longestWord >= 0 else {
      throw field.expected("a number of characters")
    }
    let unknown = try model.required("unk_token").string()
    let entries = try VocabularyEntries(try model.required("vocab"))
    try entries.checkIDs(addedTokens: addedTokens)
    let (vocabulary, index) = try entries.vocabulary(addedTokens: addedTokens)
    guard index.id(of: unknown) != nil else { throw .absentUnknownToken(token: unknown) }
    return WordPieceModel(
      vocabulary: vocabulary, unknownToken: unknown,
      continuingPrefix: try model.required("continuing_subword_prefix").string(),
      longestWord: longestWord)
  }

  static func write(_ model: WordPieceModel, to file: inout JSONWriter) {
    file.object { file in
      file.key("type")
      file.string("WordPiece")
      file.key("unk_token")
      file.string(model.unknownToken)
      file.key("continuing_subword_prefix")
      file.string(model.continuingPrefix)
      file.key("max_input_chars_per_word")
      file.integer(model.longestWord)
      file.key("vocab")
      file.object { VocabularyEntries.write(model.vocabulary, to: &$0) }
    }
  }
}
