import Testing

@testable import Tokenization

@Suite struct ICUPatternTests {
  /// Pieces of a text, matches in angle brackets.
  func pieces(
    _ pattern: String, _ text: String, dialect: PatternDialect = .huggingFace
  ) throws -> String {
    let compiled = try ICUPattern(SplitPattern(pattern, dialect: dialect))
    let bytes = Array(text.utf8)
    var ends = [UInt32](repeating: 0, count: 2 * bytes.count + 1)
    let count = try ICUMatcher(compiled).pieceEnds(
      of: bytes, from: 0, to: bytes.count, into: &ends)
    var shown = ""
    var start = 0
    for end in ends[..<count] {
      let stop = Int(end & ~CompiledPattern.matchMark)
      let piece = String(decoding: bytes[start..<stop], as: UTF8.self)
      shown += end & CompiledPattern.matchMark != 0 ? "<\(piece)>" : "(\(piece))"
      start = stop
    }
    return shown
  }

  @Test("What the automaton refuses is matched")
  func fallback() throws {
    #expect(try pieces(#"(a|b)\1"#, "xaabaabb") == "(x)<aa>(b)<aa><bb>")
    #expect(try pieces(#"(?<=ab|c)d"#, "abd cd d") == "(ab)<d>( c)<d>( d)")
    #expect(try pieces(#"\d{1,3}(?=(?:\d{3})*\b)"#, "1234567 12") == "<1><234><567>( )<12>")
    #expect(try pieces(#"(?<x>.)\k<x>"#, "abba") == "(a)<bb>(a)")
  }

  @Test("Oniguruma's intervals, options and anchors mean what they mean there")
  func oniguruma() throws {
    #expect(try pieces(#"\d{1,3}+"#, "12345678") == "<12345678>")
    #expect(try pieces(#"\d{1,3}+"#, "12345678", dialect: .tiktoken) == "<123><456><78>")
    #expect(try pieces(#"a{2}?"#, "aaa") == "<aa>(a)<>")
    #expect(try pieces(#"a{,2}b"#, "aaab b") == "(a)<aab>( )<b>")
    #expect(try pieces(#"a{"#, "a{a") == "<a{>(a)")
    #expect(try pieces(#"(?m:.)"#, "a\n") == "<a><\n>")
    #expect(try pieces(#"x(?i)a|b"#, "xAxBB") == "<xA><xB>(B)")
    #expect(try pieces(#"^."#, "a\nb\n") == "<a>(\n)<b>(\n)")
    #expect(try pieces(#"^"#, "a\nb\n") == "<>(a\n)<>(b\n)")
    #expect(try pieces(#"a$"#, "a\na") == "<a>(\n)<a>")
    #expect(try pieces(#"a$"#, "a\na", dialect: .tiktoken) == "(a\n)<a>")
  }

  @Test("A match of nothing counts unless it stands behind another match")
  func emptyMatches() throws {
    #expect(try pieces("x*", "axxb") == "<>(a)<xx>(b)<>")
  }

  @Test("Ill-formed bytes are characters of their own, and offsets count bytes")
  func bytes() throws {
    let pattern = try ICUPattern(SplitPattern(#"(.)\1"#))
    let text: [UInt8] = [0x61, 0xFF, 0xE2, 0xF0, 0x9F, 0x98, 0x80, 0xF0, 0x9F, 0x98, 0x80, 0xC0]
    var ends = [UInt32](repeating: 0, count: 2 * text.count + 1)
    let count = try ICUMatcher(pattern).pieceEnds(of: text, from: 0, to: text.count, into: &ends)
    let flag = CompiledPattern.matchMark
    #expect(Array(ends[..<count]) == [1, 3 | flag, 11 | flag, 12])
  }

  @Test(
    "Hostile patterns are errors", arguments: ["(a+)+$", "(a|aa)+$", "(?:a|a)*b", #"(a*)*\1b"#])
  func hostile(pattern: String) throws {
    let text = String(repeating: "a", count: 5_000) + "c"
    #expect(throws: PatternError.tooSlow(byte: 0)) { try pieces(pattern, text) }
  }

  @Test("Many slow matches are an error too")
  func slowInAll() throws {
    let text = String(repeating: "a", count: 200_000)
    #expect(throws: PatternError.self) { try pieces("a.*?b", text) }
  }

  @Test("A group repeated a million times fits; more than that is an error")
  func depth() throws {
    let long = String(repeating: "ab", count: 200_000)
    #expect(try pieces("(?:a|b)+", long) == "<\(long)>")
    #expect(throws: PatternError.tooDeep(byte: 0)) {
      try pieces("(?:a|b)+", String(repeating: "ab", count: 2_000_000))
    }
  }

  @Test(
    "What is not supported is refused with its place",
    arguments: [
      (#"a\Kb"#, 1), (#"a(?<x>b)\g<x>"#, 8), (#"b(?<=a+)c"#, 8), ("ab(?~c)", 2), (#"(a)\G"#, 3),
      (#"ab\2"#, 2), ("(?s:a)", 0), ("b(a?)+?", 5), ("(?:a|b*){2,3}", 8),
    ])
  func refusals(text: String, offset: Int) {
    do {
      _ = try ICUPattern(SplitPattern(text))
      Issue.record("\(text) was taken")
    } catch {
      guard case .refused(offset, _) = error else {
        Issue.record("\(text): \(error)")
        return
      }
    }
  }

  @Test(
    "Broken patterns are malformed with their place",
    arguments: [("a(b", 3), ("ab)", 2), ("*a", 0), ("a|+", 2), ("(?:a", 4), ("{1,2}", 0)])
  func malformed(text: String, offset: Int) {
    do {
      _ = try ICUPattern(SplitPattern(text))
      Issue.record("\(text) was taken")
    } catch {
      guard case .malformed(offset, _) = error else {
        Issue.record("\(text): \(error)")
        return
      }
    }
  }

  @Test("Patterns that grow without bound are refused")
  func sizes() {
    for text in [
      String(repeating: "(", count: 1_000) + "a" + String(repeating: ")", count: 1_000),
      String(repeating: #"\w"#, count: 5_000), String(repeating: "a", count: 100_001),
      "a{1,99999999999}",
    ] {
      #expect(throws: PatternError.self) {
        _ = try ICUPattern(SplitPattern(text))
      }
    }
  }
}
