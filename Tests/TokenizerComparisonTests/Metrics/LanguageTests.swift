import Primitives
import Testing

@testable import TokenizerComparison

@Suite("Languages")
struct LanguageTests {
  @Test(
    "The name of a file says its language",
    arguments: [
      ("english.txt", "english"), ("/data/news.de.txt.gz", "de"), ("de.txt", "de"),
      ("europarl-v7.de-en.de", "de"), ("zho_Hans.dev", "zho_Hans"), ("x.pt-BR.jsonl", "pt-BR"),
      ("a.b.c.txt", "a.b.c"), ("README", "README"), (".txt", ""), ("-", "-"),
      ("v1.2.txt", "v1.2"), ("train", "train"),
    ])
  func names(file: String, language: String) {
    #expect(
      String(decoding: LanguageName.of(file: Array(file.utf8)), as: UTF8.self) == language)
  }

  private func tallies(_ counts: [(documents: Int, bytes: Int, tokens: Int)]) -> [Tally] {
    counts.map { count in
      var tally = Tally(modelCount: 1)
      tally[.documents] = count.documents
      tally[.bytes] = count.bytes
      tally[.tokens, of: 0] = count.tokens
      return tally
    }
  }

  @Test("Gini is the mean distance of two costs by twice their mean")
  func gini() throws {
    var random = RandomSequence(seed: 11, place: 0)
    for count in 2...12 {
      let counts = (0..<count).map { _ in
        (documents: 3, bytes: 100 + Int(random.next() % 900), tokens: 1 + Int(random.next() % 99))
      }
      let costs = LanguageCosts(tallies(counts), model: 0, isParallel: false)
      let values = costs.costs.compactMap { $0 }
      var distance = 0.0
      for a in values { for b in values { distance += abs(a - b) } }
      let mean = values.reduce(0, +) / Double(count)
      let expected = distance / (2 * Double(count * count) * mean)
      #expect(abs(try #require(costs.gini) - expected) < 1e-12)
    }
    let equal = tallies([(1, 10, 5), (2, 20, 10)])
    #expect(LanguageCosts(equal, model: 0, isParallel: false).gini == 0)
    #expect(LanguageCosts(tallies([(1, 10, 5)]), model: 0, isParallel: false).gini == nil)
  }

  @Test("A parallel corpus compares tokens for each document, another those for each byte")
  func parity() throws {
    let models = [SmallModels.bytes(), SmallModels.bytes(merging: ["ab"])]
    let files = [
      ("x.de", ["aaaa", "abab"].map { Array($0.utf8) }),
      ("x.en", ["ab", "b"].map { Array($0.utf8) }),
    ]
    var options = try ComparisonOptions(replicates: 0)
    let plain = try SmallModels.report(models, files: files, options)
    // B: de 4 + 2 tokens of 8 bytes, en 1 + 1 of 3.
    #expect(plain.languages.map(\.isReference) == [false, true])
    #expect(plain.languages[0].parity == [1, (6.0 / 8) / (2.0 / 3)])
    #expect(plain.languages[1].parity == [1, 1])
    #expect(plain.files.map(\.tokens) == [[8, 6], [3, 2]])
    options.isParallel = true
    let parallel = try SmallModels.report(models, files: files, options)
    #expect(parallel.languages[0].parity == [8.0 / 3, 3])
    // |3 - 1| twice, by 2 * 4 * the mean of 3 and 1.
    #expect(parallel.values(of: .languageGini)[1] == 4.0 / 16)
  }

  @Test("Languages of a parallel corpus have equally many documents")
  func unparallel() throws {
    var options = try ComparisonOptions(replicates: 0)
    options.isParallel = true
    let models = [SmallModels.bytes()]
    #expect(
      throws: ComparisonError.unparallel(
        language: Array("de".utf8), documents: 1, reference: Array("en".utf8), expected: 2)
    ) {
      try SmallModels.report(
        models, files: [("x.de", [[0x61]]), ("x.en", [[0x61], [0x62]])], options)
    }
    #expect(throws: ComparisonError.oneLanguage) {
      try SmallModels.report(models, files: [("x.de", [[0x61]])], options)
    }
  }
}
