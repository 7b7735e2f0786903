import Primitives
import Testing
import Tokenization

@testable import TokenizerTraining

@Suite("Tables of counts")
struct CountTableTests {
  private func table(_ text: String, _ sentences: SentenceRules? = nil) throws -> (
    corpus: CountedCorpus, hasEnds: Bool
  ) {
    try CountTable.read(
      Array(text.utf8), path: Array("t".utf8), sentences: sentences, options: CorpusOptions(),
      threads: 1)
  }

  private static var unigram: SentenceRules {
    var rules = SentenceRules()
    rules.marksFollowers = true
    return rules
  }

  @Test("A table worked by hand")
  func byHand() throws {
    let counted = try table("b\\tc\t2\n\\\\a\t10\n\\xFF\\n\t1\n").corpus
    #expect(counted.summary.preTokens == 13)
    #expect(counted.summary.distinctPreTokens == 3)
    #expect(counted.counts.counts == [10, 2, 1])
    #expect(counted.counts.bytes.prefix(5) == [0x5C, 0x61, 0x62, 0x09, 0x63])
    #expect(counted.counts.bytes.suffix(2) == [0xFF, 0x0A])
    let text = try CountTable.text(of: counted.counts, sentences: nil)
    #expect(String(decoding: text, as: UTF8.self) == "\\\\a\t10\nb\\tc\t2\n\\xFF\\n\t1\n")
  }

  @Test("How often a word ended a sentence comes back as it was counted")
  func ends() throws {
    let (counted, hasEnds) = try table(
      "\u{2581}a\t5\t2\n\u{2581}b\t3\t3\n\u{2581}c\t1\t0\n", Self.unigram)
    #expect(hasEnds)
    #expect(counted.counts.wordCount == 4)
    let text = try CountTable.text(of: counted.counts, sentences: Self.unigram)
    #expect(
      String(decoding: text, as: UTF8.self)
        == "\u{2581}a\t5\t2\n\u{2581}b\t3\t3\n\u{2581}c\t1\t0\n")
    #expect(try table("\u{2581}a\t5\n", Self.unigram).hasEnds == false)
  }

  @Test(
    "A row that is none is told with its line",
    arguments: [
      "a", "a\t", "a\t0", "a\t-1", "a\t1.5", "a\t9223372036854775808", "a\t1\t2", "a\t1\t1\t1",
      "\t1",
      "\\q\t1", "a\\\t1", "\\x4\t1", "\\x+1\t1",
    ])
  func bad(row: String) {
    #expect {
      _ = try table("ok\t1\n\(row)\n", Self.unigram)
    } throws: { error in
      if case .line(_, 2, _) = error as? CountFileError { true } else { false }
    }
  }

  @Test(
    "Bytes that are not UTF-8 are no word of a sentence, wherever blanks stand",
    arguments: ["\\x80\\x80\t3\n", "ab\\xE2\t5\t5\n", "\\xFF\\xFF\t1\n"], [true, false])
  func illFormed(text: String, endsWords: Bool) throws {
    var rules = Self.unigram
    if endsWords { rules.whitespace = .ends }
    #expect {
      _ = try table(text, rules)
    } throws: { error in
      if case .illFormedWord = error as? CountFileError { true } else { false }
    }
    #expect(try table(text).corpus.counts.wordCount == 1)
  }

  @Test("A word that stands twice, and words that carry what follows, are told")
  func impossible() throws {
    #expect(throws: CountFileError.self) { _ = try table("a\t1\na\t2\n") }
    var rules = Self.unigram
    rules.whitespace = .ends
    #expect(throws: CountFileError.self) {
      _ = try CountTable.text(
        of: PreTokenCounts(bytes: [97], ends: [1], counts: [1]), sentences: rules)
    }
  }
}
