import Testing

@testable import Tokenization

@Suite("BPE of characters")
struct CompiledCharacterBPETests {
  /// A model of tokens by id; merges are pairs of texts, whose result has no second prefix.
  private func model(
    _ tokens: [String], merges: [(String, String)] = [], prefix: String? = nil,
    suffix: String? = nil, unknown: String? = "?", fuses: Bool = false, fallsBack: Bool = false,
    ignoresMerges: Bool = false
  ) -> CompiledCharacterBPE {
    func id(_ token: String) -> TokenID { TokenID(tokens.firstIndex(of: token) ?? 0) }
    let base = CharacterBase(
      unknownToken: unknown.map { Array($0.utf8) }, fusesUnknown: fuses,
      fallsBackToBytes: fallsBack)
    var model = BPEModel(
      vocabulary: Vocabulary(tokens: tokens.map { Array($0.utf8) }),
      merges: merges.map { left, right in
        Merge(
          left: id(left), right: id(right),
          result: id(left + right.dropFirst(prefix?.count ?? 0)))
      }, ignoresMerges: ignoresMerges, base: .characters(base))
    model.continuingPrefix = prefix.map { Array($0.utf8) }
    model.endOfWordSuffix = suffix.map { Array($0.utf8) }
    return CompiledCharacterBPE(model, base)
  }

  /// Ids with their places, or nil where a token is missing.
  private func encode(_ model: CompiledCharacterBPE, _ text: String) -> String? {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { buffer in
      var output = [TokenID](repeating: 0, count: bytes.count)
      let count = output.withUnsafeMutableBufferPointer { output in
        output.baseAddress.map { model.encode(buffer, into: $0) } ?? 0
      }
      guard count >= 0 else { return nil }
      var ranges: [Range<Int>] = []
      // More ids follow, those of other pieces.
      (output[..<count] + [9, 9]).withUnsafeBufferPointer {
        model.appendRanges(of: buffer, $0, to: &ranges)
      }
      #expect(ranges.count == count)
      return zip(output, ranges).map { "\($0):\($1.lowerBound)-\($1.upperBound)" }
        .joined(separator: " ")
    }
  }

  @Test("Characters behind the first have a prefix, and the last has a suffix")
  func affixes() {
    let tokens = ["?", "a", "##b", "##c</w>", "a</w>", "ab", "abc</w>", "##bc</w>"]
    let model = model(
      tokens, merges: [("a", "##b"), ("ab", "##c</w>")], prefix: "##", suffix: "</w>")
    #expect(encode(model, "abc") == "6:0-3")
    #expect(encode(model, "a") == "4:0-1")
    #expect(encode(model, "ab") == "1:0-1 0:1-2")
    #expect(encode(model, "abbc") == "5:0-2 2:2-3 3:3-4")
    #expect(encode(model, "bc") == "0:0-1 3:1-2")
    #expect(encode(model, "aéc") == "1:0-1 0:1-3 3:3-4")
  }

  @Test("Words of ASCII and a mark are merged as all others are")
  func grid() {
    let letters = ["▁", "a", "b", "c", "é", "\u{1}", "."]
    var tokens = ["?"] + letters
    var merges: [(String, String)] = []
    for seed in UInt64(1)...30 {
      var generator = SeededGenerator(seed: seed)
      (tokens, merges) = (["?"] + letters, [])
      for _ in 0..<60 {
        let left = tokens.dropFirst().randomElement(using: &generator) ?? "a"
        let right = tokens.dropFirst().randomElement(using: &generator) ?? "a"
        // Now and then a pair twice: its last rank holds.
        if !tokens.contains(left + right) { tokens.append(left + right) }
        merges.append((left, right))
      }
      let model = model(tokens, merges: merges)
      for _ in 0..<200 {
        var text = Bool.random(using: &generator) ? "▁" : ""
        for _ in 0..<Int.random(in: 0...12, using: &generator) {
          let others = Int.random(in: 0..<40, using: &generator) == 0
          text +=
            (others ? letters + ["x", "\u{81}"] : ["a", "b", "c", "."])
            .randomElement(using: &generator) ?? ""
        }
        let bytes = Array(text.utf8)
        var expected = bytes.withUnsafeBufferPointer { model.symbols(of: $0) }
        let count = expected.withUnsafeMutableBufferPointer { symbols in
          symbols.baseAddress.map { model.merges.merge($0, count: symbols.count) } ?? 0
        }
        var output = [TokenID](repeating: 0, count: bytes.count + 1)
        let found = bytes.withUnsafeBufferPointer { bytes in
          output.withUnsafeMutableBufferPointer { output in
            output.baseAddress.map { model.encode(bytes, into: $0) } ?? 0
          }
        }
        #expect(output.prefix(found) == expected.prefix(count), "seed \(seed): \(text)")
      }
    }
  }

  @Test("Unknown characters are one token, or one each, or bytes, or nothing")
  func unknown() {
    let tokens = ["?", "a", "<0xC3>", "<0xA9>", "aa"]
    #expect(encode(model(tokens), "éxa") == "0:0-2 0:2-3 1:3-4")
    #expect(encode(model(tokens, fuses: true), "éxa") == "0:0-3 1:3-4")
    #expect(encode(model(tokens, fallsBack: true), "aéx") == "1:0-1 2:1-2 3:2-3 0:3-4")
    #expect(encode(model(tokens, unknown: nil), "aéa") == "1:0-1 1:3-4")
    // What stands around what is left out becomes adjacent.
    let merging = model(tokens, merges: [("a", "a")], unknown: nil)
    #expect(encode(merging, "aéax") == "4:0-4")
    #expect(encode(model(tokens, unknown: "absent"), "a") == "1:0-1")
    #expect(encode(model(tokens, unknown: "absent"), "ax") == nil)
  }

  @Test("An unknown character does not wait for bytes, as in Hugging Face's library")
  func bytesFirst() {
    let tokens = ["?", "a", "<0xC3>", "<0xA9>"]
    #expect(encode(model(tokens, fallsBack: true), "xé")?.hasPrefix("2:1-2 3:2-3 0:") == true)
  }

  @Test("A piece that is a token is taken whole where merges are ignored")
  func whole() {
    let tokens = ["?", "a", "b", "ab", "abx"]
    #expect(encode(model(tokens, ignoresMerges: true), "abx") == "4:0-3")
    #expect(encode(model(tokens, ignoresMerges: true), "abb") == "1:0-1 2:1-2 2:2-3")
    #expect(encode(model(tokens), "ab") == "1:0-1 2:1-2")
  }

  @Test("NUL is a character, and stands in tokens")
  func nul() {
    let tokens = ["?", "a", "\u{0}", "a\u{0}"]
    #expect(encode(model(tokens, merges: [("a", "\u{0}")]), "a\u{0}\u{0}") == "3:0-2 2:2-3")
  }
}
