import Primitives

/// `model` of `tokenizer.json` for byte-level byte-pair encodings.
///
/// Tokens are spelled in the byte alphabet. Special tokens may stand among them, spelled as they
/// are: they become holes of the vocabulary, which `Tokenizer.specialTokens` fills. A token that
/// merges use stays in the vocabulary, even if it has been added as well.
enum HuggingFaceBPE {
  static func read(
    _ model: ModelField, addedTokens: [SpecialToken]
  ) throws(FormatError) -> BPEModel {
    // Older files leave the type out.
    if let type = model.optional("type"), !type.value.isString("BPE") {
      throw model.unsupported("the model \(String(decoding: try type.string(), as: UTF8.self))")
    }
    var tokens = try readTokens(try model.required("vocab"), addedTokens: addedTokens)
    let index = TokenIndex(Vocabulary(tokens: tokens))
    if let (first, _) = index.firstDuplicate {
      throw .duplicateToken(token: tokens[Int(first)] ?? [])
    }
    try refuseVariants(of: model, alphabet: index)
    let merges = try readMerges(try model.required("merges"), index)
    var isMerged = [Bool](repeating: false, count: tokens.count)
    for merge in merges {
      for id in [merge.left, merge.right, merge.result] { isMerged[Int(id)] = true }
    }
    for id in addedTokens.map({ Int($0.id) })
    where id < tokens.count && !isMerged[id] && tokens[id]?.count != 1 {
      tokens[id] = nil
    }
    return BPEModel(
      vocabulary: Vocabulary(tokens: tokens), merges: merges,
      ignoresMerges: try model.flag("ignore_merges", default: false))
  }

  /// Variants of the model that change ids. Unknown symbols cannot occur where each byte is a token.
  private static func refuseVariants(
    of model: ModelField, alphabet: TokenIndex
  ) throws(FormatError) {
    if let dropout = model.optional("dropout"), dropout.value.number != 0 {
      throw model.unsupported("dropout")
    }
    for name: StaticString in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let affix = model.optional(name), try !affix.string().isEmpty {
        throw model.unsupported("\(name)")
      }
    }
    if (0...255).allSatisfy({ alphabet.id(of: [UInt8($0)]) != nil }) { return }
    if model.optional("unk_token") != nil { throw model.unsupported("unk_token") }
    for name: StaticString in ["fuse_unk", "byte_fallback"] {
      if try model.flag(name, default: false) { throw model.unsupported("\(name)") }
    }
  }

  /// Tokens by id; `nil` for an added token that the byte alphabet cannot spell.
  private static func readTokens(
    _ field: ModelField, addedTokens: [SpecialToken]
  ) throws(FormatError) -> [[UInt8]?] {
    let members = try field.members()
    var entries: [(id: TokenID, spelling: [UInt8])] = []
    entries.reserveCapacity(members.count)
    for (key, value) in members {
      let spelling = key.string ?? []
      guard let id = value.integer else {
        throw .wrongType(field: "\(field.path)[\(quoted(spelling))]", expected: "an integer")
      }
      entries.append((try ModelLimits.id(id, of: spelling), spelling))
    }
    entries.sort { $0.id < $1.id }
    for (entry, next) in zip(entries, entries.dropFirst()) where entry.id == next.id {
      throw .duplicateID(id: entry.id)
    }
    try checkIDs(of: entries.map(\.id), addedTokens: addedTokens)
    var tokens = [[UInt8]?](repeating: nil, count: entries.last.map { Int($0.id) + 1 } ?? 0)
    var added = addedTokens[...]
    for (id, spelling) in entries {
      while let first = added.first, first.id < id { added.removeFirst() }
      if let first = added.first, first.id == id {
        guard first.content == spelling else { throw .duplicateID(id: id) }
        tokens[Int(id)] = ByteAlphabet.bytes(spelled: spelling)
        continue
      }
      guard let token = ByteAlphabet.bytes(spelled: spelling), !token.isEmpty else {
        throw .notByteLevel(token: spelling)
      }
      tokens[Int(id)] = token
    }
    return tokens
  }

  /// Every id up to the highest must have a token of the model or an added one.
  private static func checkIDs(
    of entries: [TokenID], addedTokens: [SpecialToken]
  ) throws(FormatError) {
    var expected: TokenID = 0
    var added = addedTokens[...]
    var entries = entries[...]
    while let id = [entries.first, added.first?.id].compactMap({ $0 }).min() {
      guard id == expected else { throw .gap(id: expected) }
      if entries.first == id { entries.removeFirst() }
      if added.first?.id == id { added.removeFirst() }
      expected += 1
    }
  }

  private static func readMerges(
    _ field: ModelField, _ index: TokenIndex
  ) throws(FormatError) -> [Merge] {
    let elements = try field.elements()
    var merges: [Merge] = []
    merges.reserveCapacity(elements.count)
    for (rank, element) in elements.enumerated() {
      guard let (left, right) = pair(element) else { throw .malformedMerge(rank: rank) }
      merges.append(try merge(rank, left, right, index))
    }
    return merges
  }

  /// The two spellings of a merge: an array of two, or (before 0.20) a text with one blank.
  private static func pair(_ element: JSONValue) -> (left: [UInt8], right: [UInt8])? {
    if let text = element.string {
      let parts = text.split(separator: 0x20, omittingEmptySubsequences: false)
      return parts.count == 2 ? (Array(parts[0]), Array(parts[1])) : nil
    }
    guard var parts = element.elements, parts.count == 2,
      let left = parts.next()?.string, let right = parts.next()?.string
    else { return nil }
    return (left, right)
  }

  /// A merge by the spellings of its two tokens.
  static func merge(
    _ rank: Int, _ left: [UInt8], _ right: [UInt8], _ index: TokenIndex
  ) throws(FormatError) -> Merge {
    guard let leftBytes = ByteAlphabet.bytes(spelled: left), let leftID = index.id(of: leftBytes)
    else { throw .absentToken(rank: rank, token: left) }
    guard let rightBytes = ByteAlphabet.bytes(spelled: right),
      let rightID = index.id(of: rightBytes)
    else { throw .absentToken(rank: rank, token: right) }
    guard let result = index.id(of: leftBytes + rightBytes) else {
      throw .absentToken(rank: rank, token: left + right)
    }
    return Merge(left: leftID, right: rightID, result: result)
  }

  static func write(_ model: BPEModel, specialTokens: [SpecialToken], to file: inout JSONWriter) {
    file.object { file in
      file.key("type")
      file.string("BPE")
      for name: StaticString in [
        "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix",
      ] {
        file.key(name)
        file.null()
      }
      for name: StaticString in ["fuse_unk", "byte_fallback"] {
        file.key(name)
        file.boolean(false)
      }
      file.key("ignore_merges")
      file.boolean(model.ignoresMerges)
      file.key("vocab")
      writeVocabulary(of: model, specialTokens: specialTokens, to: &file)
      file.key("merges")
      let spellings = Spellings(model.vocabulary)
      file.array { list in
        for merge in model.merges {
          list.array { pair in
            pair.string(spellings[merge.left])
            pair.string(spellings[merge.right])
          }
        }
      }
    }
  }

  /// All tokens below `vocabulary.count` by id: those of the model as the byte alphabet spells
  /// them, special tokens as they are.
  static func writeVocabulary(
    of model: BPEModel, specialTokens: [SpecialToken], to file: inout JSONWriter
  ) {
    let spellings = Spellings(model.vocabulary)
    let holes = specialTokens.sorted { $0.id < $1.id }.filter {
      Int($0.id) < model.vocabulary.count && model.vocabulary[$0.id] == nil
    }
    file.object { file in
      var next = holes.makeIterator()
      var hole = next.next()
      for id in 0..<TokenID(model.vocabulary.count) {
        if model.vocabulary[id] != nil {
          file.key(spellings[id])
          file.integer(id)
        } else if let token = hole, token.id == id {
          file.key(token.content)
          file.integer(id)
          hole = next.next()
        }
      }
    }
  }
}

/// The tokens of a vocabulary as files spell them.
struct Spellings {
  private let text: [UInt8]
  private let offsets: [Int]

  init(_ vocabulary: Vocabulary) {
    text = ByteAlphabet.spelling(of: vocabulary.bytes)
    // A byte's spelling has one or two bytes: offsets follow from the widths before them.
    var offsets: [Int] = []
    offsets.reserveCapacity(vocabulary.offsets.count)
    var spelled = 0
    var position = 0
    for offset in vocabulary.offsets {
      while position < offset {
        let point = ByteAlphabet.codePoints[Int(vocabulary.bytes[position])]
        spelled += point < 0x80 ? 1 : 2
        position += 1
      }
      offsets.append(spelled)
    }
    self.offsets = offsets
  }

  subscript(id: TokenID) -> ArraySlice<UInt8> { text[offsets[Int(id)]..<offsets[Int(id) + 1]] }
}
