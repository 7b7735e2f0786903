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
    let tokens = try bytes(of: entries, special)
    let vocabulary = Vocabulary(tokens: tokens)
    let index = try VocabularyEntries.index(of: tokens, vocabulary)
    return Tokenizer(
      normalizer: .none,
      preTokenizer: PreTokenizer([
        .byteLevel(
          ByteLevelSettings(
            addsPrefixSpace: configuration.addsPrefixSpace ?? false, usesPattern: true))
      ]),
      model: .bpe(
        BPEModel(vocabulary: vocabulary, merges: try read(merges: merges, index))),
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

  /// Tokens by id; those that are special are holes.
  private static func bytes(
    of entries: [(id: TokenID, spelling: JSONValue)], _ special: [SpecialToken]
  ) throws(FormatError) -> [[UInt8]?] {
    var tokens = [[UInt8]?](repeating: nil, count: entries.last.map { Int($0.id) + 1 } ?? 0)
    var next = special[...]
    for (id, spelling) in entries {
      while let first = next.first, first.id < id { next.removeFirst() }
      if let first = next.first, first.id == id {
        guard spelling.string == first.content else { throw .duplicateID(id: id) }
        continue
      }
      var token: [UInt8] = []
      let isSpelled = spelling.withString { ByteAlphabet.append(spelled: $0, to: &token) } ?? false
      guard isSpelled, !token.isEmpty else { throw .notByteLevel(token: spelling.string ?? []) }
      tokens[Int(id)] = token
    }
    return tokens
  }

  private static func read(
    merges: [UInt8], _ index: TokenIndex
  ) throws(FormatError) -> [Merge] {
    var reader = MergeReader(index)
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
