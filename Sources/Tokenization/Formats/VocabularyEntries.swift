import Primitives

/// `vocab` of models in `tokenizer.json` whose tokens are keys and whose ids are values.
enum VocabularyEntries {
  /// Ids and spellings, by id.
  static func read(
    _ field: ModelField
  ) throws(FormatError) -> [(id: TokenID, spelling: JSONValue)] {
    let members = try field.members()
    var entries: [(id: TokenID, spelling: JSONValue)] = []
    entries.reserveCapacity(members.count)
    var isSorted = true
    for (key, value) in members {
      guard let number = value.integer else {
        throw .wrongType(
          field: "\(field.path)[\(quoted(key.string ?? []))]", expected: "an integer")
      }
      guard let id = ModelLimits.id(number) else {
        throw .idOutOfRange(token: key.string ?? [], greatest: ModelLimits.greatestID)
      }
      if let last = entries.last, last.id >= id { isSorted = false }
      entries.append((id, key))
    }
    if isSorted { return entries }
    entries.sort { $0.id < $1.id }
    for (entry, next) in zip(entries, entries.dropFirst()) where entry.id == next.id {
      throw .duplicateID(id: entry.id)
    }
    return entries
  }

  /// Ids may be free, as in the vocabularies of tiktoken, but not so many that tables by id are mostly
  /// empty: a small file shall not ask for much memory.
  static func checkIDs(
    of entries: [(id: TokenID, spelling: JSONValue)], addedTokens: [SpecialToken]
  ) throws(FormatError) {
    let highest = max(entries.last?.id ?? 0, addedTokens.last?.id ?? 0)
    if Int(highest) < max(1 << 16, 4 * entries.count) { return }
    var entry = 0
    var added = 0
    var expected: TokenID = 0
    while entry < entries.count || added < addedTokens.count {
      let isEntry = entry < entries.count && entries[entry].id == expected
      let isAdded = added < addedTokens.count && addedTokens[added].id == expected
      guard isEntry || isAdded else { throw .gap(id: expected) }
      entry += isEntry ? 1 : 0
      added += isAdded ? 1 : 0
      expected += 1
    }
  }

  /// The tokens as they are spelled, and their index.
  static func vocabulary(
    of entries: [(id: TokenID, spelling: JSONValue)], addedTokens: [SpecialToken]
  ) throws(FormatError) -> (Vocabulary, TokenIndex) {
    var tokens = [[UInt8]?](repeating: nil, count: entries.last.map { Int($0.id) + 1 } ?? 0)
    for (id, spelling) in entries { tokens[Int(id)] = spelling.string ?? [] }
    let vocabulary = Vocabulary(tokens: tokens)
    let index = try index(of: tokens, vocabulary)
    try check(addedTokens, vocabulary, index)
    return (vocabulary, index)
  }

  /// No text may have two ids.
  static func index(
    of tokens: [[UInt8]?], _ vocabulary: Vocabulary
  ) throws(FormatError) -> TokenIndex {
    let index = TokenIndex(vocabulary)
    if let (first, _) = index.firstDuplicate {
      throw .duplicateToken(token: tokens[Int(first)] ?? [])
    }
    return index
  }

  /// An added token may be one of the vocabulary: then text and id are those that it has there.
  static func check(
    _ addedTokens: [SpecialToken], _ vocabulary: Vocabulary, _ index: TokenIndex
  ) throws(FormatError) {
    for token in addedTokens {
      guard vocabulary[token.id]?.elementsEqual(token.content) ?? true else {
        throw .duplicateID(id: token.id)
      }
    }
    try checkTexts(of: addedTokens) { index.id(of: $0) }
  }

  static func checkTexts(
    of addedTokens: [SpecialToken], _ id: ([UInt8]) -> TokenID?
  ) throws(FormatError) {
    for token in addedTokens {
      guard id(token.content) ?? token.id == token.id else {
        throw .duplicateToken(token: token.content)
      }
    }
  }

  /// Tokens and ids, by id, as members of an object.
  static func write(_ vocabulary: Vocabulary, to file: inout JSONWriter) {
    for id in 0..<TokenID(vocabulary.count) {
      guard let token = vocabulary[id] else { continue }
      file.key(token)
      file.integer(id)
    }
  }
}
