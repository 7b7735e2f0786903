import Foundation
import Primitives
import Testing
import Tokenization

@testable import TokenizerComparison

@Suite("Comparison")
struct ComparisonTests {
  /// "ab ab": A a|b| |a|b, B ab| |ab. "é1234": A by bytes, B é|12|3|4.
  static let texts = ["ab ab", "é1234"]
  static let models = [SmallModels.bytes(), SmallModels.bytes(merging: ["ab", "12", "é"])]

  @Test(
    "An example worked by hand",
    arguments: [
      (Metric.roundTrip, [1, 1]), (.tokens, [11, 7]), (.bytesPerToken, [1, 11.0 / 7]),
      (.tokensPerWord, [11.0 / 3, 7.0 / 3]), (.tokensPerCharacter, [1.1, 0.7]),
      (.sequenceLength, [1, 7.0 / 11]), (.wholeWords, [0, 2.0 / 3]), (.unknown, [0, 0]),
      (.byteFallback, [0, 0]), (.vocabularyUsed, [9.0 / 256, 6.0 / 259]),
      (.renyi, [0.3711439156139519, 0.29975999116220386]),
      (.shannon, [0.38697440687511675, 0.31454421084466266]),
      // Borders: A 1234 and 12345, B 23 and 245.
      (.boundaryAgreement, [nil, 5.0 / 9]), (.vocabularyOverlap, [nil, 256.0 / 259]),
      // 1|234 is wanted; A has all three borders, B has 12|3|4.
      (.digitGrouping, [2.0 / 4, 0]), (.wholeCharacters, [9.0 / 11, 1]),
      (.splitCharacters, [1, 0]), (.languageGini, [nil, nil]),
    ] as [(Metric, [Double?])])
  func byHand(metric: Metric, expected: [Double?]) throws {
    let report = try SmallModels.report(Self.models, Self.texts)
    for (found, expected) in zip(report.values(of: metric), expected) {
      #expect((found == nil) == (expected == nil))
      #expect(abs((found ?? 0) - (expected ?? 0)) < 1e-14)
    }
  }

  @Test("A report names the corpus, and how the vocabularies were used")
  func counts() throws {
    let report = try SmallModels.report(Self.models, Self.texts)
    #expect(report.corpus.documents == 2)
    #expect(report.corpus.bytes == 11)
    #expect(report.corpus.characters == 10)
    #expect(report.corpus.words == 3)
    #expect(report.models.map(\.tokenCount) == [256, 259])
    #expect(report.vocabularies.map(\.usedCount) == [9, 6])
    #expect(report.vocabularies.map(\.usedOnceCount) == [7, 5])
    #expect(report.vocabularies.map(\.unusedCount) == [247, 253])
    #expect(
      report.vocabularies[1].ranks.map(\.count) == [2, 1, 1, 1, 1, 1])
    #expect(
      report.vocabularies[1].lengths
        == [.init(bytes: 1, tokens: 256, uses: 3), .init(bytes: 2, tokens: 3, uses: 4)])
    #expect(report.overlaps[0].sharedCount == 256)
    #expect(report.overlaps[0].onlyFirst.isEmpty)
    #expect(
      report.overlaps[0].onlyOther == [
        TokenUse(id: 256, text: Array("ab".utf8), count: 2),
        TokenUse(id: 257, text: Array("12".utf8), count: 1),
        TokenUse(id: 258, text: Array("é".utf8), count: 1),
      ])
    #expect(report.overlaps[0].onlyOtherUses == 4)
  }

  @Test("Samples are the documents that differ most, with the tokens of each model")
  func samples() throws {
    let report = try SmallModels.report(Self.models, ["x", "é12", "ab", "abab"])
    #expect(report.samples.map(\.number) == [2, 4, 3])
    #expect(report.samples.map(\.tokenCounts) == [[4, 2], [4, 2], [2, 1]])
    let tokens = try #require(report.samples.first).tokens[1]
    #expect(tokens.map(\.id) == [258, 257])
    #expect(tokens.map { [$0.start, $0.end] } == [[0, 2], [2, 4]])
    #expect(tokens.map(\.bytes) == [Array("é".utf8), Array("12".utf8)])
  }

  @Test("A mark put before a text, which has the place of the first character, ends nowhere in it")
  func prefix() throws {
    let report = try SmallModels.report(
      [SmallModels.bytes(), SmallModels.marked("東京", "x")], ["東京x"])
    #expect(report.values(of: .roundTrip) == [1, 0])
    #expect(report.values(of: .tokens) == [7, 3])
    #expect(report.values(of: .boundaryAgreement) == [nil, 1.0 / 6])
    #expect(report.values(of: .wholeCharacters) == [1.0 / 7, 1])
    let tokens = try #require(report.samples.first).tokens[1]
    #expect(tokens.map { [$0.start, $0.end] } == [[0, 0], [0, 6], [6, 7]])
  }

  @Test("What an unknown token stands for is no whole word")
  func unknown() throws {
    let report = try SmallModels.report(
      [SmallModels.wordPiece("the", "cat", "##s")], ["the cats", "a dog the"])
    // the|cat|##s, [UNK]|[UNK]|the
    #expect(report.values(of: .unknown) == [2.0 / 6])
    #expect(report.values(of: .wholeWords) == [2.0 / 5])
    #expect(report.values(of: .roundTrip) == [1.0 / 2])
    #expect(report.warnings.contains(.notLossless(model: 0, documents: 1)))
  }

  @Test("Any number of threads and any size of batches give one report")
  func threads() throws {
    var random = RandomSequence(seed: 7, place: 0)
    let documents = (0..<400).map { _ in Self.randomText(&random) }
    let files = [("a.en", Array(documents[..<150])), ("b.de", Array(documents[150...]))]
    var reports: [ComparisonReport] = []
    for (threads, size) in [(1, 400), (1, 1), (2, 7), (3, 30), (8, 5)] {
      var options = try ComparisonOptions(replicates: 50)
      options.threads = threads
      reports.append(
        try SmallModels.report(
          Self.models, files: files, options, batchSize: size))
    }
    #expect(reports.allSatisfy { $0 == reports[0] })
    #expect(reports[0].languages.map(\.name) == [Array("de".utf8), Array("en".utf8)])
  }

  @Test("Troublemakers are measured like others")
  func troublemakers() throws {
    let documents: [[UInt8]] = [
      [], [0x61], [0x80, 0x80, 0xFF, 0xE6, 0x9D], [0], Array("a\r\n".utf8),
      Array("e\u{301}👨\u{200D}👩\u{200D}👧".utf8), [UInt8](repeating: 0x61, count: 1 << 20),
      [UInt8](repeating: 0x80, count: 1 << 16), [UInt8](repeating: 0x31, count: 1 << 16),
    ]
    let report = try SmallModels.report(Self.models, files: [("text", documents)])
    #expect(report.values(of: .roundTrip) == [1, 1])
    #expect(report.corpus.bytes == documents.reduce(0) { $0 + $1.count })
    #expect(report.warnings.contains(.notUTF8(documents: 2)))
  }

  @Test("No text, one document and few documents are said plainly")
  func littleText() throws {
    let empty = try SmallModels.report(Self.models, [])
    #expect(empty.warnings.contains(.emptyCorpus))
    #expect(empty.values(of: .bytesPerToken) == [nil, nil])
    #expect(empty.values(of: .tokens) == [0, 0])
    let one = try SmallModels.report(Self.models, ["ab"])
    #expect(one.warnings.contains(.singleDocument))
    #expect(one.resampling.replicates == 0)
    #expect(one.difference(of: .bytesPerToken)?.absolute == 1)
    #expect(one.difference(of: .bytesPerToken)?.interval == nil)
    let two = try SmallModels.report(Self.models, Self.texts)
    #expect(two.warnings.contains(.fewDocuments(count: 2)))
    #expect(two.difference(of: .bytesPerToken)?.interval != nil)
  }

  @Test("Every metric that depends on the documents has an interval", arguments: Metric.allCases)
  func intervals(metric: Metric) throws {
    let files = [("x.de", Self.texts), ("x.en", ["ab", "12 é"])].map {
      ($0, $1.map { Array($0.utf8) })
    }
    let report = try SmallModels.report(Self.models, files: files)
    let row = try #require(report.metrics.first { $0.metric == metric })
    let hasNone: [Metric] = [.vocabularyUsed, .vocabularyOverlap]
    #expect((row.intervals[1] != nil) == (metric == .boundaryAgreement))
    #expect(row.intervals[0] == nil && row.differences[0] == nil)
    if metric.isOfPair { return }
    let difference = try #require(row.differences[1])
    #expect((difference.interval == nil) == hasNone.contains(metric))
    if let interval = difference.interval { #expect(interval.lower <= interval.upper) }
  }

  @Test("Tokens differ by the same part as lengths")
  func tokens() throws {
    let report = try SmallModels.report(Self.models, ["ab", "12 é", "x", "y é", "abab"])
    let tokens = try #require(report.difference(of: .tokens)?.relativeInterval)
    let lengths = try #require(report.difference(of: .sequenceLength)?.interval)
    #expect(abs(tokens.lower - lengths.lower) < 1e-14)
    #expect(abs(tokens.upper - lengths.upper) < 1e-14)
  }

  @Test("Documents of a parallel corpus that say the same are drawn together")
  func parallel() throws {
    var options = try ComparisonOptions(replicates: 50)
    options.isParallel = true
    func report(_ count: Int) throws -> ComparisonReport {
      let documents = (0..<count).map { [UInt8](repeating: 0x61, count: $0 + 1) }
      return try SmallModels.report(
        Self.models, files: [("x.de", documents), ("x.en", documents)], options)
    }
    let three = try report(3)
    #expect(three.corpus.documents == 6)
    #expect(three.resampling.units == 3)
    #expect(three.warnings.contains(.fewDocuments(count: 3)))
    let one = try report(1)
    #expect(one.resampling.replicates == 0)
    #expect(one.warnings.contains(.singleDocument))
  }

  @Test("Models that normalize by different versions of Unicode are told apart")
  func unicodeVersions() throws {
    var models = Self.models
    models[0].normalizer = Normalizer([.form(.nfc)], unicode: .huggingFace)
    models[1].normalizer = Normalizer([.form(.nfc)], unicode: .current)
    let report = try SmallModels.report(models, Self.texts)
    #expect(
      report.warnings.contains(
        .otherUnicode(
          model: 1, version: UnicodeLibrary.unicodeVersion, firstVersion: "9.0")))
  }

  @Test("Chance has no part: dropout is left out, and the report says so")
  func dropout() throws {
    var model = SmallModels.bytes(merging: ["ab"])
    if case .bpe(var bpe) = model.model {
      bpe.dropout = 0.9
      model.model = .bpe(bpe)
    }
    let report = try SmallModels.report([model], Array(repeating: "abab", count: 50))
    #expect(report.values(of: .tokens) == [100])
    #expect(report.warnings.contains(.noDropout(model: 0)))
  }

  @Test("A report survives JSON")
  func coding() throws {
    let report = try SmallModels.report(Self.models, Self.texts)
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(ComparisonReport.self, from: data) == report)
  }

  @Test("What does not fit is refused")
  func errors() throws {
    #expect(throws: ComparisonError.modelCount(0)) {
      try SmallModels.report([], Self.texts)
    }
    #expect(throws: ComparisonError.replicatesOutOfRange(-1)) {
      try ComparisonOptions(replicates: -1)
    }
    #expect(throws: ComparisonError.samplesOutOfRange(1001)) {
      try ComparisonOptions(sampleCount: 1001)
    }
    let named = NamedTokenizer(name: Array("A".utf8), tokenizer: Self.models[0])
    let comparison = try Comparison(of: [named], options: ComparisonOptions())
    #expect(throws: ComparisonError.unfitBatch(file: 1)) {
      try comparison.add([ComparedDocuments(bytes: [1], ends: [1], file: 1)])
    }
    for ends in [[0], [2], [2, 1], []] {
      #expect(throws: ComparisonError.unfitBatch(file: 0)) {
        try comparison.add([ComparedDocuments(bytes: [1], ends: ends)])
      }
    }
    let wordLevel = Tokenizer(
      normalizer: .none, preTokenizer: PreTokenizer([.whitespaceSplit]),
      model: .wordLevel(WordLevelModel(vocabulary: Vocabulary(tokens: [[0x61]]))))
    let files = [("x", ["a", "b"].map { Array($0.utf8) }), ("y", [[0x61], [0x61], [0x62]])]
    #expect(
      throws: ComparisonError.document(
        file: Array("x".utf8), number: 2, model: Array("model 0".utf8), .noUnknownToken)
    ) { try SmallModels.report([wordLevel], files: files, batchSize: 1) }
  }

  private static func randomText(_ random: inout RandomSequence) -> [UInt8] {
    let parts = ["ab", " ", "12", "345", "é", "東京", "x", "\n", "1"]
    return (0..<Int(random.next() % 30)).flatMap { _ -> [UInt8] in
      random.next() % 40 == 0
        ? [UInt8(truncatingIfNeeded: random.next())]
        : Array(parts[Int(random.next()) % parts.count].utf8)
    }
  }
}
