import Testing

@testable import Tokenization

@Suite("Table of merges")
struct MergeTableTests {
  @Test("Pairs have their ranks, and others none", arguments: [9, 15, 20, 21, 22, 30])
  func ranks(idBits: Int) {
    var generator = SeededGenerator(seed: UInt64(idBits))
    let limit = TokenID(1) << TokenID(idBits)
    var known: [[TokenID]: Int] = [:]
    var merges: [Merge] = []
    for rank in 0..<3000 {
      let left = TokenID.random(in: 0..<limit, using: &generator)
      let right = TokenID.random(in: limit - 200..<limit, using: &generator)
      merges.append(Merge(left: left, right: right, result: TokenID(rank) * 3))
      known[[left, right]] = rank
    }
    let table = MergeTable(merges)
    for merge in merges {
      let rank = UInt32(known[[merge.left, merge.right]] ?? -1)
      #expect(table.ranks.rank(left: merge.left, right: merge.right) == rank)
      #expect(
        table.value(left: merge.left, right: merge.right) == UInt64(rank) << 32 | UInt64(rank) * 3)
    }
    for _ in 0..<3000 {
      // Some of them above all ids of merges.
      let left = TokenID.random(in: 0..<limit * 2, using: &generator)
      let right = TokenID.random(in: 0..<limit * 2, using: &generator)
      let rank = known[[left, right]].map { UInt32($0) } ?? MergeRanks.none
      #expect(table.ranks.rank(left: left, right: right) == rank)
    }
    #expect(MergeTable([]).value(left: 0, right: 0) == MergeTable.absent)
  }
}
