import Primitives

/// `vocab.json` and `merges.txt`, the two files of GPT-2's tokenizer.
///
/// They hold tokens and merges alone. How text is cut they leave open; by convention it is GPT-2's way:
/// no normalization, its pattern, bytes.
public enum VocabularyAndMerges {
  /// The token that GPT-2 puts between texts.
  private static let end = Array("<|endoftext|>".utf8)

  /// Reads both.
  ///
  /// - Parameters:
  ///   - merges: a pair of tokens a line, by rank; a first line that begins with `#version` is none.
  ///   - configuration: what the files beside them say.
  /// - Throws: `FormatError`, naming the field, token or merge at fault.
  public static func read(
    vocabulary: [UInt8], merges: [UInt8], configuration: TokenizerConfiguration = .init()
  ) throws(FormatError) -> Tokenizer {
    let entries = try VocabularyEntries(try ModelField.root(of: vocabulary, name: "vocab.json"))
    let special = try specialTokens(entries, configuration)
    try entries.checkIDs(addedTokens: special)
    guard let tokens = try HuggingFaceBPE.bytes(of: entries, addedTokens: special) else {
      throw .notByteLevel(token: firstUnspelled(entries, special))
    }
    let model = try HuggingFaceBPE.byteModel(tokens, special, ignoresMerges: false) {
      (reader: inout MergeReader) throws(FormatError) in try read(merges, by: &reader)
    }
    return Tokenizer(
      normalizer: .none,
      preTokenizer: PreTokenizer([
        .byteLevel(
          ByteLevelSettings(
            addsPrefixSpace: configuration.addsPrefixSpace ?? false, usesPattern: true))
      ]),
      model: .bpe(model),
      specialTokens: special,
      postProcessor: .byteLevel(
        ByteLevelSettings(addsPrefixSpace: true, trimsOffsets: false, usesPattern: true)),
      detokenizer: .bytes)
  }

  /// Those that the files name; without any, the end of a text, if it is there.
  private static func specialTokens(
    _ entries: VocabularyEntries, _ configuration: TokenizerConfiguration
  ) throws(FormatError) -> [SpecialToken] {
    let named = configuration.tokensWithoutID(custom: [end])
    let places = TokenIndex(Vocabulary(tokens: named.map(\.content)))
    var ids = [TokenID?](repeating: nil, count: named.count)
    for place in 0..<entries.count {
      let name = entries.withSpelling(at: place) { places.id(of: $0) }
      if let name { ids[Int(name)] = entries.id(at: place) }
    }
    return try configuration.tokens(named, ids: ids)
  }

  /// The first token with a character that stands for no byte.
  private static func firstUnspelled(
    _ entries: VocabularyEntries, _ special: [SpecialToken]
  ) -> [UInt8] {
    let ids = Set(special.map(\.id))
    for place in 0..<entries.count where !ids.contains(entries.id(at: place)) {
      let text = entries.spelling(at: place)
      if ByteAlphabet.bytes(spelled: text) == nil { return text }
    }
    return []
  }

  /// A merge a line.
  private static func read(
    _ merges: [UInt8], by reader: inout MergeReader
  ) throws(FormatError) -> [Merge] {
    var read: [Merge] = []
    var isFirst = true
    for line in TextLines(merges) where !line.isEmpty {
      defer { isFirst = false }
      if isFirst && line.starts(with: Array("#version".utf8)) { continue }
      read.append(try reader.read(line, rank: read.count))
    }
    return read
  }
}
