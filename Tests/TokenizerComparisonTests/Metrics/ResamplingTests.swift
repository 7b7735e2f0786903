import Primitives
import Testing

@testable import TokenizerComparison

@Suite("Resampling")
struct ResamplingTests {
  private static let width = Tally.width(modelCount: 2)

  /// Tallies of documents that have bytes and tokens of both models.
  private static func rows(_ count: Int, seed: UInt64) -> [[Int]] {
    var random = RandomSequence(seed: seed, place: 0)
    return (0..<count).map { _ in
      var tally = Tally(modelCount: 2)
      tally[.documents] = 1
      tally[.bytes] = 20 + Int(random.next() % 100)
      tally[.tokens, of: 0] = 5 + Int(random.next() % 20)
      tally[.tokens, of: 1] = tally[.tokens, of: 0] - Int(random.next() % 5)
      return tally.counts
    }
  }

  @Test("Intervals are those of a plain bootstrap with the same draws", arguments: [2, 3, 50])
  func plain(count: Int) throws {
    let rows = Self.rows(count, seed: 5)
    let resampling = Resampling(
      rows: Array(rows.joined()), modelCount: 2, replicates: 200, seed: 9, threads: 3)
    var differences: [Double] = []
    for replicate in 0..<200 {
      var chance = RandomSequence(seed: 9, place: UInt64(replicate))
      var sums = [0, 0, 0]
      for _ in 0..<count {
        let row = rows[Int(Double(chance.next()) / 0x1p32 * Double(count))]
        let tally = Tally(row[...])
        sums[0] += tally[.bytes]
        sums[1] += tally[.tokens, of: 0]
        sums[2] += tally[.tokens, of: 1]
      }
      differences.append(Double(sums[0]) / Double(sums[2]) - Double(sums[0]) / Double(sums[1]))
    }
    differences.sort()
    let interval = try #require(
      resampling.intervals(of: .bytesPerToken, model: 1).absolute)
    // 199 * 0.025 = 4.975, 199 * 0.975 = 194.025.
    #expect(
      abs(interval.lower - (0.025 * differences[4] + 0.975 * differences[5])) < 1e-12)
    #expect(
      abs(interval.upper - (0.975 * differences[194] + 0.025 * differences[195])) < 1e-12)
  }

  @Test("Groups of documents vary as single documents do")
  func groups() throws {
    let rows = Self.rows(900, seed: 1)
    var units = DocumentUnits(seed: 2, width: Self.width, limit: 300)
    for row in rows { units.add(row[...]) }
    func interval(_ rows: [Int]) -> MetricInterval? {
      Resampling(rows: rows, modelCount: 2, replicates: 500, seed: 3, threads: 2)
        .intervals(of: .bytesPerToken, model: 1).absolute
    }
    let grouped = try #require(interval(units.rows()))
    let single = try #require(interval(Array(rows.joined())))
    let ratio = (grouped.upper - grouped.lower) / (single.upper - single.lower)
    // Chance has a part in 300 groups and in 500 resamplings.
    #expect(abs(ratio - 1) < 0.25)
  }

  @Test("No document is lost in groups", arguments: [0, 1, 50, 51, 400])
  func sums(count: Int) {
    let rows = Self.rows(count, seed: 4)
    var units = DocumentUnits(seed: 2, width: Self.width, limit: 50)
    var (expected, found) = (Tally(modelCount: 2), Tally(modelCount: 2))
    for row in rows {
      units.add(row[...])
      expected.add(row[...])
    }
    let all = units.rows()
    for start in stride(from: 0, to: all.count, by: Self.width) {
      found.add(all[start..<start + Self.width])
    }
    #expect(found == expected)
    #expect(all.count == min(count, 50) * Self.width)
  }

  @Test("What has no value in any resampling has no interval")
  func nothing() {
    let resampling = Resampling(
      rows: Array(Self.rows(10, seed: 1).joined()), modelCount: 2, replicates: 50, seed: 0,
      threads: 1)
    #expect(resampling.intervals(of: .digitGrouping, model: 1).absolute == nil)
    #expect(resampling.intervals(of: .renyi, model: 1).absolute == nil)
    let none = Resampling(rows: [], modelCount: 2, replicates: 50, seed: 0, threads: 1)
    #expect(none.intervals(of: .bytesPerToken, model: 1).absolute == nil)
  }
}
