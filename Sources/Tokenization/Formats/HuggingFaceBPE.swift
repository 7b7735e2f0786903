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
    let entries = try VocabularyEntries.read(field)
    try VocabularyEntries.checkIDs(of: entries, addedTokens: addedTokens)
    var tokens = [[UInt8]?](repeating: nil, count: entries.last.map { Int($0.id) + 1 } ?? 0)
    var added = addedTokens[...]
    for (id, spelling) in entries {
      while let first = added.first, first.id < id { added.removeFirst() }
      var token: [UInt8] = []
      let isSpelled = spelling.withString { ByteAlphabet.append(spelled: $0, to: &token) } ?? false
      if isSpelled && !token.isEmpty { tokens[Int(id)] = token }
      if let first = added.first, first.id == id {
        guard spelling.string == first.content else { throw .duplicateID(id: id) }
      } else if tokens[Int(id)] == nil {
        throw .notByteLevel(token: spelling.string ?? [])
      }
    }
    return tokens
  }

  private static func readMerges(
    _ field: ModelField, _ index: TokenIndex
  ) throws(FormatError) -> [Merge] {
    let elements = try field.elements()
    var merges: [Merge] = []
    merges.reserveCapacity(elements.count)
    var reader = MergeReader(index)
    for element in elements {
      merges.append(try reader.read(element, rank: merges.count))
    }
    return merges
  }

  static func write(_ model: BPEModel, specialTokens: [SpecialToken], to file: inout JSONWriter) {
    file.object { file in
      file.key("type")
      file.string("BPE")
      file.key("dropout")
      file.null()
      file.key("unk_token")
      if let unknown = model.characterBase?.unknown.flatMap({ model.vocabulary[$0] }) {
        file.string(unknown)
      } else {
        file.null()
      }
      for name: StaticString in ["continuing_subword_prefix", "end_of_word_suffix"] {
        file.key(name)
        file.null()
      }
      file.key("fuse_unk")
      file.boolean(model.characterBase?.fusesUnknown ?? false)
      file.key("byte_fallback")
      file.boolean(model.characterBase?.fallsBackToBytes ?? false)
      file.key("ignore_merges")
      file.boolean(model.ignoresMerges)
      file.key("vocab")
      writeVocabulary(of: model, specialTokens: specialTokens, to: &file)
      file.key("merges")
      let spellings = Spellings(of: model)
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
    let spellings = Spellings(of: model)
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

  init(of model: BPEModel) {
    if model.base == .bytes {
      self.init(model.vocabulary)
    } else {
      self.init(text: model.vocabulary.bytes, offsets: model.vocabulary.offsets)
    }
  }

  private init(text: [UInt8], offsets: [Int]) {
    self.text = text
    self.offsets = offsets
  }

  private init(_ vocabulary: Vocabulary) {
    // A byte's spelling has one or two bytes.
    let codePoints = ByteAlphabet.codePoints
    var offsets: [Int] = []
    offsets.reserveCapacity(vocabulary.offsets.count)
    text = [UInt8](unsafeUninitializedCapacity: 2 * vocabulary.bytes.count) { text, count in
      var position = 0
      for offset in vocabulary.offsets {
        while position < offset {
          let point = codePoints[Int(vocabulary.bytes[position])]
          if point < 0x80 {
            text[count] = UInt8(point)
            count += 1
          } else {
            text[count] = UInt8(0xC0 | point >> 6)
            text[count + 1] = UInt8(0x80 | point & 0x3F)
            count += 2
          }
          position += 1
        }
        offsets.append(count)
      }
    }
    self.offsets = offsets
  }

  subscript(id: TokenID) -> ArraySlice<UInt8> { text[offsets[Int(id)]..<offsets[Int(id) + 1]] }
}
