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
    let entries = try VocabularyEntries.read(
      try ModelField.root(of: vocabulary, name: "vocab.json"))
    let special = specialTokens(entries, configuration)
    try VocabularyEntries.checkIDs(of: entries, addedTokens: special)
    guard let tokens = try HuggingFaceBPE.bytes(of: entries, addedTokens: special) else {
      throw .notByteLevel(token: firstUnspelled(entries, special))
    }
    let model = try HuggingFaceBPE.byteModel(tokens, special, ignoresMerges: false) {
      (reader) throws(FormatError) in try read(merges, by: &reader)
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

  /// Tokens that files name as special or added; without any, the end of a text, if it is there.
  private static func specialTokens(
    _ entries: [(id: TokenID, spelling: JSONValue)], _ configuration: TokenizerConfiguration
  ) -> [SpecialToken] {
    var tokens = configuration.addedTokens
    for content in configuration.specialTokens ?? [end]
    where !tokens.contains(where: { $0.content == content }) {
      if let entry = entries.first(where: { $0.spelling.string == content }) {
        tokens.append(SpecialToken(id: entry.id, content: content))
      }
    }
    return tokens.sorted { $0.id < $1.id }
  }

  /// The first token with a character that stands for no byte.
  private static func firstUnspelled(
    _ entries: [(id: TokenID, spelling: JSONValue)], _ special: [SpecialToken]
  ) -> [UInt8] {
    for (id, spelling) in entries where !special.contains(where: { $0.id == id }) {
      let text = spelling.string ?? []
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
    for line in merges.split(separator: UInt8(ascii: "\n")) {
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      defer { isFirst = false }
      if line.isEmpty || isFirst && line.starts(with: Array("#version".utf8)) { continue }
      read.append(try reader.read(line, rank: read.count))
    }
    return read
  }
}
