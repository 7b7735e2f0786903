import Primitives
import Testing

@testable import toktrain

@Suite("Figures")
struct FiguresTests {
  @Test("Digits stand in groups of three")
  func grouped() {
    let shown = [0, 7, 999, 1000, 31_744, 1_000_000, -5, -123, -1234].map { Figures.grouped($0) }
    #expect(
      shown == ["0", "7", "999", "1,000", "31,744", "1,000,000", "-5", "-123", "-1,234"])
    #expect(Figures.grouped(UInt64.max) == "18,446,744,073,709,551,615")
  }

  @Test("Nouns agree with their number")
  func counted() {
    #expect(Figures.counted(0, "file") == "0 files")
    #expect(Figures.counted(1, "file") == "1 file")
    #expect(Figures.counted(2000, "file") == "2,000 files")
  }

  @Test("Decimals are rounded and keep their zeros")
  func decimal() {
    #expect(Figures.decimal(4.205, places: 1) == "4.2")
    #expect(Figures.decimal(4.05, places: 2) == "4.05")
    #expect(Figures.decimal(0.999, places: 2) == "1.00")
    #expect(Figures.decimal(-0.001, places: 2) == "0.00")
    #expect(Figures.decimal(-1.5, places: 1) == "-1.5")
    #expect(Figures.decimal(1234.5, places: 0) == "1,235")
    #expect(Figures.megabytes(31_457_280) == "31.5 MB")
  }

  @Test("Durations read like a clock")
  func duration() {
    #expect(ProgressLine.duration(0.2) == "0:01")
    #expect(ProgressLine.duration(7) == "0:07")
    #expect(ProgressLine.duration(750) == "12:30")
    #expect(ProgressLine.duration(3723) == "1:02:03")
    #expect(ProgressLine.duration(.infinity).isEmpty == false)
  }

  @Test("Remaining time follows the pace so far and is silent at first")
  func remaining() throws {
    let start = ContinuousClock.now
    let estimate = RemainingTime(start: start)
    #expect(estimate.seconds(work: 10, of: 100, at: start + .milliseconds(100)) == nil)
    #expect(estimate.seconds(work: 0, of: 100, at: start + .seconds(2)) == nil)
    let left = try #require(estimate.seconds(work: 25, of: 100, at: start + .seconds(2)))
    #expect(abs(left - 6) < 1e-6)
    #expect(estimate.seconds(work: 110, of: 100, at: start + .seconds(2)) == 0)
  }
}
