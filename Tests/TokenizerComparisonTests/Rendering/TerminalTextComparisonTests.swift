import Primitives
import Testing
import Tokenization

@testable import TokenizerComparison

@Suite("A compared text on a terminal")
struct TerminalTextComparisonTests {
  private static func comparison(
    _ text: [UInt8], _ sides: [[SampleToken]], names: [String] = ["one", "two"],
    unknownID: TokenID? = nil
  ) -> TextComparison {
    TextComparison(
      text,
      models: names.map {
        ComparedModel(
          name: Array($0.utf8), family: "BPE", tokenCount: 1000, vocabularyFingerprint: "",
          unknownID: unknownID)
      },
      results: sides.map { TokenizedText(tokens: $0, comesBack: true) })
  }

  private static func lines(
    _ comparison: TextComparison, width: Int = 80, hasColor: Bool = false,
    _ listing: TerminalTextComparison.Listing = TerminalTextComparison.Listing()
  ) -> [String] {
    TerminalTextComparison(
      comparison, style: TerminalStyle(width: width, hasColor: hasColor), listing: listing
    ).lines
  }

  /// A terminal's text without the style's own sequences.
  private static func plain(_ line: String) -> String {
    var plain = String.UnicodeScalarView()
    var rest = line.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar == "\u{1B}", let end = rest.firstIndex(of: "m"), isOwn(rest[..<end]) {
        rest = rest[end...].dropFirst()
      } else {
        plain.append(scalar)
      }
    }
    return String(plain)
  }

  private static func isOwn(_ sequence: Substring.UnicodeScalarView) -> Bool {
    let text = String(sequence)
    return text == "[0" || text.hasPrefix("[38;5;16;48;5;") || text.hasPrefix("[4;38;5;16;48;5;")
  }

  @Test("Figures, rows, marks and what they mean")
  func whole() {
    let text = Array("abcd ef".utf8)
    let comparison = Self.comparison(
      text, [CutText.tokens("ab|cd| |ef"), CutText.tokens("ab|cd ef")], unknownID: 3)
    #expect(
      Self.lines(comparison) == [
        "A  one: BPE, 1,000 tokens",
        "B  two: BPE, 1,000 tokens",
        "",
        "                          A                B",
        "tokens                    4                2",
        "  against A                      -2 (-50.0%)",
        "bytes/token            1.75             3.50",
        "  against A                  +1.75 (+100.0%)",
        "decodes to the text     yes              yes",
        "borders shared with A                 1 of 3",
        "pieces shared with A                  1 of 5",
        "",
        "A  ab|cd|␣|ef",
        "      ^^ ^ ??",
        "B  ab|cd ␣ ef",
        "      ^^^^^^^",
        "",
        "| border   blank in a piece: only another model has a border there",
        "^ not a piece of every model",
        "? has no token, and becomes the unknown one",
      ])
  }

  @Test("Lists name ids, places and bytes, between borders that all share")
  func list() {
    let comparison = Self.comparison(
      Array("abcd".utf8), [CutText.tokens("a|bc|d"), CutText.tokens("a|b|cd")])
    let lines = Self.lines(
      comparison, TerminalTextComparison.Listing(ids: true, offsets: true, bytes: true))
    let list = lines.drop { !$0.hasPrefix("A   0-1") }.prefix { !$0.isEmpty }
    #expect(
      Array(list) == [
        "A   0-1  0  61     a", "B   0-1  0  61     a", "A^  1-3  1  62 63  bc",
        "A^  3-4  2  64     d", "B^  1-2  1  62     b", "B^  2-4  2  63 64  cd",
      ])
  }

  @Test("Text from right to left is a list, which looks the same on every terminal")
  func rightToLeft() {
    let text = "ab|של|ום"
    let lines = Self.lines(
      Self.comparison(
        Array("abשלום".utf8), [CutText.tokens(text), CutText.tokens("ab|שלום")]))
    #expect(lines.contains("A^  2-6   של"))
    #expect(lines.contains("B^  2-10  שלום"))
    #expect(!lines.contains { $0.contains("|") })
  }

  @Test("Colors depend on the bytes of a piece alone, and take nothing away without them")
  func colors() {
    let comparison = Self.comparison(
      Array("abcab".utf8), [CutText.tokens("ab|c|ab"), CutText.tokens("ab|cab")])
    let colored = Self.lines(comparison, hasColor: true)
    #expect(colored.map(Self.plain) == Self.lines(comparison))
    let row = colored.first { Self.plain($0) == "A  ab|c|ab" } ?? ""
    let backgrounds = row.matches(of: #/48;5;(\d+)m([a-c]+)/#).map { ($0.1, $0.2) }
    #expect(backgrounds.count == 3)
    #expect(backgrounds[0] == backgrounds[2])
    #expect(row.contains("\u{1B}[4;38;5;16;48;5;"), "what is not shared is underlined")
    #expect(!row.hasPrefix("A  \u{1B}[4;"), "what is shared is not")
  }

  @Test("Whatever the text and the names are, lines fit and hold nothing that a terminal acts on")
  func hostile() {
    let names = ["\u{1B}]0;x\u{7}" + String(repeating: "n", count: 300), "\u{202E}cba\n"]
    for seed in UInt64(1)...40 {
      var random = RandomSequence(seed: seed, place: 3)
      let text = CutText.random(&random, length: 1 + Int(random.next() % 40))
      let sides = (0..<2).map { _ in CutText.randomTokens(&random, of: text) }
      let comparison = Self.comparison(text, sides, names: names)
      for hasColor in [false, true] {
        let width = 50 + Int(random.next() % 90)
        for line in Self.lines(
          comparison, width: width, hasColor: hasColor,
          TerminalTextComparison.Listing(ids: true, offsets: true, bytes: true))
        {
          let plain = Self.plain(line)
          #expect(Columns.of(plain) <= width, "seed \(seed): \(plain)")
          #expect(VisibleText.message(plain) == plain, "seed \(seed)")
        }
      }
    }
  }
}

@Suite("Tables")
struct TableTests {
  @Test("Columns for which there is no room stand below the others")
  func narrow() {
    let table = TerminalTable(
      header: ["", "A", "B", "C"], rows: [["x", "100", "2"], ["longer", "", "", "3"]])
    #expect(
      table.lines(width: 80) == [
        "          A  B  C", "x       100  2", "longer          3",
      ])
    #expect(
      table.lines(width: 12) == [
        "          A", "x       100", "longer", "", "        B  C", "x       2", "longer     3",
      ])
  }

  @Test("Fields with tabs; a formula is none any more")
  func fields() {
    #expect(TabSeparated.field(Array("=1+1".utf8)) == "\\u{3D}1+1")
    #expect(TabSeparated.field(Array("@x\t\n".utf8)) == "\\u{40}x\\t\\n")
    #expect(TabSeparated.field(Array(" a-b".utf8)) == " a-b")
    #expect(TabSeparated.field([0x2D, 0xFF]) == "\\u{2D}\\xFF")
    #expect(TabSeparated.field([]) == "")
  }
}
