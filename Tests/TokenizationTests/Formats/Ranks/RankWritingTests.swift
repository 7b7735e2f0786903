import Testing

@testable import Tokenization

@Suite("Tokenizers as rank files")
struct RankWritingTests {
  private static let base = (0...255).map { [UInt8($0)] }

  private func tokenizer(
    _ words: [String] = ["ab", "abc"], _ merges: [(TokenID, TokenID, TokenID)],
    ignoresMerges: Bool = false
  ) -> Tokenizer {
    Tokenizer(
      normalizer: .none, preTokenizer: PreTokenizer(NamedPattern.gpt2.pattern),
      model: .bpe(
        BPEModel(
          vocabulary: Vocabulary(tokens: Self.base + words.map { Array($0.utf8) }),
          merges: merges.map { Merge(left: $0.0, right: $0.1, result: $0.2) },
          ignoresMerges: ignoresMerges)))
  }

  private var good: Tokenizer { tokenizer([(97, 98, 256), (256, 99, 257)]) }

  private func tokenizer(_ merges: [(TokenID, TokenID, TokenID)]) -> Tokenizer {
    tokenizer(["ab", "abc"], merges)
  }

  private func refusal(_ tokenizer: Tokenizer) -> String? {
    do throws(FormatError) {
      _ = try RankFile(of: tokenizer)
      return nil
    } catch {
      return error.description
    }
  }

  private func refusal(_ change: (inout Tokenizer) -> Void) -> String {
    var tokenizer = good
    change(&tokenizer)
    return refusal(tokenizer) ?? "none"
  }

  @Test("What merges by rank can be said, and reads back the same")
  func roundTrip() throws {
    let file = try RankFile(of: good)
    #expect(file.bytes == (try RankFile(of: good)).bytes)
    let again = try RankFile(reading: file.bytes, sidecar: file.sidecar)
    #expect(again.bytes == file.bytes && again.merges == file.merges)
    #expect(try RankFile(of: again.tokenizer()).bytes == file.bytes)
  }

  @Test("Merges that text never comes to, as all splits of tokens, do not matter")
  func idleMerges() throws {
    let words = ["ab", "bc", "abc"]
    let merges: [(TokenID, TokenID, TokenID)] = [
      (97, 98, 256), (98, 99, 257), (97, 257, 258), (256, 99, 258),
    ]
    #expect(refusal(tokenizer(words, merges)) == nil)
  }

  @Test("A token made of other parts than tiktoken would take is named")
  func otherParts() {
    let merges: [(TokenID, TokenID, TokenID)] = [(98, 99, 257), (97, 257, 258), (97, 98, 256)]
    #expect(
      refusal(tokenizer(["ab", "bc", "abc"], merges))?.contains(#""abc" made of "a" and "bc""#)
        == true)
  }

  @Test("Merges out of the order of ids are named")
  func otherOrder() {
    #expect(
      refusal(tokenizer(["xy", "ab"], [(97, 98, 257), (120, 121, 256)]))?
        .contains(#"making "ab" before "xy""#) == true)
  }

  @Test("A token that no merge makes is one that tiktoken takes")
  func unmadeTokens() {
    #expect(refusal(tokenizer([(97, 98, 256)]))?.contains(#""abc", which no merge"#) == true)
    let whole = tokenizer(["ab", "abc"], [(97, 98, 256)], ignoresMerges: true)
    #expect(refusal(whole)?.contains(#""abc", which no merge"#) == true)
    // If tiktoken cannot make it either, it is taken whole in both.
    #expect(refusal(tokenizer(["abc"], [], ignoresMerges: true)) == nil)
    #expect(refusal(tokenizer(["abc"], []))?.contains(#""abc""#) == true)
  }

  @Test("What else a rank file cannot say is named")
  func otherFeatures() {
    #expect(refusal { $0.normalizer = Normalizer([.form(.nfc)]) }.contains("normalization (nfc)"))
    #expect(
      refusal { $0.detokenizer = .wordPiece(prefix: [], cleansUp: false) }.contains("decoder"))
    #expect(
      refusal { $0.postProcessor = .template(.init(single: [], pair: [])) }
        .contains("post-processor"))
    let content = Array("<s>".utf8)
    #expect(
      refusal { $0.specialTokens = [SpecialToken(id: 300, content: content, isSpecial: false)] }
        .contains("not special"))
    #expect(
      refusal { $0.specialTokens = [SpecialToken(id: 300, content: content, stripsLeft: true)] }
        .contains("lstrip"))
    #expect(
      refusal { $0.specialTokens = [SpecialToken(id: 97, content: content)] }.contains("97"))
    #expect(refusal { $0.preTokenizer = PreTokenizer([.bert]) }.contains("no pattern"))
    #expect(
      refusal { $0.preTokenizer.steps.append(.digits(individually: true)) }
        .contains("several steps"))
    #expect(
      refusal {
        $0.preTokenizer = PreTokenizer([
          .byteLevel(ByteLevelSettings(addsPrefixSpace: true, usesPattern: true))
        ])
      }.contains("blank"))
    #expect(
      refusal { $0.preTokenizer = PreTokenizer(SplitPattern(#"\w+"#)) }.contains("between"))
    #expect(
      refusal { $0.preTokenizer = PreTokenizer(SplitPattern(#"^.+|[\s\S]"#)) }.contains("reads"))
    #expect(
      refusal {
        $0.model = .unigram(
          .init(
            vocabulary: Vocabulary(tokens: [[97]]), scores: [0], kinds: [.unknown], unknownID: 0))
      }
      .contains("byte-level"))
    var lacking = good
    lacking.model = .bpe(BPEModel(vocabulary: Vocabulary(tokens: [[97]]), merges: []))
    #expect(refusal(lacking)?.contains("byte 0") == true)
  }

  @Test("Every named pattern can be said, in tiktoken's dialect")
  func namedPatterns() throws {
    for named in NamedPattern.allCases {
      var tokenizer = good
      tokenizer.preTokenizer = PreTokenizer(named.pattern)
      let pattern = try RankFile(of: tokenizer).sidecar?.pattern
      #expect(pattern == named.pattern?.text ?? #"[\s\S]+"#)
      // What stands in tokenizer.json means the same.
      tokenizer.preTokenizer = PreTokenizer(named.huggingFaceText.map { SplitPattern($0) })
      #expect(try RankFile(of: tokenizer).sidecar?.pattern == pattern)
    }
  }
}
