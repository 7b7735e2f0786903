import Primitives
import Testing

@testable import TokenizerComparison

@Suite("Report page")
struct ReportPageTests {
  /// All that may stand in a page.
  private static let attributes: Set<String> = [
    "html lang", "meta charset", "meta http-equiv", "meta content", "meta name", "a class",
    "a href", "a id",
    "main id", "section aria-labelledby", "h2 id", "dt id", "nav aria-label", "ul class",
    "ol class",
    "ol role", "ol aria-label", "li class", "li tabindex", "p class", "div class",
    "th scope",
    "th class", "td class", "details open", "svg class", "svg role", "svg aria-label",
    "svg viewBox",
    "rect class", "rect x", "rect y", "rect width", "rect height", "line class", "line x1",
    "line x2",
    "line y1", "line y2", "circle class", "circle cx", "circle cy", "circle r", "polyline class",
    "polyline points", "text x", "text y", "text class", "text text-anchor",
  ]

  private static func outline(_ report: ComparisonReport) throws -> HTMLOutline {
    try HTMLOutline(ReportPage(report).bytes)
  }

  @Test(
    "Whatever is foreign stays text: the page has our elements and attributes only",
    arguments: [1, 3])
  func hostile(models: Int) throws {
    let report = PageReport.report(models: models, size: 20, PageReport.hostile)
    let outline = try Self.outline(report)
    #expect(outline.attributes.subtracting(Self.attributes) == [])
    #expect(outline.elements.isDisjoint(with: ["script", "img", "b", "iframe", "object", "link"]))
    #expect(outline.values["href"]?.allSatisfy { $0.hasPrefix("#") } == true)
    #expect(outline.values["http-equiv"] == ["Content-Security-Policy"])
    #expect(outline.values["content"]?.first?.hasPrefix("default-src 'none'; ") == true)
    #expect(!outline.styleSheet.contains("url(") && !outline.styleSheet.contains("@import"))
    for text in [
      "<script>alert(1)</script>", "\\u{1B}[2J\\u{7}", "\\u{202E}abc\\u{2066}", "&lt;&amp;",
    ] {
      #expect(outline.text.contains(text), "\(text)")
    }
    #expect(
      VisibleText.message(outline.text.filter { $0 != "\n" }) == outline.text.filter { $0 != "\n" })
  }

  @Test("Equal reports make equal pages")
  func equal() {
    let pages = (0..<2).map { _ in
      ReportPage(PageReport.report(models: 2, size: 6, PageReport.hostile)).bytes
    }
    #expect(pages[0] == pages[1])
  }

  @Test("Links lead somewhere, and ids are unique")
  func links() throws {
    for size in [0, 1, 5] {
      let outline = try Self.outline(PageReport.report(models: 2, size: size, ["a", "b"]))
      let ids = outline.values["id"] ?? []
      #expect(Set(ids).count == ids.count)
      for link in outline.values["href"] ?? [] { #expect(ids.contains(String(link.dropFirst()))) }
    }
  }

  @Test(
    "A page is no larger than its limit, whatever is in the report, and says what it leaves out")
  func size() throws {
    let long = String(repeating: "<&'東\u{1B}", count: 100)
    let report = PageReport.report(models: 2, size: 205, [long, "x", long + "y"])
    #expect(ReportPage.sizeLimit == 2_000_000)
    for limit in [200_000, 80_000] {
      let page = ReportPage(report, limit: limit).bytes
      #expect(page.count < limit)
      let text = try HTMLOutline(page).text
      #expect(text.contains("would make the page too large"))
      #expect(
        text.contains("Where the difference to A lies"), "definitions stand there all the same")
    }
    #expect(try Self.outline(report).text.contains("5 more are not shown"))
  }

  @Test("Pages of an empty report, one model and of many")
  func few() throws {
    let empty = ComparisonReport(models: [], corpus: ComparedCorpus())
    #expect(try Self.outline(empty).text.contains("Tokenizers compared"))
    for models in [1, 26] {
      let outline = try Self.outline(PageReport.report(models: models, size: 2, ["a"]))
      #expect(outline.text.contains(ComparedModel.letter(models - 1) + "  a"))
    }
  }
}
