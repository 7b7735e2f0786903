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
    let vocabulary = try readVocabulary(try model.required("vocab"), addedTokens: addedTokens)
    guard TokenIndex(vocabulary).id(of: unknown) != nil else {
      throw .absentUnknownToken(token: unknown)
    }
    return WordPieceModel(
      vocabulary: vocabulary, unknownToken: unknown,
      continuingPrefix: try model.required("continuing_subword_prefix").string(),
      longestWord: longestWord)
  }

  private static func readVocabulary(
    _ field: ModelField, addedTokens: [SpecialToken]
  ) throws(FormatError) -> Vocabulary {
    let entries = try VocabularyEntries.read(field)
    try VocabularyEntries.checkIDs(of: entries, addedTokens: addedTokens)
    var tokens = [[UInt8]?](repeating: nil, count: entries.last.map { Int($0.id) + 1 } ?? 0)
    for (id, spelling) in entries { tokens[Int(id)] = spelling.string ?? [] }
    for token in addedTokens where Int(token.id) < tokens.count {
      guard tokens[Int(token.id)] ?? token.content == token.content else {
        throw .duplicateID(id: token.id)
      }
    }
    let vocabulary = Vocabulary(tokens: tokens)
    if let (first, _) = TokenIndex(vocabulary).firstDuplicate {
      throw .duplicateToken(token: tokens[Int(first)] ?? [])
    }
    return vocabulary
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
      file.object { file in
        for id in 0..<TokenID(model.vocabulary.count) {
          guard let token = model.vocabulary[id] else { continue }
          file.key(token)
          file.integer(id)
        }
      }
    }
  }
}
