import Primitives
import Testing

@testable import TokenizerComparison

@Suite("Worst documents")
struct WorstDocumentsTests {
  @Test("They are those of a sorted list", arguments: [0, 1, 5, 100])
  func sorted(limit: Int) {
    var random = RandomSequence(seed: 3, place: 0)
    var worst = WorstDocuments(limit: limit, textLimit: 10)
    var all: [(spread: Int, number: Int)] = []
    for number in 1...60 {
      let counts = (0..<3).map { _ in Int(random.next() % 12) }
      worst.offer([0x61], tokenCounts: counts, file: 0, number: number)
      all.append((max(abs(counts[1] - counts[0]), abs(counts[2] - counts[0])), number))
    }
    let expected = all.filter { $0.spread > 0 }.sorted {
      ($1.spread, $0.number) < ($0.spread, $1.number)
    }
    #expect(worst.entries.map(\.number) == expected.prefix(limit).map(\.number))
  }

  @Test("A long document is cut between characters")
  func cut() {
    for (text, limit, kept) in [("aéb", 2, "a"), ("aéb", 3, "aé"), ("東京", 5, "東"), ("東", 2, "")] {
      var worst = WorstDocuments(limit: 1, textLimit: limit)
      worst.offer(Array(text.utf8)[...], tokenCounts: [1, 2], file: 0, number: 1)
      #expect(worst.entries.map(\.text) == [Array(kept.utf8)])
      #expect(worst.entries.map(\.byteCount) == [text.utf8.count])
    }
  }
}
