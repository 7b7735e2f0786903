import Primitives
import Testing

@testable import TokenizerComparison

@Suite("Text alignment")
struct TextAlignmentTests {
  @Test("Boundaries and spans of an example counted by hand")
  func example() {
    let alignment = CutText.alignment(
      "Token|izers| aren|'t| na|ï|ve|:| |123|45| 東|京",
      "Token|izer|s| aren't| na|ïve|:| |12|345| |東京")
    let agreement = alignment.agreement(0, 1)
    #expect(agreement.sharedBoundaries == 8)
    #expect(agreement.allBoundaries == 15)
    #expect(agreement.sharedSpans == 4)
    #expect(agreement.allSpans == 21)
    #expect(agreement.boundaryShare == 8.0 / 15)
    #expect(alignment.agreement(1, 1).boundaryShare == 1)
  }

  @Test("Where nothing is cut, nothing is shared")
  func whole() {
    let alignment = CutText.alignment("word", "word")
    #expect(alignment.agreement(0, 1).boundaryShare == nil)
    #expect(alignment.agreement(0, 1).spanShare == 1)
    #expect(CutText.alignment("", "").agreement(0, 1).spanShare == nil)
  }

  @Test("A token is shared if every side has its span")
  func shared() {
    let alignment = CutText.alignment("ab|c|d", "ab|cd", "ab|c|d")
    #expect(alignment.sides[0].map(alignment.isShared) == [true, false, false])
    let empty = SampleToken(id: 1, bytes: [0x20], start: 2, end: 2)
    #expect(!alignment.isShared(empty))
  }

  @Test("What reaches over the end of the text is cut there")
  func outside() {
    let token = SampleToken(id: 1, bytes: [], start: -3, end: .max)
    let alignment = TextAlignment(
      [1, 2], [[token], [SampleToken(id: 1, bytes: [], start: 9, end: 3)]])
    #expect(alignment.sides[0][0].range == 0..<2)
    #expect(alignment.sides[1][0].range == 2..<2)
  }

  @Test("Common borders are those that no token reaches over")
  func commonBorders() {
    for seed in UInt64(1)...200 {
      var random = RandomSequence(seed: seed, place: 0)
      let text = CutText.random(&random, length: 20)
      let sides = (0..<3).map { _ in CutText.randomTokens(&random, of: text) }
      let alignment = TextAlignment(text, sides)
      let expected = alignment.borders.filter { border in
        sides.joined().allSatisfy { !($0.start < border && border < $0.end) }
      }
      #expect(alignment.commonBorders == expected, "seed \(seed)")
    }
  }
}
