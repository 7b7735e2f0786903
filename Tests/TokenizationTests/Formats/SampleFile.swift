import Primitives

@testable import Tokenization

/// A small file of each format that is read, and its reader.
enum SampleFile: String, CaseIterable, Sendable {
  case bytePairs = "tokenizer.json, BPE of bytes"
  case characterPairs = "tokenizer.json, BPE of characters"
  case wordPiece = "tokenizer.json, WordPiece"
  case words = "tokenizer.json, WordLevel"
  case unigram = "tokenizer.json, Unigram"
  case pairModel = "tokenizer.model, BPE"
  case unigramModel = "tokenizer.model, Unigram"
  case ranks = "tokenizer.tiktoken"
  case rankSidecar = "tokenizer.tiktoken.json"
  case tekken = "tekken.json"
  case vocabulary = "vocab.json"
  case merges = "merges.txt"
  case list = "vocab.txt"
  case configuration = "tokenizer_config.json"
  case specialTokensMap = "special_tokens_map.json"
  case addedTokens = "added_tokens.json"
  case trainingRecord = "training.json"

  /// Text in JSON; others are lines, or a protocol buffer, which may be whole when cut short.
  var isJSON: Bool {
    switch self {
    case .pairModel, .unigramModel, .ranks, .merges, .list: false
    default: true
    }
  }

  /// Whether the file is one of several that hold a vocabulary as GPT-2's do.
  var isOfPair: Bool {
    switch self {
    case .vocabulary, .merges, .configuration, .specialTokensMap, .addedTokens: true
    default: false
    }
  }

  func bytes() throws -> [UInt8] {
    switch self {
    case .bytePairs, .characterPairs, .wordPiece, .words, .unigram:
      try HuggingFaceTokenizer.write(tokenizer())
    case .pairModel: try Self.sentencePiece(.bpe).bytes
    case .unigramModel: try Self.sentencePiece(.unigram).bytes
    case .ranks: RankFileTests.file()
    case .rankSidecar: Self.sidecar.bytes
    case .tekken: Array(TekkenFileTests.File().text.utf8)
    case .vocabulary, .merges, .configuration, .specialTokensMap, .addedTokens:
      try Self.pair().first { $0.name == rawValue }?.bytes ?? []
    case .list: Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nab\n##b\n##é\n字\n".utf8)
    case .trainingRecord:
      Array(
        #"{"format":"toktrain/training/1","unicode":{"patterns":"16.0.0","normalization":"14.0","#
          .utf8) + Array(#""icu":"70.1"},"options":{"unicode":"current"}}"#.utf8)
    }
  }

  /// What the format's reader makes of bytes, with the other files of the sample; `nil` where that is no
  /// tokenizer.
  func read(_ bytes: [UInt8]) throws -> Tokenizer? {
    switch self {
    case .bytePairs, .characterPairs, .wordPiece, .words, .unigram:
      return try HuggingFaceTokenizer.read(bytes)
    case .pairModel, .unigramModel: return try SentencePieceFile(reading: bytes).tokenizer()
    case .ranks: return try RankFile(reading: bytes, sidecar: Self.sidecar).tokenizer()
    case .rankSidecar:
      return try RankFile(reading: Self.ranks.bytes(), sidecar: RankSidecar(reading: bytes))
        .tokenizer()
    case .tekken: return try TekkenFile.read(ModelField.root(of: bytes))
    case .list: return try WordPieceList.read(bytes)
    case .vocabulary, .merges, .configuration, .specialTokensMap, .addedTokens:
      func file(_ sample: SampleFile) throws -> [UInt8] {
        try sample == self ? bytes : sample.bytes()
      }
      // A configuration would say what the other two say.
      let isOlder = self == .specialTokensMap || self == .addedTokens
      return try VocabularyAndMerges.read(
        vocabulary: file(.vocabulary), merges: file(.merges),
        configuration: TokenizerConfiguration(
          configuration: isOlder ? nil : file(.configuration),
          specialTokensMap: file(.specialTokensMap), addedTokens: file(.addedTokens)))
    case .trainingRecord:
      _ = try TrainingRecord(reading: bytes)
      return nil
    }
  }

  /// The file of this format for what was read from one; `nil`: the format is only read.
  func written(_ bytes: [UInt8]) throws -> [UInt8]? {
    switch self {
    case .bytePairs, .characterPairs, .wordPiece, .words, .unigram:
      return try HuggingFaceTokenizer.write(HuggingFaceTokenizer.read(bytes))
    case .pairModel, .unigramModel: return try SentencePieceFile(reading: bytes).bytes
    case .ranks: return try RankFile(reading: bytes, sidecar: Self.sidecar).bytes
    case .rankSidecar: return try RankSidecar(reading: bytes).bytes
    case .vocabulary, .merges, .list, .configuration, .specialTokensMap, .addedTokens:
      guard let tokenizer = try read(bytes) else { return nil }
      return try Conversion(of: tokenizer, to: .legacy).files.first { $0.name == rawValue }?.bytes
    case .tekken, .trainingRecord: return nil
    }
  }

  // MARK: - Contents

  private static let sidecar = RankSidecar(
    pattern: #" ?\w+|\s+|[^\s\w]+"#,
    specialTokens: [SpecialToken(id: 300, content: Array("<|end|>".utf8))])

  /// GPT-2's files, with a special token inside the vocabulary and two added ones behind it.
  private static func pair() throws -> [Conversion.File] {
    let tokens = ["a", "b", "ab", " ", "é", " ab"].map { Array($0.utf8) }
    let tokenizer = Tokenizer(
      normalizer: .none,
      preTokenizer: PreTokenizer([
        .byteLevel(ByteLevelSettings(addsPrefixSpace: false, usesPattern: true))
      ]),
      model: .bpe(
        BPEModel(
          vocabulary: Vocabulary(tokens: tokens + [nil]),
          merges: [Merge(left: 0, right: 1, result: 2), Merge(left: 3, right: 2, result: 5)])),
      specialTokens: [
        SpecialToken(id: 6, content: Array("<|endoftext|>".utf8)),
        SpecialToken(id: 7, content: Array("<m é>".utf8), stripsLeft: true),
        SpecialToken(id: 8, content: Array("new".utf8), isSpecial: false, normalized: true),
      ], detokenizer: .bytes)
    return try Conversion(of: tokenizer, to: .legacy).files
  }

  private static func sentencePiece(
    _ algorithm: SentencePieceFile.Algorithm
  ) throws -> SentencePieceFile {
    let rows: [(String, Float, PieceKind)] = [
      ("<unk>", 0, .unknown), ("<s>", 0, .control), ("</s>", 0, .control),
      ("<sep>", 0, .userDefined),
      ("<0x41>", 0, .byte), ("▁a", -1, .normal), ("ab", -2, .normal), ("a", -3.25, .normal),
      ("b", -4, .normal), ("▁", -5, .normal), ("é", -6, .normal),
    ]
    let pieces = rows.map {
      SentencePieceFile.Piece(text: Array($0.0.utf8), score: $0.1, kind: $0.2)
    }
    let training = SentencePieceFile.Training(
      algorithm: algorithm, vocabularySize: pieces.count, characterCoverage: 0.9995,
      maximumSentenceBytes: nil, maximumPieceLength: 16, splitsByScript: true, splitsByNumber: true,
      splitsByWhitespace: true, whitespaceIsSuffix: false, allowsWhitespaceOnly: false,
      splitsDigits: false, control: [], userDefined: [pieces[3].text], byteFallback: true,
      unknown: (0, pieces[0].text), begin: (1, pieces[1].text), end: (2, pieces[2].text),
      padding: (-1, Array("<pad>".utf8)))
    let rules = try Charsmap(
      rules: ruleFile([Array("Ａ".utf8): [0x41], Array("ﬁ".utf8): [0x66, 0x69]]))
    return SentencePieceFile(
      pieces: pieces, training: training, normalizerName: "user_defined", charsmap: rules,
      normalization: SentencePieceNormalization(.charsmap(rules)))
  }

  private func tokenizer() throws -> Tokenizer {
    func vocabulary(_ tokens: [String]) -> Vocabulary {
      Vocabulary(tokens: tokens.map { Array($0.utf8) })
    }
    let special = SpecialToken(id: 0, content: Array("<s>".utf8), stripsRight: true)
    let added = SpecialToken(
      id: 9, content: Array("new é".utf8), isSpecial: false, singleWord: true, normalized: true)
    let template = PostProcessor.Template.bert(classifier: special, separator: special)
    var tokenizer: Tokenizer
    switch self {
    case .bytePairs:
      tokenizer = Tokenizer(
        normalizer: Normalizer([.form(.nfc), .lowercase], unicode: .huggingFace),
        preTokenizer: PreTokenizer([
          .byteLevel(ByteLevelSettings(addsPrefixSpace: false, usesPattern: false))
        ]),
        model: .bpe(
          BPEModel(
            vocabulary: Vocabulary(
              tokens: [nil] + ["a", "b", " ", "ab", " ab"].map { Array($0.utf8) }),
            merges: [Merge(left: 1, right: 2, result: 4), Merge(left: 3, right: 4, result: 5)])),
        postProcessor: .template(template), detokenizer: .bytes)
    case .characterPairs:
      tokenizer = Tokenizer(
        normalizer: Normalizer(HuggingFaceSentencePiece.marking(addsDummyPrefix: true)),
        preTokenizer: .none,
        model: .bpe(
          BPEModel(
            vocabulary: vocabulary(["<s>", "<unk>", "<0x-1>", "<0xC3>", "<0xA9>", "a", "▁", "▁a"]),
            merges: [Merge(left: 6, right: 5, result: 7)],
            base: .characters(
              CharacterBase(unknownToken: Array("<unk>".utf8), fallsBackToBytes: true)))),
        detokenizer: .ofSentencePiece(
          unknownToken: Array("<unk>".utf8), shown: nil, front: .one))
    case .wordPiece:
      tokenizer = Tokenizer(
        normalizer: Normalizer([.bert(Normalizer.BERTCleaning(lowercases: true))]),
        preTokenizer: PreTokenizer([.bert]),
        model: .wordPiece(
          WordPieceModel(vocabulary: vocabulary(["<s>", "[UNK]", "a", "##b", "##é", "ab"]))),
        postProcessor: .bert(classifier: special, separator: special),
        detokenizer: .wordPiece(prefix: Array("##".utf8), cleansUp: true))
    case .words:
      tokenizer = Tokenizer(
        normalizer: .none, preTokenizer: PreTokenizer([.whitespaceSplit]),
        model: .wordLevel(WordLevelModel(vocabulary: vocabulary(["<s>", "<unk>", "a", "ab"]))),
        detokenizer: .none)
    default:
      tokenizer = Tokenizer(
        normalizer: Normalizer([
          .precompiled(try Charsmap(rules: ruleFile([Array("ﬁ".utf8): [0x66, 0x69]])))
        ]),
        preTokenizer: PreTokenizer([
          .metaspace(MetaspaceSettings(prependScheme: .always, splits: true))
        ]),
        model: .unigram(
          UnigramModel(
            vocabulary: vocabulary(["<s>", "<unk>", "▁", "a", "▁a", "<0xFF>", "é", "b", "ab"]),
            scores: [0, 0, -1, -2.5, -1e-7, -3, -4, -5, -6.125],
            kinds: [.normal, .unknown] + Array(repeating: .normal, count: 7), unknownID: 1,
            rules: .huggingFace(fallsBackToBytes: true))),
        detokenizer: .metaspace(MetaspaceSettings(prependScheme: .always, splits: true)))
    }
    tokenizer.specialTokens = [special, added]
    return tokenizer
  }
}
