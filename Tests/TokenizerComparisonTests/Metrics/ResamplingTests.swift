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
    for (number, row) in rows.enumerated() { units.add(row[...], to: number) }
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
    for (number, row) in rows.enumerated() {
      units.add(row[...], to: number)
      expected.add(row[...])
    }
    let all = units.rows()
    for start in stride(from: 0, to: all.count, by: Self.width) {
      found.add(all[start..<start + Self.width])
    }
    #expect(found == expected)
    #expect(all.count == min(count, 50) * Self.width)
  }

  @Test("Shared borders have an interval of their value, since they are about a difference already")
  func pairs() throws {
    let rows = [(1, 2), (3, 4), (0, 5)].map { shared, either in
      var tally = Tally(modelCount: 2)
      tally[.documents] = 1
      tally[.sharedBorders, of: 1] = shared
      tally[.eitherBorders, of: 1] = either
      return tally.counts
    }
    let resampling = Resampling(
      rows: Array(rows.joined()), modelCount: 2, replicates: 3000, seed: 1, threads: 2)
    let interval = try #require(resampling.interval(of: .boundaryAgreement, model: 1))
    // All drawn thrice: the third, or the second, each in one of 27.
    #expect(interval.lower == 0)
    #expect(interval.upper == 3.0 / 4)
    #expect(resampling.interval(of: .boundaryAgreement, model: 0) == nil)
    #expect(resampling.intervals(of: .boundaryAgreement, model: 1).absolute == nil)
  }

  @Test("Numbers of tokens vary as means do, though groups have not all as many documents")
  func totals() throws {
    // All documents are equal; groups of one and of two are not.
    var tally = Tally(modelCount: 2)
    tally[.documents] = 1
    tally[.tokens, of: 0] = 5
    tally[.tokens, of: 1] = 3
    let rows = tally.counts + tally.counts.map { 2 * $0 }
    let resampling = Resampling(
      rows: rows, modelCount: 2, replicates: 20, seed: 1, threads: 1)
    let interval = try #require(resampling.intervals(of: .tokens, model: 1).absolute)
    #expect(abs(interval.lower + 6) < 1e-12 && abs(interval.upper + 6) < 1e-12)
  }

  @Test("What has no value in any resampling has no interval")
  func nothing() {
    let resampling = Resampling(
      rows: Array(Self.rows(10, seed: 1).joined()), modelCount: 2, replicates: 50, seed: 0,
      threads: 1)
    #expect(resampling.intervals(of: .digitGrouping, model: 1).absolute == nil)
    #expect(resampling.intervals(of: .renyi, model: 1).absolute == nil)
    #expect(resampling.intervals(of: .languageGini, model: 1).absolute == nil)
    let none = Resampling(rows: [], modelCount: 2, replicates: 50, seed: 0, threads: 1)
    #expect(none.intervals(of: .bytesPerToken, model: 1).absolute == nil)
  }
}
