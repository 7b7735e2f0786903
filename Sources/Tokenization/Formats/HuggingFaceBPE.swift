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
    let entries = try VocabularyEntries(try model.required("vocab"))
    try entries.checkIDs(addedTokens: addedTokens)
    if spellsBytes && !settings.hasAffixes,
      let vocabulary = try bytes(of: entries, addedTokens: addedTokens),
      settings.ignoresUnknown || hasAllBytes(vocabulary)
    {
      return try byteModel(model, vocabulary, settings, addedTokens)
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

  /// Tokens by id; holes for added tokens that the byte alphabet cannot spell, and `nil` if there is
  /// another such token.
  static func bytes(
    of entries: VocabularyEntries, addedTokens: [SpecialToken]
  ) throws(FormatError) -> Vocabulary? {
    var builder = VocabularyBuilder(tokenCount: entries.idCount, byteCount: 8 * entries.count)
    var added = addedTokens[...]
    for place in 0..<entries.count {
      let id = entries.id(at: place)
      while let first = added.first, first.id < id { added.removeFirst() }
      builder.appendHoles(before: id)
      let isSpelled = entries.withSpelling(at: place) { spelling in
        builder.append(upTo: spelling.count) { ByteAlphabet.write(spelled: spelling, to: $0) }
      }
      if let first = added.first, first.id == id {
        guard entries.spelling(at: place) == first.content else { throw .duplicateID(id: id) }
        if !isSpelled { builder.appendHole() }
      } else if !isSpelled {
        return nil
      }
    }
    return builder.vocabulary
  }

  private static func hasAllBytes(_ vocabulary: Vocabulary) -> Bool {
    var isToken = [Bool](repeating: false, count: 256)
    var missing = 256
    for id in 0..<TokenID(vocabulary.count) where vocabulary.length(of: id) == 1 {
      let byte = Int(vocabulary.bytes[vocabulary.range(of: id).lowerBound])
      if isToken[byte] { continue }
      isToken[byte] = true
      missing -= 1
      if missing == 0 { return true }
    }
    return false
  }

  private static func byteModel(
    _ model: ModelField, _ vocabulary: Vocabulary, _ settings: Settings,
    _ addedTokens: [SpecialToken]
  ) throws(FormatError) -> BPEModel {
    let merges = try model.required("merges")
    var result = try byteModel(
      vocabulary, addedTokens, ignoresMerges: settings.ignoresMerges
    ) { (reader: inout MergeReader) throws(FormatError) in try reader.readAll(merges) }
    settings.complete(&result)
    return result
  }

  /// - Parameter readMerges: reads them as the file spells them.
  static func byteModel(
    _ vocabulary: Vocabulary, _ addedTokens: [SpecialToken], ignoresMerges: Bool,
    _ readMerges: (inout MergeReader) throws(FormatError) -> [Merge]
  ) throws(FormatError) -> BPEModel {
    let index = try VocabularyEntries.index(of: vocabulary)
    try VocabularyEntries.checkTexts(of: addedTokens) { token in
      ByteAlphabet.bytes(spelled: token).flatMap { index.id(of: $0) }
    }
    var reader = MergeReader(index)
    let merges = try readMerges(&reader)
    var stays = [Bool](repeating: ignoresMerges, count: vocabulary.count)
    for merge in merges {
      stays[Int(merge.left)] = true
      stays[Int(merge.right)] = true
      stays[Int(merge.result)] = true
    }
    let holes = addedTokens.map(\.id).filter { id in
      Int(id) < vocabulary.count && !stays[Int(id)] && vocabulary.present[Int(id)]
        && vocabulary.length(of: id) != 1
    }
    return BPEModel(
      vocabulary: vocabulary.removing(holes), merges: merges, ignoresMerges: ignoresMerges)
  }

  // MARK: - Characters

  private static func characterModel(
    _ model: ModelField, _ entries: VocabularyEntries, _ settings: Settings,
    _ addedTokens: [SpecialToken]
  ) throws(FormatError) -> BPEModel {
    let (vocabulary, index) = try entries.vocabulary(addedTokens: addedTokens)
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
