import Primitives
import Testing

@testable import TokenizerComparison

@Suite("Languages in resamplings")
struct LanguageUnitsTests {
  private static func row(bytes: Int, tokens: Int) -> [Int] {
    var tally = Tally(modelCount: 1)
    tally[.documents] = 1
    tally[.bytes] = bytes
    tally[.tokens, of: 0] = tokens
    return tally.counts
  }

  private static func files(_ languages: String...) -> [ComparedFile] {
    languages.map { ComparedFile(name: Array("text.\($0)".utf8)) }
  }

  @Test("Each language is drawn from by itself, or all together where they correspond")
  func draws() {
    let costs = [[(10, 3), (20, 7), (30, 5)], [(8, 6), (9, 2), (50, 31)]]
    for isParallel in [false, true] {
      var units = LanguageUnits(
        Self.files("de", "en"), modelCount: 1, isParallel: isParallel, seed: 4)
      for (file, documents) in costs.enumerated() {
        for (number, cost) in documents.enumerated() {
          let row = Self.row(bytes: cost.0, tokens: cost.1)
          #expect(units.add(row[...], file: file) == number)
        }
      }
      let found = units.ginis(replicates: 50, threads: 2)
      #expect(found.count == 50)
      for (replicate, gini) in found.enumerated() {
        let drawn = costs.enumerated().map { file, documents in
          let place = UInt64(isParallel ? 1 : file + 1) << 32 | UInt64(replicate)
          var (bytes, tokens, count) = (0, 0, 0)
          UnitDraws.forEach(of: 3, RandomSequence(seed: 4, place: place)) { unit in
            bytes += documents[unit].0
            tokens += documents[unit].1
            count += 1
          }
          return Double(tokens) / Double(isParallel ? count : bytes)
        }
        let expected = abs(drawn[0] - drawn[1]) / (2 * (drawn[0] + drawn[1]))
        #expect(abs((gini[0] ?? -1) - expected) < 1e-14)
      }
    }
  }

  @Test("Files of a language are one, and a language of one document is nothing to draw from")
  func files() {
    var units = LanguageUnits(
      Self.files("de", "en", "de"), modelCount: 1, isParallel: false, seed: 0)
    let row = Self.row(bytes: 4, tokens: 2)
    #expect(units.add(row[...], file: 0) == 0)
    #expect(units.add(row[...], file: 2) == 1)
    #expect(units.add(row[...], file: 1) == 0)
    #expect(units.ginis(replicates: 9, threads: 1).isEmpty)
    #expect(units.add(row[...], file: 1) == 1)
    #expect(units.ginis(replicates: 9, threads: 1) == Array(repeating: [0], count: 9))
  }

  @Test("One language has no inequality")
  func one() {
    var units = LanguageUnits(Self.files("de", "de"), modelCount: 1, isParallel: false, seed: 0)
    let row = Self.row(bytes: 4, tokens: 2)
    #expect(units.add(row[...], file: 0) == 0)
    #expect(units.add(row[...], file: 1) == 1)
    #expect(units.ginis(replicates: 9, threads: 1).isEmpty)
  }
}
