import Primitives

/// `model` of `tokenizer.json` for byte-pair encodings.
///
/// Where text is spelled in the byte alphabet and so are all tokens, the model is one of bytes, which
/// is faster. Special tokens may stand among them, spelled as they are: they become holes of the
/// vocabulary, which `Tokenizer.specialTokens` fills. A token that merges use stays in the vocabulary,
/// even if it has been added as well. All other models are of characters.
enum HuggingFaceBPE {
  /// - Parameter spellsBytes: whether the pre-tokenizer ends by spelling text in the byte alphabet.
  static func read(
    _ model: ModelField, spellsBytes: Bool, addedTokens: [SpecialToken]
  ) throws(FormatError) -> BPEModel {
    let settings = try Settings(model)
    let entries = try VocabularyEntries.read(try model.required("vocab"))
    try VocabularyEntries.checkIDs(of: entries, addedTokens: addedTokens)
    if spellsBytes && !settings.hasAffixes,
      let tokens = try bytes(of: entries, addedTokens: addedTokens),
      settings.ignoresUnknown || hasAllBytes(tokens)
    {
      return try byteModel(model, tokens, settings, addedTokens)
    }
    return try characterModel(model, entries, settings, addedTokens)
  }

  /// What a file says besides tokens and merges.
  private struct Settings {
    let base: CharacterBase
    let continuingPrefix: [UInt8]?
    let endOfWordSuffix: [UInt8]?
    let ignoresMerges: Bool
    let dropout: Double?

    init(_ model: ModelField) throws(FormatError) {
      dropout = try model.optional("dropout").map { (dropout) throws(FormatError) in
        guard let number = dropout.value.number, (0...1).contains(number) else {
          throw dropout.expected("a number from 0 to 1")
        }
        return number
      }
      base = CharacterBase(
        unknownToken: try model.optional("unk_token")?.string(),
        fusesUnknown: try model.flag("fuse_unk", default: false),
        fallsBackToBytes: try model.flag("byte_fallback", default: false))
      continuingPrefix = try model.optional("continuing_subword_prefix")?.string()
      endOfWordSuffix = try model.optional("end_of_word_suffix")?.string()
      ignoresMerges = try model.flag("ignore_merges", default: false)
      if base.fallsBackToBytes && hasAffixes {
        throw model.unsupported("byte_fallback with a prefix or suffix of characters")
      }
    }

    var hasAffixes: Bool {
      !(continuingPrefix ?? []).isEmpty || !(endOfWordSuffix ?? []).isEmpty
    }

    /// Whether characters without a token are left out.
    var ignoresUnknown: Bool { base.unknownToken == nil && !base.fallsBackToBytes }

    func complete(_ model: inout BPEModel) {
      model.continuingPrefix = continuingPrefix
      model.endOfWordSuffix = endOfWordSuffix
      model.dropout = dropout
      if model.base == .bytes { model.idleBase = base }
    }
  }

  // MARK: - Bytes

  /// Tokens by id; `nil` for an added token that the byte alphabet cannot spell, and for all if there is
  /// another such token.
  static func bytes(
    of entries: [(id: TokenID, spelling: JSONValue)], addedTokens: [SpecialToken]
  ) throws(FormatError) -> [[UInt8]?]? {
    var tokens = [[UInt8]?](repeating: nil, count: entries.last.map { Int($0.id) + 1 } ?? 0)
    var added = addedTokens[...]
    for (id, spelling) in entries {
      while let first = added.first, first.id < id { added.removeFirst() }
      var token: [UInt8] = []
      if spelling.withString({ ByteAlphabet.append(spelled: $0, to: &token) }) ?? false {
        tokens[Int(id)] = token
      }
      if let first = added.first, first.id == id {
        guard spelling.string == first.content else { throw .duplicateID(id: id) }
      } else if tokens[Int(id)] == nil {
        return nil
      }
    }
    return tokens
  }

  private static func hasAllBytes(_ tokens: [[UInt8]?]) -> Bool {
    var isToken = [Bool](repeating: false, count: 256)
    var missing = 256
    for case .some(let token) in tokens where token.count == 1 && !isToken[Int(token[0])] {
      isToken[Int(token[0])] = true
      missing -= 1
      if missing == 0 { return true }
    }
    return false
  }

  private static func byteModel(
    _ model: ModelField, _ tokens: [[UInt8]?], _ settings: Settings, _ addedTokens: [SpecialToken]
  ) throws(FormatError) -> BPEModel {
    let merges = try model.required("merges")
    var result = try byteModel(
      tokens, addedTokens, ignoresMerges: settings.ignoresMerges
    ) { (reader) throws(FormatError) in try reader.readAll(merges) }
    settings.complete(&result)
    return result
  }

  /// - Parameter readMerges: reads them as the file spells them.
  static func byteModel(
    _ tokens: [[UInt8]?], _ addedTokens: [SpecialToken], ignoresMerges: Bool,
    _ readMerges: (inout MergeReader) throws(FormatError) -> [Merge]
  ) throws(FormatError) -> BPEModel {
    var vocabulary = Vocabulary(tokens: tokens)
    let index = try VocabularyEntries.index(of: tokens, vocabulary)
    try VocabularyEntries.checkTexts(of: addedTokens) { token in
      ByteAlphabet.bytes(spelled: token).flatMap { index.id(of: $0) }
    }
    var reader = MergeReader(index)
    let merges = try readMerges(&reader)
    var stays = [Bool](repeating: ignoresMerges, count: tokens.count)
    for merge in merges {
      for id in [merge.left, merge.right, merge.result] { stays[Int(id)] = true }
    }
    let holes = addedTokens.map { Int($0.id) }.filter {
      $0 < tokens.count && !stays[$0] && tokens[$0] != nil && tokens[$0]?.count != 1
    }
    if !holes.isEmpty {
      var tokens = tokens
      for id in holes { tokens[id] = nil }
      vocabulary = Vocabulary(tokens: tokens)
    }
    return BPEModel(vocabulary: vocabulary, merges: merges, ignoresMerges: ignoresMerges)
  }

  // MARK: - Characters

  private static func characterModel(
    _ model: ModelField, _ entries: [(id: TokenID, spelling: JSONValue)], _ settings: Settings,
    _ addedTokens: [SpecialToken]
  ) throws(FormatError) -> BPEModel {
    let (vocabulary, index) = try VocabularyEntries.vocabulary(
      of: entries, addedTokens: addedTokens)
    var reader = MergeReader(
      index, isByteLevel: false, prefixLength: settings.continuingPrefix?.count ?? 0)
    var result = BPEModel(
      vocabulary: vocabulary, merges: try reader.readAll(try model.required("merges")),
      ignoresMerges: settings.ignoresMerges, base: .characters(settings.base))
    settings.complete(&result)
    return result
  }

  // MARK: - Writing

  static func write(_ model: BPEModel, specialTokens: [SpecialToken], to file: inout JSONWriter) {
    let base = model.characterBase ?? model.idleBase
    file.object { file in
      file.key("type")
      file.string("BPE")
      file.key("dropout")
      if let dropout = model.dropout { file.number(dropout) } else { file.null() }
      file.key("unk_token")
      file.stringOrNull(base?.unknownToken)
      file.key("continuing_subword_prefix")
      file.stringOrNull(model.continuingPrefix)
      file.key("end_of_word_suffix")
      file.stringOrNull(model.endOfWordSuffix)
      file.key("fuse_unk")
      file.boolean(base?.fusesUnknown ?? false)
      file.key("byte_fallback")
      file.boolean(base?.fallsBackToBytes ?? false)
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
