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

  /// Every id up to the highest must have a token of the model or an added one.
  static func checkIDs(
    of entries: [(id: TokenID, spelling: JSONValue)], addedTokens: [SpecialToken]
  ) throws(FormatError) {
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
}
