import Primitives

@testable import TokenizerComparison

/// Reports for pages: with ordinary content, and with everything that wants to be more than text.
enum PageReport {
  static let hostile: [String] = [
    "<script>alert(1)</script>", "</title><svg onload=alert(1)>", "--><b>", "'\" onmouseover='x",
    "&lt;&amp;",
    "]]>", "javascript:x", "\u{1B}[2J\u{7}", "\u{202E}abc\u{2066}", "\u{E0041}\u{200B}",
    "</style>*{}", "\u{0}",
    String(repeating: "w", count: 300), String(repeating: "e\u{301}\u{302}", count: 40), "=1+1",
    "שלום",
    "https://example.org/x.png", "</bdi></li></ol>",
  ]

  /// - Parameter size: how many of all things that come again and again.
  static func report(models: Int, size: Int, _ texts: [String]) -> ComparisonReport {
    func text(_ place: Int) -> [UInt8] { Array(texts[place % texts.count].utf8) + [0xE6] }
    let sides = 0..<models
    func use(_ place: Int) -> TokenUse {
      TokenUse(id: UInt32(place), text: text(place), count: 1000 - place)
    }
    func group(_ place: Int) -> TextGroup {
      TextGroup(
        name: text(place), documents: 3, bytes: 1000, characters: 900, words: 200,
        tokens: sides.map { 300 + $0 }, bytesPerToken: sides.map { 1000.0 / Double(300 + $0) },
        tokensPerWord: sides.map { $0 == 1 ? nil : 1.5 },
        parity: sides.map { $0 == 1 ? nil : 1.25 },
        isReference: place == 0)
    }
    return ComparisonReport(
      models: sides.map {
        ComparedModel(
          name: text($0), family: "BPE", tokenCount: 32_000,
          vocabularyFingerprint: "0123456789abcdef",
          unknownID: 3)
      },
      corpus: ComparedCorpus(
        documents: 1234, bytes: 5_000_000, characters: 4_900_000, words: 900_000,
        fingerprint: "fedcba9876543210"),
      metrics: Metric.allCases.map { metric in
        MetricRow(
          metric: metric, values: sides.map { $0 == 0 && metric.isOfPair ? nil : 0.5 + Double($0) },
          differences: sides.map { side in
            side == 0
              ? nil
              : MetricDifference(
                absolute: Double(side), relative: 2 * Double(side),
                interval: MetricInterval(lower: 0.5, upper: 1.5))
          })
      },
      languages: (0..<size).map(group), files: (0..<size).map(group),
      vocabularies: sides.map { side in
        VocabularyUse(
          usedCount: 20_000, usedOnceCount: 100, unusedCount: 12_000,
          ranks: (0..<12).map { .init(rank: 1 << $0, count: (40_000 + side) >> $0) },
          lengths: (1...30).map { .init(bytes: $0, tokens: 100, uses: 1000 / $0 + side) },
          longest: (0..<size).map(use))
      },
      overlaps: sides.dropFirst().map {
        VocabularyOverlap(
          model: $0, sharedCount: 18_000, onlyFirstCount: 14_000, onlyOtherCount: 13_000,
          onlyFirstUses: 5000, onlyOtherUses: 4000, onlyFirst: (0..<size).map(use),
          onlyOther: (0..<size).map(use))
      },
      samples: (0..<size).map { place in
        var random = RandomSequence(seed: 7, place: UInt64(place))
        let text = text(place)
        return ComparisonSample(
          file: place % max(1, size), number: place + 1, text: text,
          byteCount: text.count + place % 2,
          tokenCounts: sides.map { 40 + $0 },
          tokens: sides.map { _ in CutText.randomTokens(&random, of: text) })
      },
      warnings: [.singleDocument, .ofModel(model: 0, message: texts[0])])
  }
}
