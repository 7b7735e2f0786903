import Testing

@testable import Tokenization

@Suite("Unigram in double precision")
struct CompiledDoubleUnigramTests {
  private func model(
    _ pieces: [(String, Double)], unknown: TokenID? = 0, fallsBack: Bool = false
  ) -> CompiledDoubleUnigram {
    CompiledDoubleUnigram(
      UnigramModel(
        vocabulary: Vocabulary(tokens: pieces.map { Array($0.0.utf8) }),
        scores: pieces.map(\.1), kinds: pieces.map { _ in .normal }, unknownID: unknown,
        rules: .huggingFace(fallsBackToBytes: fallsBack)), fallsBackToBytes: fallsBack)
  }

  /// Ids, or nil where there is no token; ranges are checked to cover the text.
  private func ids(_ model: CompiledDoubleUnigram, _ text: String) -> [TokenID]? {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { buffer in
      var output = [TokenID](repeating: 0, count: bytes.count)
      let count = output.withUnsafeMutableBufferPointer { output in
        output.baseAddress.map { model.encode(buffer, into: $0) } ?? 0
      }
      guard count >= 0 else { return nil }
      var ranges: [Range<Int>] = []
      model.appendRanges(of: buffer, to: &ranges)
      #expect(ranges.count == count)
      var end = 0
      for range in ranges {
        #expect(range.lowerBound == end)
        end = range.upperBound
      }
      #expect(end == bytes.count)
      return Array(output[..<count])
    }
  }

  @Test("The example of Hugging Face's own documentation")
  func example() {
    let model = model([
      ("<unk>", 0), ("a", 0), ("b", 0), ("c", 0), ("d", 0), ("cd", 1), ("ab", 2), ("abc", 5),
      ("abcd", 10),
    ])
    #expect(ids(model, "abcdacdxx") == [8, 1, 5, 0])
    #expect(ids(model, "") == [])
    // The unknown token is text like any other, and joins unknown characters.
    #expect(ids(model, "a<unk>xa") == [1, 0, 1])
  }

  @Test("A run of unknown characters that is a token becomes it, else its bytes")
  func unknownRuns() {
    // Two unknown characters have 40, more than the token that they are.
    var pieces: [(String, Double)] = [("<unk>", 50), ("a", 50), ("xy", 30)]
    #expect(ids(model(pieces), "axya") == [1, 2, 1])
    #expect(ids(model(pieces), "axyx") == [1, 0])
    pieces += [("<0x78>", 40), ("<0xC3>", 40), ("<0xA9>", 40)]
    #expect(ids(model(pieces, fallsBack: true), "axé") == [1, 3, 4, 5])
    #expect(ids(model(pieces, fallsBack: true), "axyxé") == [1, 0])
    #expect(ids(model(pieces, fallsBack: true), "axyé") == [1, 0])
    #expect(ids(model(pieces), "ax") == [1, 0])
  }

  @Test("Without an unknown token, text that needs one cannot be encoded")
  func noUnknown() {
    let model = model([("a", -1), ("ab", -2)], unknown: nil)
    #expect(ids(model, "aab") == [0, 1])
    #expect(ids(model, "b") == nil)
    #expect(ids(model, "axa") == nil)
  }

  @Test("Of all ways the one with the greatest sum is taken, whatever the text")
  func best() {
    var generator = SeededGenerator(seed: 3)
    for seed in 0..<300 {
      let words = ["a", "b", "é", "ab", "ba", "aa", "éa", "aba", "bé\u{0}", "abab", "bb"]
      let pieces =
        [("<unk>", 0.0)] + words.map { ($0, -Double.random(in: 1...9, using: &generator)) }
      let model = model(pieces)
      let text = (0..<Int.random(in: 1...9, using: &generator))
        .map { _ in ["a", "b", "é", "\u{0}"].randomElement(using: &generator) ?? "" }.joined()
      let found = ids(model, text) ?? []
      let least = (pieces.map(\.1).min() ?? 0) - 10
      let scores = Dictionary(uniqueKeysWithValues: pieces.map { (Array($0.0.utf8), $0.1) })
      // A NUL stands alone and has no token: as many unknown characters as there are NULs outside
      // tokens; the sum is compared where there is none.
      guard !found.contains(0) else { continue }
      let sum = found.reduce(0) { $0 + pieces[Int($1)].1 }
      #expect(abs(sum - bestSum(Array(text.unicodeScalars), scores, least)) < 1e-9, "seed \(seed)")
    }
  }

  /// The greatest sum over all ways, by trying each.
  private func bestSum(
    _ text: [Unicode.Scalar], _ scores: [[UInt8]: Double], _ unknown: Double
  ) -> Double {
    if text.isEmpty { return 0 }
    var best = -Double.infinity
    for length in 1...text.count {
      let piece = text[..<length].flatMap { Array(String($0).utf8) }
      guard let score = scores[piece] ?? (length == 1 ? unknown : nil) else { continue }
      best = max(best, score + bestSum(Array(text[length...]), scores, unknown))
    }
    return best
  }
}
