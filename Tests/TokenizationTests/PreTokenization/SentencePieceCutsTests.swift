import Testing

@testable import Tokenization

@Suite struct SentencePieceCutsTests {
  private func parts(_ text: String, _ cuts: SentencePieceCuts = SentencePieceCuts()) throws
    -> [String]
  {
    let compiled = try CompiledPreTokenizer(PreTokenizer([.sentencePiece(cuts)]))
    return try PieceCutterTests.pieces(compiled, Array(text.utf8)).map {
      String(decoding: $0.text, as: UTF8.self)
    }
  }

  @Test("Words begin with the blank's mark, end with it, or hold it")
  func whitespace() throws {
    #expect(try parts("▁ab▁c▁▁d") == ["▁ab", "▁c", "▁", "▁d"])
    #expect(try parts("ab▁c▁", SentencePieceCuts(whitespace: .ends)) == ["ab▁", "c▁"])
    #expect(try parts("ab▁c", SentencePieceCuts(whitespace: .free)) == ["ab▁c"])
  }

  @Test("Common is a script like others, kana go with ideographs, marks with all")
  func scripts() throws {
    #expect(try parts("abгд-1.5中カーひ") == ["ab", "гд", "-1.5", "中カーひ"])
    #expect(try parts("a\u{301}г") == ["a\u{301}г"])
    #expect(try parts("a\u{10D00}") == ["a", "\u{10D00}"], "newer than Unicode 9: Common")
  }

  @Test("Digits join any script, or stay alone")
  func digits() throws {
    #expect(try parts("a1б２", SentencePieceCuts(splitsNumbers: false)) == ["a1б２"])
    #expect(try parts("a12-", SentencePieceCuts(splitsDigits: true)) == ["a", "1", "2", "-"])
    #expect(try parts("٣٤", SentencePieceCuts(splitsDigits: true)) == ["٣٤"], "ASCII and fullwidth")
  }
}
