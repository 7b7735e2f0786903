import Testing

@testable import Tokenization

@Suite("Patterns of tiktoken for Hugging Face") struct HuggingFaceTextTests {
  @Test(
    "What the engines read differently is rewritten",
    arguments: [
      (#"\p{N}{1,3}+x|\s+$"#, #"(?>\p{N}{1,3})x|\s+\z"#), (#"^a{2}?b"#, #"\Aa{2}b"#),
      (#"(?m:^.$)"#, #"(?:(?<=\A|\n).$)"#), (#"(?s:.)+?"#, #"(?m:.)+?"#),
      (#"\w+|[\w']"#, #"[\w\x{200c}\x{200d}]+|[\x{27}\x{30}-\x{39}"#),
      (#"(?P<n>a+?+){,}"#, #"(?<n>(?>a+?))*"#), (#"[a-z--[aeiou]]"#, #"[\x{62}-\x{64}\x{66}"#),
      (#"(?i:ss)"#, #"(?i:s(?-i:[\x{53}\x{73}\x{17f}]))"#), (#"\u{e9}\x41"#, #"[\x{e9}]\x41"#),
      (#"(?i:[sdmt]|ll|ve|re)"#, #"(?i:[sdmt]|ll|ve|re)"#),
    ])
  func rewritten(text: String, expected: String) throws {
    let result = try #require(SplitPattern(text, dialect: .tiktoken).huggingFaceText)
    #expect(result.hasPrefix(expected))
  }

  @Test("What cannot be said is nil", arguments: ["a(?i)b|c", "((?i)a)b", "(", #"(a)\1"#])
  func impossible(text: String) {
    #expect(SplitPattern(text, dialect: .tiktoken).huggingFaceText == nil)
  }

  @Test("Named patterns of tiktoken keep their text where they can")
  func named() {
    #expect(NamedPattern.o200k.pattern?.huggingFaceText == NamedPattern.o200k.pattern?.text)
  }

  @Test("Random patterns cut equally once rewritten") func random() throws {
    var compared = 0
    for seed in UInt64(1)...150 {
      var random = RandomPatterns(seed: seed)
      let source = SplitPattern(random.pattern(), dialect: .tiktoken)
      guard let text = source.huggingFaceText, let first = try? CompiledPattern(source),
        let second = try? CompiledPattern(SplitPattern(text))
      else { continue }
      for _ in 0..<8 {
        let bytes = PatternPropertyTests.bytes(random.text(longest: 16))
        #expect(
          PatternPropertyTests.markedEnds(first, bytes, 0, bytes.count)
            == PatternPropertyTests.markedEnds(second, bytes, 0, bytes.count),
          "seed \(seed): \(source.text) and \(text)")
      }
      compared += 1
    }
    #expect(compared > 40)
  }
}
