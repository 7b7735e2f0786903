import Testing

@testable import Tokenization

@Suite("Patterns that match everywhere")
struct PatternCoverageTests {
  @Test("Those of tokenizers do")
  func named() {
    for named in NamedPattern.allCases {
      if let pattern = named.pattern { #expect(pattern.matchesEverywhere, "\(named)") }
    }
  }

  @Test(
    "Certainty needs a branch for each character, whatever follows",
    arguments: [
      (#"\S+|\s+"#, true), (#"[\s\S]"#, true), (#" ?\S+|\s"#, true), (#"\s++|\S"#, true),
      (#"[^\S]?+\S|\s"#, true), (#"x?+\S|\s"#, false), (#"(?:a|b)?[\s\S]"#, true),
      (#"(?>\S+)|\s"#, true),
      (#"\w+"#, false), (#"\S+"#, false), (#"\S{2,}|\s"#, false), (#"\S+(?!\S)|\s"#, false),
      (#"a*|[\s\S]"#, false), (#"[\s\S]*"#, false), (#"\s+$|\S"#, false), (#"\S+x|\s"#, false),
      (#"\S?+\S|\s"#, false), (#"(?=\S)\S|\s"#, false), ("(", false),
    ])
  func rules(text: String, covers: Bool) {
    for dialect in PatternDialect.allCases {
      #expect(SplitPattern(text, dialect: dialect).matchesEverywhere == covers)
    }
  }
}
