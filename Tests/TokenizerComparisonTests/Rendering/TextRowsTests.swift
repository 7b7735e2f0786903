import Primitives
import Testing

@testable import TokenizerComparison

@Suite("Text rows")
struct TextRowsTests {
  private static func blocks(_ alignment: TextAlignment, width: Int = 77) -> [TextRows.Block] {
    let chips = alignment.sides.map { TokenChip.chips(of: $0) }
    return TextRows(alignment, chips: chips, width: width).blocks
  }

  /// Rows as text, blocks one after the other.
  private static func rows(_ alignment: TextAlignment, width: Int = 77) -> [String] {
    blocks(alignment, width: width).flatMap { $0.map { $0.map(\.text).joined() } }
  }

  @Test("The same place of the text stands in the same column of all rows")
  func columns() {
    #expect(
      Self.rows(CutText.alignment("Token|izers| a", "Token|izer|s| a"))
        == ["Token|izer s|␣a", "Token|izer|s|␣a"])
  }

  @Test("A character that is cut shows in bytes where it is cut, and whole where it is not")
  func cutCharacters() {
    let text = Array("x東y".utf8)
    func side(_ ends: Int...) -> [SampleToken] {
      zip([0] + ends, ends).map { start, end in
        SampleToken(id: 1, bytes: [], start: start, end: end)
      }
    }
    #expect(
      Self.rows(TextAlignment(text, [side(1, 4, 5), side(1, 3, 4, 5)]))
        == ["x|東           |y", "x|\\xE6\\x9D|\\xB1|y"])
    #expect(
      Self.rows(TextAlignment(text, [side(1, 4, 5), side(1, 2, 3, 5)]))
        == ["x|東            |y", "x|\\xE6|\\x9D|\\xB1 y"])
  }

  @Test("So does a mark that is cut from its letter")
  func cutClusters() {
    #expect(
      Self.rows(CutText.alignment("e\u{301}|x", "e|\u{301}x"))
        == ["e\u{301}        |x", "e|\\u{301} x"])
  }

  @Test("Text without a token is blank")
  func gaps() {
    let text = Array("a b".utf8)
    let sides = [
      [
        SampleToken(id: 1, bytes: [], start: 0, end: 1),
        SampleToken(id: 1, bytes: [], start: 2, end: 3),
      ],
      [SampleToken(id: 1, bytes: [], start: 0, end: 3)],
    ]
    #expect(Self.rows(TextAlignment(text, sides)) == ["a| |b", "a ␣ b"])
  }

  @Test("A line ends where all have a border, if that leaves it half full; a long token goes on")
  func wrapping() {
    let alignment = CutText.alignment("aaaa|bbbb|cccc|dd|ee", "aaaa|bb|bbcc|ccddee")
    #expect(
      Self.rows(alignment, width: 16) == [
        "aaaa|bb bb|cc ", "aaaa|bb|bb cc|", "cc|dd|ee", "cc dd ee",
      ])
    let long = CutText.alignment(
      String(repeating: "x", count: 30), "x|" + String(repeating: "x", count: 29))
    #expect(
      Self.rows(long, width: 20).filter { !$0.contains("|") }.map(\.count).reduce(0, +) >= 30)
  }

  @Test("No text has no rows")
  func nothing() { #expect(Self.rows(CutText.alignment("", "")) == []) }

  @Test("Rows of any text are equally long, not too long, and have all borders of their sides")
  func properties() {
    for seed in UInt64(1)...100 {
      var random = RandomSequence(seed: seed, place: 1)
      let text = CutText.random(&random, length: 1 + Int(random.next() % 40))
      let sides = (0..<2).map { _ in CutText.randomTokens(&random, of: text) }
      let width = 20 + Int(random.next() % 60)
      let alignment = TextAlignment(text, sides)
      let chips = alignment.sides.map { TokenChip.chips(of: $0) }
      let blocks = Self.blocks(alignment, width: width)
      for block in blocks {
        let lengths = block.map { $0.reduce(0) { $0 + $1.columns } }
        #expect(Set(lengths).count == 1 && lengths[0] <= width, "seed \(seed)")
        for piece in block.joined() {
          #expect(Columns.of(piece.text) == piece.columns, "seed \(seed): \(piece)")
        }
      }
      for side in chips.indices {
        let places = Set(chips[side].flatMap { [$0.range.lowerBound, $0.range.upperBound] })
        let bars = blocks.flatMap { $0[side] }.filter { $0.chip == nil }.map(\.text).joined()
          .filter { $0 == "|" }
        #expect(bars.count == places.subtracting([0, text.count]).count, "seed \(seed)")
        let shown = Set(blocks.flatMap { $0[side] }.compactMap(\.chip))
        #expect(shown == Set(chips[side].indices), "seed \(seed)")
      }
    }
  }

  @Test("Without borders a row is the text")
  func text() {
    for seed in UInt64(1)...50 {
      var random = RandomSequence(seed: seed, place: 2)
      let text = CutText.random(&random, length: 30)
      let whole = SampleToken(id: 1, bytes: text, start: 0, end: text.count)
      let shown = VisibleText.token(text[...])
      #expect(
        Self.rows(TextAlignment(text, [[whole], [whole]]), width: 400) == [shown, shown],
        "seed \(seed)")
    }
  }
}
