import Primitives
import Testing

@testable import TokenizerComparison

@Suite("Place set")
struct PlaceSetTests {
  @Test("It answers as a set of numbers does", arguments: [0, 1, 63, 64, 65, 130, 1000])
  func asSet(count: Int) {
    let seed = UInt64(count)
    var random = RandomSequence(seed: seed, place: 0)
    var sets = [PlaceSet(), PlaceSet()]
    var expected: [Set<Int>] = [[], []]
    // Used again, it has forgotten what was in it.
    for round in 0..<3 {
      for side in 0..<2 {
        sets[side].reset(count)
        expected[side] = []
        for place in 0..<count where random.next() % UInt32(2 + 20 * round) == 0 {
          sets[side].insert(place)
          expected[side].insert(place)
        }
        #expect((0..<count).filter { sets[side].contains($0) } == expected[side].sorted())
        for _ in 0..<200 where count > 0 {
          let lower = Int(random.next()) % count
          let upper = lower + Int(random.next()) % (count - lower + 1)
          #expect(
            sets[side].containsAny(from: lower, to: upper)
              == expected[side].contains { lower <= $0 && $0 < upper }, "seed \(seed)")
        }
      }
      let common = PlaceSet.compare(sets[0], sets[1])
      #expect(common.shared == expected[0].intersection(expected[1]).count)
      #expect(common.either == expected[0].union(expected[1]).count)
      var shared: [Int] = []
      PlaceSet.forEachShared(sets[0], sets[1]) { shared.append($0) }
      #expect(shared == expected[0].intersection(expected[1]).sorted())
    }
  }
}
