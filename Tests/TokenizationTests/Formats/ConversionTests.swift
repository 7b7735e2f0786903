import Testing

@testable import Tokenization

@Suite("Conversion")
struct ConversionTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func ids(_ tokenizer: Tokenizer, _ text: String) throws -> [TokenID] {
    var encoder = try TokenEncoder(try CompiledTokenizer(tokenizer))
    var ids: [TokenID] = []
    try encoder.encode(bytes(text), into: &ids)
    return ids
  }

  private func pair(_ configuration: String? = nil) throws -> Tokenizer {
    try VocabularyAndMerges.read(
      vocabulary: bytes(#"{"a": 0, "b": 1, "ab": 2, "abb": 3, "<|endoftext|>": 4}"#),
      merges: bytes("#version: 0.2\na b\nab b\n"),
      configuration: TokenizerConfiguration(configuration: configuration.map(bytes)))
  }

  @Test("A pair of older files merges as GPT-2 does; the end of a text is special")
  func olderPair() throws {
    let tokenizer = try pair()
    #expect(try ids(tokenizer, "abbab") == [3, 2])
    #expect(tokenizer.specialTokens.map(\.id) == [4])
  }

  @Test("A token that merges use stays, even if a file names it as special")
  func specialPart() throws {
    let tokenizer = try pair(#"{"eos_token": {"content": "ab"}, "add_prefix_space": false}"#)
    #expect(tokenizer.specialTokens.map(\.id) == [2])
    #expect(try ids(tokenizer, "abb") == [3])
  }

  @Test("What older files name has their ids and flags, in a pair and in a list")
  func olderNames() throws {
    let map = bytes(
      #"{"eos_token": {"content": "<e>", "lstrip": true, "normalized": false}, "#
        + #""additional_special_tokens": ["a", "nowhere"]}"#)
    let configuration = try TokenizerConfiguration(
      configuration: nil, specialTokensMap: map,
      addedTokens: bytes(#"{"new": 6, "<e>": 5}"#))
    let expected = [
      SpecialToken(id: 5, content: bytes("<e>"), stripsLeft: true),
      SpecialToken(id: 6, content: bytes("new"), isSpecial: false, normalized: true),
    ]
    let pair = try VocabularyAndMerges.read(
      vocabulary: bytes(#"{"a": 0, "b": 1, "ab": 2, "abb": 3, "x": 4}"#),
      merges: bytes("a b\n"), configuration: configuration)
    #expect(pair.specialTokens == [SpecialToken(id: 0, content: bytes("a"))] + expected)
    let list = try WordPieceList.read(
      bytes("[UNK]\na\n##b\nc\nd\n"), configuration: configuration)
    #expect(list.specialTokens == [SpecialToken(id: 1, content: bytes("a"))] + expected)
    #expect(try ids(list, "a new c") == [1, 6, 3])
    #expect(throws: FormatError.gap(id: 2)) {
      try WordPieceList.read(bytes("[UNK]\na\n" + String(repeating: "\n", count: 70_000)))
    }
  }

  @Test("A list is cased if a token has a capital letter; lines may end in CRLF or be empty")
  func list() throws {
    let uncased = try WordPieceList.read(bytes("[PAD]\r\n[UNK]\r\n\r\na\r\n##b\r\n"))
    #expect(try ids(uncased, "AB x") == [3, 4, 1])
    #expect(uncased.specialTokens.map(\.id) == [0, 1])
    let cased = try WordPieceList.read(bytes("[UNK]\na\nA\n"))
    #expect(try ids(cased, "A a") == [2, 1])
    let told = try WordPieceList.read(
      bytes("[UNK]\na\nA\n"),
      configuration: TokenizerConfiguration(configuration: bytes(#"{"do_lower_case": true}"#)))
    #expect(try ids(told, "A a") == [1, 1])
  }

  @Test("What is wrong with a list is told with its line")
  func brokenLists() {
    #expect(throws: FormatError.line(2, .notUTF8(token: [0xFF]))) {
      try WordPieceList.read(bytes("[UNK]\n") + [0xFF, 0x0A])
    }
    #expect(throws: FormatError.absentUnknownToken(token: bytes("[UNK]"))) {
      try WordPieceList.read(bytes("a\n"))
    }
  }

  @Test("All that is given up is listed")
  func losses() throws {
    var tokenizer = try pair()
    tokenizer.preTokenizer = PreTokenizer([
      .split(.text([0x20]), .isolated, inverts: false),
      .byteLevel(ByteLevelSettings(addsPrefixSpace: false, usesPattern: false)),
    ])
    let end = tokenizer.specialTokens[0]
    tokenizer.postProcessor = .bert(classifier: end, separator: end)
    let conversion = try Conversion(of: tokenizer, to: .legacy, isLossy: true)
    #expect(conversion.losses.count == 2)
    #expect(throws: FormatError.self) { try Conversion(of: tokenizer, to: .legacy) }
  }

  @Test("A score beyond single precision cannot be said by SentencePiece")
  func greatScore() {
    let tokenizer = characters(
      .unigram(
        UnigramModel(
          vocabulary: Vocabulary(tokens: ["<unk>", "a"].map(bytes)), scores: [0, -1e300],
          kinds: [.unknown, .normal], unknownID: 0, rules: .huggingFace(fallsBackToBytes: false))))
    let error = #expect(throws: FormatError.self) {
      try Conversion(of: tokenizer, to: .sentencePiece)
    }
    #expect(error?.description.contains("single precision") == true)
  }

  @Test("Merges that SentencePiece would make otherwise are refused, others become scores by rank")
  func merges() throws {
    let tokens = ["<unk>", "a", "b", "c", "ab", "bc", "abc"].map(bytes)
    func model(_ merges: [Merge]) -> Tokenizer {
      characters(
        .bpe(
          BPEModel(
            vocabulary: Vocabulary(tokens: tokens), merges: merges,
            base: .characters(CharacterBase(unknownToken: tokens[0])))))
    }
    let (ab, bc) = (Merge(left: 1, right: 2, result: 4), Merge(left: 2, right: 3, result: 5))
    let kept = try Conversion(
      of: model([ab, bc, Merge(left: 4, right: 3, result: 6)]), to: .sentencePiece)
    let file = try SentencePieceFile(reading: kept.files[0].bytes)
    #expect(file.pieces[4...].map(\.score) == [0, -1, -2])
    // "abc" comes to ab and c, which nothing joins here: SentencePiece would.
    #expect(throws: FormatError.self) {
      try Conversion(
        of: model([ab, bc, Merge(left: 1, right: 5, result: 6)]), to: .sentencePiece)
    }
  }

  /// Blanks are marked as in files of Llama 2.
  private func characters(_ model: TokenizerModel) -> Tokenizer {
    Tokenizer(
      normalizer: Normalizer(HuggingFaceSentencePiece.marking(addsDummyPrefix: true)),
      preTokenizer: .none, model: model, detokenizer: .none)
  }
}
