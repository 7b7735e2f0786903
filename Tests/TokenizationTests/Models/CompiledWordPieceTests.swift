import Testing

@testable import Tokenization

@Suite("WordPiece encoding")
struct CompiledWordPieceTests {
  /// The definition: of all beginnings that are tokens the longest, again and again.
  private func expected(
    _ word: String, _ vocabulary: [String], longestWord: Int
  ) -> (tokens: [String], ranges: [Range<Int>]) {
    let unknown = (["[UNK]"], [0..<word.utf8.count])
    guard word.unicodeScalars.count <= longestWord else { return unknown }
    var (tokens, ranges): ([String], [Range<Int>]) = ([], [])
    var rest = Array(word.unicodeScalars)[...]
    var place = 0
    while !rest.isEmpty {
      let prefix = tokens.isEmpty ? "" : "##"
      let match = (1...rest.count).reversed().first { count in
        vocabulary.contains(
          prefix + rest.prefix(count).reduce(into: "") { $0.unicodeScalars.append($1) })
      }
      guard let match else { return unknown }
      let text = rest.prefix(match).reduce(into: "") { $0.unicodeScalars.append($1) }
      tokens.append(prefix + text)
      ranges.append(place..<place + text.utf8.count)
      place += text.utf8.count
      rest = rest.dropFirst(match)
    }
    return (tokens, ranges)
  }

  private func encode(
    _ word: String, _ compiled: CompiledWordPiece
  ) -> (ids: [TokenID], ranges: [Range<Int>]) {
    var ids = [TokenID](repeating: 0, count: word.utf8.count + 1)
    var ranges: [Range<Int>] = []
    let count = Array(word.utf8).withUnsafeBufferPointer { word in
      ids.withUnsafeMutableBufferPointer { ids in
        let count = ids.baseAddress.map { compiled.encode(word, into: $0) } ?? 0
        compiled.appendRanges(of: word, UnsafeBufferPointer(ids), to: &ranges)
        return count
      }
    }
    return (Array(ids.prefix(count)), ranges)
  }

  @Test("Random words become what the definition makes of them", arguments: 0..<200)
  func agreesWithDefinition(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let alphabet = ["a", "b", "é", "東", "#", "[", "U", "N", "K", "]"]
    var vocabulary = ["[UNK]"]
    func text(upTo length: Int) -> String {
      (0..<Int.random(in: 1...length, using: &random))
        .map { _ in alphabet[Int.random(in: 0..<(seed % 9 + 2), using: &random)] }.joined()
    }
    for _ in 0..<Int.random(in: 1...30, using: &random) {
      let token = (Bool.random(using: &random) ? "##" : "") + text(upTo: 4)
      if !vocabulary.contains(token) { vocabulary.append(token) }
    }
    let longestWord = Int.random(in: 3...12, using: &random)
    let compiled = try #require(
      CompiledWordPiece(
        WordPieceModel(
          vocabulary: Vocabulary(tokens: vocabulary.map { Array($0.utf8) }),
          longestWord: longestWord)))
    for _ in 0..<60 {
      let word = (Int.random(in: 0..<8, using: &random) == 0 ? "[UNK]" : "") + text(upTo: 10)
      let (ids, ranges) = encode(word, compiled)
      let expected = expected(word, vocabulary, longestWord: longestWord)
      #expect(ids.map { vocabulary[Int($0)] } == expected.tokens, "seed \(seed), \(word)")
      #expect(ranges == expected.ranges, "seed \(seed), \(word)")
    }
  }

  @Test("A word of a million characters costs no more than its length, known or not")
  func longWords() throws {
    let vocabulary = ["[UNK]", "a", "##a", "##aaaaaaaaaaaaaaaa", "b"]
    let compiled = try #require(
      CompiledWordPiece(
        WordPieceModel(
          vocabulary: Vocabulary(tokens: vocabulary.map { Array($0.utf8) }), longestWord: 1 << 40)))
    let word = String(repeating: "a", count: 1_000_001)
    #expect(encode(word, compiled).ids.count == 1 + 1_000_000 / 16)
    #expect(encode(word + "b", compiled).ids == [0])
  }

  @Test("A vocabulary without its unknown token is refused")
  func unknownToken() {
    let model = WordPieceModel(vocabulary: Vocabulary(tokens: [[97]]))
    #expect(throws: TokenizerError.absentUnknownToken(token: Array("[UNK]".utf8))) {
      _ = try CompiledTokenizer(
        Tokenizer(normalizer: .none, preTokenizer: .none, model: .wordPiece(model)))
    }
  }
}
