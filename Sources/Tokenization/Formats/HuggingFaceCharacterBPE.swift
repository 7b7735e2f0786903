import Primitives

/// `model` of `tokenizer.json` for byte-pair encodings over characters, such as those that were made
/// from SentencePiece models.
enum HuggingFaceCharacterBPE {
  static func read(
    _ model: ModelField, addedTokens: [SpecialToken]
  ) throws(FormatError) -> BPEModel {
    if let dropout = model.optional("dropout"), dropout.value.number != 0 {
      throw model.unsupported("dropout")
    }
    for name: StaticString in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let affix = model.optional(name), try !affix.string().isEmpty {
        throw model.unsupported("\(name)")
      }
    }
    let entries = try VocabularyEntries.read(try model.required("vocab"))
    try VocabularyEntries.checkIDs(of: entries, addedTokens: addedTokens)
    var tokens = [[UInt8]?](repeating: nil, count: entries.last.map { Int($0.id) + 1 } ?? 0)
    for (id, spelling) in entries { tokens[Int(id)] = spelling.string ?? [] }
    let vocabulary = Vocabulary(tokens: tokens)
    let index = TokenIndex(vocabulary)
    if let (first, _) = index.firstDuplicate {
      throw .duplicateToken(token: tokens[Int(first)] ?? [])
    }
    var merges: [Merge] = []
    var reader = MergeReader(index, isByteLevel: false)
    for element in try model.required("merges").elements() {
      merges.append(try reader.read(element, rank: merges.count))
    }
    var unknown: TokenID?
    if let field = model.optional("unk_token") {
      let text = try field.string()
      unknown = index.id(of: text)
      if unknown == nil { throw .absentUnknownToken(token: text) }
    }
    return BPEModel(
      vocabulary: vocabulary, merges: merges,
      ignoresMerges: try model.flag("ignore_merges", default: false),
      base: .characters(
        CharacterBase(
          unknown: unknown, fusesUnknown: try model.flag("fuse_unk", default: false),
          fallsBackToBytes: try model.flag("byte_fallback", default: false))))
  }
}
