import Primitives
import Testing
import Tokenization

@testable import TokenizerComparison

@Suite("Tokens by groups of documents")
struct TokenGroupsTests {
  private static func documents(_ count: Int) -> [[TokenID]] {
    var random = RandomSequence(seed: 8, place: 0)
    return (0..<count).map { _ in (0..<random.next() % 9).map { _ in random.next() % 5 } }
  }

  @Test(
    "Each of few documents is a group; many are in the groups of their units",
    arguments: [0, 1, 127, 128, 129, 1000])
  func groups(count: Int) {
    let documents = Self.documents(count)
    var groups = TokenGroups(idCount: 6, seed: 3)
    for (number, ids) in documents.enumerated() { groups.add(ids, to: number) }
    let (first, second) = ([1.0, 10, 100, 1000, 10_000, 0], [0.0, 1, 2, 3, 4, 5])
    var expected = [SIMD4<Double>](repeating: .zero, count: min(count, 128))
    for (number, ids) in documents.enumerated() {
      let unit = DocumentUnits.group(of: number, seed: 3, limit: DocumentUnits.usualLimit)
      for id in ids {
        expected[count > 128 ? unit % 128 : number] += SIMD4(1, first[Int(id)], second[Int(id)], 0)
      }
    }
    #expect(groups.sums(first, second) == expected)
  }

  @Test("Documents of one number are in one group", arguments: [3, 200])
  func together(count: Int) {
    let documents = Self.documents(count)
    var (apart, joined) = (TokenGroups(idCount: 6, seed: 3), TokenGroups(idCount: 6, seed: 3))
    for _ in 0..<2 {
      for (number, ids) in documents.enumerated() { apart.add(ids, to: number) }
    }
    for (number, ids) in documents.enumerated() { joined.add(ids + ids, to: number) }
    let ones = [Double](repeating: 1, count: 6)
    #expect(apart.sums(ones, ones) == joined.sums(ones, ones))
  }
}

extension TokenGroups {
  mutating func add(_ ids: [TokenID], to document: Int) {
    ids.withUnsafeBufferPointer { add($0, to: document) }
  }
}
