import Testing

@testable import TokenizerComparison

@Suite("Metrics")
struct MetricTests {
  @Test(
    "Each has a name for command lines and a definition of one paragraph",
    arguments: Metric.allCases)
  func names(metric: Metric) {
    #expect(
      metric.rawValue.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x2F })
    #expect(!metric.definition.contains("\n"))
    #expect(metric.definition.hasSuffix("."))
  }

  @Test("Only ratios of sums have a value without vocabularies")
  func ratios() {
    var tally = Tally(modelCount: 2)
    tally.add(ArraySlice(repeating: 1, count: tally.counts.count))
    for metric in Metric.allCases {
      let isRatio = tally.value(of: metric, model: 1) != nil
      #expect(
        isRatio
          != [.tokens, .vocabularyUsed, .renyi, .shannon, .vocabularyOverlap, .languageGini]
          .contains(metric))
    }
  }
}
