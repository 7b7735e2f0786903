import Testing

@testable import Tokenization

@Suite("Explanation")
struct ExplanationTests {
  private func explained(
    _ tokenizer: Tokenizer, _ text: String, options: EncodingOptions = EncodingOptions()
  ) throws -> (parts: [Explanation.Part], ids: [TokenID]) {
    var encoder = try TokenEncoder(CompiledTokenizer(tokenizer), options: options)
    var ids: [TokenID] = []
    try encoder.encode(Array(text.utf8), into: &ids)
    return (try encoder.explanation(of: Array(text.utf8)).parts, ids)
  }

  @Test("Merges lead from the symbols of a word to its tokens, each by the lowest rank there is")
  func merges() throws {
    for seed in UInt64(1)...40 {
      var generator = SeededGenerator(seed: seed)
      let naive = NaiveBPE(letters: Array("abc".utf8), mergeCount: 30, using: &generator)
      let tokenizer = Tokenizer(
        normalizer: .none, preTokenizer: .none, model: .bpe(naive.model))
      let text = String((0..<12).map { _ in "abc".randomElement(using: &generator) ?? "a" })
      let (parts, ids) = try explained(tokenizer, text)
      guard case .word(let word) = parts.first, case .merges(var tokens, let merges) = word.reason
      else {
        Issue.record("seed \(seed)")
        continue
      }
      #expect(word.bytes == Array(text.utf8) && word.range == 0..<12 && word.ids == ids)
      for merge in merges {
        let ranks = zip(tokens, tokens.dropFirst()).compactMap { left, right in
          naive.merges.firstIndex { $0.left == left && $0.right == right }
        }
        #expect(ranks.min() == merge.rank)
        #expect(
          naive.merges[merge.rank]
            == Merge(left: merge.left, right: merge.right, result: merge.result))
        tokens = merge.tokens
      }
      #expect(tokens == ids)
    }
  }

  @Test("Of several merges that make a token, the one that was made is its origin")
  func originsOfManyMerges() throws {
    let tokens = ["<unk>", "a", "b", "c", "ab", "bc", "abc"].map { Array($0.utf8) }
    let merges = [(1, 2, 4), (1, 5, 6), (4, 3, 6), (2, 3, 5)].map {
      Merge(left: $0, right: $1, result: $2)
    }
    let tokenizer = Tokenizer(
      normalizer: .none, preTokenizer: .none,
      model: .bpe(
        BPEModel(
          vocabulary: Vocabulary(tokens: tokens), merges: merges,
          base: .characters(CharacterBase(unknownToken: tokens[0])))))
    var encoder = try TokenEncoder(CompiledTokenizer(tokenizer))
    let explanation = try encoder.explanation(of: Array("abc".utf8))
    #expect(tokenizer.origin(of: 6) == .merge(rank: 1, left: 1, right: 5))
    #expect(tokenizer.origin(of: 6, in: explanation) == .merge(rank: 2, left: 4, right: 3))
    // What was not made there has the first.
    #expect(tokenizer.origin(of: 5, in: explanation) == .merge(rank: 3, left: 2, right: 3))
  }

  @Test("Long words are encoded and not followed; words that are tokens may be taken whole")
  func exceptions() throws {
    var generator = SeededGenerator(seed: 1)
    let naive = NaiveBPE(letters: Array("ab".utf8), mergeCount: 10, using: &generator)
    var model = naive.model
    model.ignoresMerges = true
    let tokenizer = Tokenizer(normalizer: .none, preTokenizer: .none, model: .bpe(model))
    let whole = String(decoding: naive.tokens[naive.tokens.count - 1], as: UTF8.self)
    for (text, isWhole) in [(whole, true), (String(repeating: "ab", count: 600), false)] {
      let (parts, ids) = try explained(tokenizer, text)
      guard case .word(let word) = parts.first else {
        Issue.record("no word")
        return
      }
      #expect(word.ids == ids)
      switch word.reason {
      case .whole: #expect(isWhole)
      case .unfollowed: #expect(!isWhole)
      default: Issue.record("\(word.reason)")
      }
    }
  }

  @Test("Special tokens that are allowed stand between words; matches are listed from the longest")
  func parts() throws {
    let tokens = ["[UNK]", "[SEP]", "un", "u", "##like", "##l", "##li", "##ke"]
    let tokenizer = Tokenizer(
      normalizer: .none, preTokenizer: PreTokenizer([.whitespaceSplit]),
      model: .wordPiece(
        WordPieceModel(vocabulary: Vocabulary(tokens: tokens.map { Array($0.utf8) }))),
      specialTokens: [SpecialToken(id: 1, content: Array("[SEP]".utf8))])
    let (parts, ids) = try explained(
      tokenizer, "unlike [SEP] unx", options: EncodingOptions(allowedSpecialTokens: .all))
    #expect(ids == [2, 4, 1, 0])
    guard parts.count == 3, case .word(let first) = parts[0], case .token(1, 7..<12) = parts[1],
      case .word(let last) = parts[2], case .matches(let found) = first.reason,
      case .matches(let missing) = last.reason
    else {
      Issue.record("\(parts)")
      return
    }
    #expect(found.map(\.start) == [0, 2])
    #expect(found.map { $0.found.map(\.id) } == [[2, 3], [4, 6, 5]])
    #expect(missing.map { $0.found.map(\.id) } == [[2, 3], []])
    #expect(last.range == 13..<16 && last.ids == [0])
    #expect(tokenizer.origin(of: 0) == .unknown && tokenizer.origin(of: 1) == .special)
    #expect(tokenizer.origin(of: 2) == .wordStart && tokenizer.origin(of: 4) == .wordContinuation)
    #expect(tokenizer.origin(of: 8) == nil)
  }
}
