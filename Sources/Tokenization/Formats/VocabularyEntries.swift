import Primitives

/// `vocab` of models in `tokenizer.json` whose tokens are keys and whose ids are values: ids and
/// spellings, by id.
struct VocabularyEntries {
  private let field: ModelField
  /// The id of each entry in the high half, the place of its key in the low one; ids ascend.
  private let entries: [UInt64]

  init(_ field: ModelField) throws(FormatError) {
    self.field = field
    let count = try field.members().count
    entries = try field.value.withView { (view) throws(FormatError) in
      var entries: [UInt64] = []
      entries.reserveCapacity(count)
      var isSorted = true
      guard let members = view.members else { return [] }
      for (key, value) in members {
        guard let number = value.integer, let id = ModelLimits.id(number) else {
          throw Self.notAnID(value, of: key, in: field)
        }
        let entry = UInt64(id) << 32 | UInt64(UInt32(truncatingIfNeeded: key.place))
        if let last = entries.last, last >> 32 >= UInt64(id) { isSorted = false }
        entries.append(entry)
      }
      if !isSorted { entries.sort() }
      return entries
    }
    for place in entries.indices.dropFirst() where id(at: place) == id(at: place - 1) {
      throw .duplicateID(id: id(at: place))
    }
  }

  private static func notAnID(
    _ value: JSONView, of key: JSONView, in field: ModelField
  ) -> FormatError {
    let token = key.string.map { Array($0) } ?? []
    if value.integer != nil {
      return .idOutOfRange(token: token, greatest: ModelLimits.greatestID)
    }
    return .wrongType(field: "\(field.path)[\(quoted(token))]", expected: "an integer")
  }

  var count: Int { entries.count }

  /// One more than the greatest id.
  var idCount: Int { entries.isEmpty ? 0 : Int(id(at: count - 1)) + 1 }

  @inline(__always)
  func id(at place: Int) -> TokenID { TokenID(truncatingIfNeeded: entries[place] &>> 32) }

  /// Lends the spelling of an entry.
  @inline(__always)
  func withSpelling<Result>(
    at place: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    field.value.withView { view in
      let key = view.value(at: Int(entries[place] & 0xFFFF_FFFF))
      // Keys are strings.
      return body(key.string ?? UnsafeBufferPointer(start: nil, count: 0))
    }
  }

  func spelling(at place: Int) -> [UInt8] { withSpelling(at: place) { Array($0) } }

  /// Ids may be free, as in the vocabularies of tiktoken, but not so many that tables by id are mostly
  /// empty: a small file shall not ask for much memory.
  func checkIDs(addedTokens: [SpecialToken]) throws(FormatError) {
    let highest = max(entries.isEmpty ? 0 : id(at: count - 1), addedTokens.last?.id ?? 0)
    if Int(highest) < max(1 << 16, 4 * count) { return }
    var entry = 0
    var added = 0
    var expected: TokenID = 0
    while entry < count || added < addedTokens.count {
      let isEntry = entry < count && id(at: entry) == expected
      let isAdded = added < addedTokens.count && addedTokens[added].id == expected
      guard isEntry || isAdded else { throw .gap(id: expected) }
      entry += isEntry ? 1 : 0
      added += isAdded ? 1 : 0
      expected += 1
    }
  }

  /// The tokens as they are spelled, and their index.
  func vocabulary(
    addedTokens: [SpecialToken]
  ) throws(FormatError) -> (Vocabulary, TokenIndex) {
    var builder = VocabularyBuilder(tokenCount: idCount, byteCount: 8 * count)
    for place in 0..<count {
      builder.appendHoles(before: id(at: place))
      withSpelling(at: place) { builder.append($0) }
    }
    let vocabulary = builder.vocabulary
    let index = try Self.index(of: vocabulary)
    try Self.check(addedTokens, vocabulary, index)
    return (vocabulary, index)
  }

  /// No text may have two ids.
  static func index(of vocabulary: Vocabulary) throws(FormatError) -> TokenIndex {
    let index = TokenIndex(vocabulary)
    if let (first, _) = index.firstDuplicate {
      throw .duplicateToken(token: vocabulary[first].map(Array.init) ?? [])
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
