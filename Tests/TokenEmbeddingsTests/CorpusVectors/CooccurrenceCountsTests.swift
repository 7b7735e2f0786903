import Primitives
import Testing
import Tokenization
import TokenizerTraining

@testable import TokenEmbeddings

@Suite("Counts of neighbours")
struct CooccurrenceCountsTests {
  /// Counts as the definition says: every pair of places, document by document.
  static func reference(
    _ documents: [[TokenID]], window: Int
  ) -> [TokenID: [TokenID: UInt64]] {
    var counts: [TokenID: [TokenID: UInt64]] = [:]
    for document in documents {
      for (place, token) in document.enumerated() {
        for (other, neighbour) in document.enumerated() where other != place {
          let distance = abs(place - other)
          if distance <= window {
            counts[token, default: [:]][neighbour, default: 0] += UInt64(window + 1 - distance)
          }
        }
      }
    }
    return counts
  }

  static func counts(
    _ documents: [[TokenID]], idCount: Int, window: Int, threads: Int = 2, stretch: Int = .max
  ) -> CooccurrenceCounts {
    var counts = CooccurrenceCounts(idCount: idCount, window: window)
    var waiting = TokenStretch()
    for document in documents {
      if waiting.count + document.count > stretch {
        counts.add(waiting, threads: threads)
        waiting.removeAll()
      }
      waiting.append(document + [TokenStretch.border])
    }
    counts.add(waiting, threads: threads)
    return counts
  }

  static func table(_ counts: CooccurrenceCounts) -> [TokenID: [TokenID: UInt64]] {
    var table: [TokenID: [TokenID: UInt64]] = [:]
    for block in counts.blocks {
      for row in block.rows {
        let index = row - block.rows.lowerBound
        let range = block.starts[index]..<block.starts[index + 1]
        let columns = Array(block.columns[range])
        #expect(columns == columns.sorted())
        for entry in range {
          table[TokenID(row), default: [:]][block.columns[entry]] = block.counts[entry]
        }
      }
    }
    return table
  }

  static func randomDocuments(seed: UInt64, idCount: UInt32, count: Int) -> [[TokenID]] {
    var numbers = RandomSequence(seed: seed, place: 0)
    return (0..<count).map { _ in
      (0..<Int(numbers.next() % 40)).map { _ in min(numbers.next(), numbers.next()) % idCount }
    }
  }

  @Test("Worked by hand: near neighbours count more, and none reaches into the next document")
  func byHand() {
    let counts = Self.counts([[0, 1, 2], [0]], idCount: 4, window: 2)
    #expect(
      Self.table(counts) == [0: [1: 2, 2: 1], 1: [0: 2, 2: 2], 2: [0: 1, 1: 2]])
    #expect(counts.occurrences == [2, 1, 1, 0])
    #expect(counts.rowSums == [3, 4, 3, 0])
    // A token beside itself counts from both sides.
    #expect(Self.table(Self.counts([[1, 1]], idCount: 2, window: 5)) == [1: [1: 10]])
    #expect(Self.counts([], idCount: 3, window: 5).entryCount == 0)
  }

  @Test(
    "Random documents, as the definition counts them, for any threads and stretches",
    arguments: [1, 2, 5, 100])
  func random(window: Int) {
    let seed = UInt64(window)
    let documents = Self.randomDocuments(seed: seed, idCount: 150, count: 40)
    let expected = Self.reference(documents, window: window)
    for (threads, stretch) in [(1, Int.max), (2, 100), (3, 1), (8, 333)] {
      let counts = Self.counts(
        documents, idCount: 150, window: window, threads: threads, stretch: stretch)
      #expect(Self.table(counts) == expected)
      #expect(counts.tokenCount == documents.reduce(0) { $0 + $1.count })
    }
  }
}
