import Primitives

/// `model` of `tokenizer.json` for vocabularies of whole words.
enum HuggingFaceWordLevel {
  static func read(
    _ model: ModelField, addedTokens: [SpecialToken]
  ) throws(FormatError) -> WordLevelModel {
    let entries = try VocabularyEntries(try model.required("vocab"))
    try entries.checkIDs(addedTokens: addedTokens)
    let (vocabulary, _) = try entries.vocabulary(addedTokens: addedTokens)
    return WordLevelModel(
      vocabulary: vocabulary, unknownToken: try model.required("unk_token").string())
  }

  static func write(_ model: WordLevelModel, to file: inout JSONWriter) {
    file.object { file in
      file.key("type")
      file.string("WordLevel")
      file.key("vocab")
      file.object { VocabularyEntries.write(model.vocabulary, to: &$0) }
      file.key("unk_token")
      file.string(model.unknownToken)
    }
  }
}
