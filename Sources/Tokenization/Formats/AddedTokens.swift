import Primitives

/// `added_tokens` of `tokenizer.json`: special tokens and their flags, by id.
enum AddedTokens {
  static func read(_ field: ModelField?) throws(FormatError) -> [SpecialToken] {
    guard let field else { return [] }
    var tokens: [SpecialToken] = []
    for entry in try field.fields() {
      let content = try entry.required("content").string()
      tokens.append(
        try token(
          entry, id: ModelLimits.id(entry.required("id").integer(), of: content), content))
    }
    return try sorted(tokens)
  }

  /// The same tokens by id; each has a text, and id and text are its own.
  static func sorted(_ tokens: [SpecialToken]) throws(FormatError) -> [SpecialToken] {
    if let token = tokens.first(where: { $0.content.isEmpty }) {
      throw .unsupported(feature: "a special token without text (id \(token.id))")
    }
    let tokens = tokens.sorted { $0.id < $1.id }
    for (token, next) in zip(tokens, tokens.dropFirst()) where token.id == next.id {
      throw .duplicateID(id: token.id)
    }
    let byContent = tokens.sorted { $0.content.lexicographicallyPrecedes($1.content) }
    for (token, next) in zip(byContent, byContent.dropFirst()) where token.content == next.content {
      throw .duplicateToken(token: token.content)
    }
    return tokens
  }

  /// A token with the flags that an object has; what it leaves out is as in Hugging Face's library.
  static func token(
    _ entry: ModelField, id: TokenID, _ content: [UInt8]
  ) throws(FormatError) -> SpecialToken {
    SpecialToken(
      id: id, content: content,
      isSpecial: try entry.flag("special", default: false),
      singleWord: try entry.flag("single_word", default: false),
      stripsLeft: try entry.flag("lstrip", default: false),
      stripsRight: try entry.flag("rstrip", default: false),
      normalized: try entry.flag("normalized", default: true))
  }

  static func write(_ tokens: [SpecialToken], to file: inout JSONWriter) {
    file.array { list in
      for token in tokens.sorted(by: { $0.id < $1.id }) {
        list.object { entry in
          entry.key("id")
          entry.integer(token.id)
          writeFlags(of: token, to: &entry)
        }
      }
    }
  }

  /// All members but the id, in the order in which both files of Hugging Face have them.
  static func writeFlags(of token: SpecialToken, to entry: inout JSONWriter) {
    writePlacing(of: token, to: &entry)
    entry.key("special")
    entry.boolean(token.isSpecial)
  }

  /// The text, and where it is found.
  static func writePlacing(of token: SpecialToken, to entry: inout JSONWriter) {
    entry.key("content")
    entry.string(token.content)
    entry.key("single_word")
    entry.boolean(token.singleWord)
    entry.key("lstrip")
    entry.boolean(token.stripsLeft)
    entry.key("rstrip")
    entry.boolean(token.stripsRight)
    entry.key("normalized")
    entry.boolean(token.normalized)
  }
}
