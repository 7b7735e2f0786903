import Foundation
import Primitives
import Testing
import Tokenization

@testable import TokenizerComparison

@Suite("Report on a terminal")
struct TerminalReportTests {
  private func lines(
    _ report: ComparisonReport, width: Int = 80,
    _ details: TerminalReport.Details = TerminalReport.Details(files: true, samples: 5)
  ) -> [String] {
    TerminalReport(report, style: TerminalStyle(width: width), details: details).lines
  }

  @Test("A metric is a row with the values, the difference and its interval")
  func metrics() throws {
    let report = try SmallModels.report(ComparisonTests.models, ComparisonTests.texts)
    let lines = lines(report)
    #expect(lines[0] == "A  model 0: BPE, 256 tokens")
    #expect(lines[2] == "on 1 file, 2 documents, 0.0 MB, 3 words")
    let cells = lines.filter { $0.hasPrefix("bytes/token ") || $0.hasPrefix("whole-words ") }
      .map { $0.split(separator: " ").joined(separator: " ") }
    #expect(cells[0].hasPrefix("bytes/token 1.000 1.571 +57.14% ["))
    #expect(cells[1].hasPrefix("whole-words 0.00% 66.67% +66.67 pp ["))
    #expect(lines.contains("note: 2 documents only: the intervals say little"))
    // Not a value in the whole row.
    #expect(!lines.contains { $0.hasPrefix("language-gini") })
  }

  @Test("What is rounded looks neither like nothing nor like all")
  func rounding() {
    #expect(MetricText.value(0, of: .unknown) == "0.00%")
    #expect(MetricText.value(0.000_01, of: .unknown) == "<0.01%")
    #expect(MetricText.value(0.999_99, of: .roundTrip) == ">99.99%")
    #expect(MetricText.value(1, of: .roundTrip) == "100.00%")
    #expect(MetricText.value(1234, of: .tokens) == "1,234")
    #expect(MetricText.value(nil, of: .tokens) == "-")
    #expect(
      MetricText.difference(MetricDifference(absolute: 1, relative: nil), of: .bytesPerToken) == "-"
    )
    #expect(
      MetricText.difference(MetricDifference(absolute: -0.5, relative: nil), of: .unknown)
        == "-50.00 pp")
  }

  @Test("Whatever names and texts are, lines fit and hold nothing that a terminal acts on")
  func hostile() throws {
    let hostile = Array("\u{1B}]0;x\u{7}\u{202E}<b>&\t東京\u{9B}=1\n".utf8) + [0xFF]
    let long = Array(repeatElement(hostile, count: 30).joined())
    let files = [
      (String(decoding: long, as: UTF8.self) + ".de", [hostile, long]), ("b.en", [hostile]),
    ]
    var report = try SmallModels.report(ComparisonTests.models, files: files)
    report.models[0].name = long
    for width in [50, 80, 200] {
      for line in lines(report, width: width) {
        #expect(Columns.of(line) <= width)
        #expect(line.unicodeScalars.allSatisfy { $0 == " " || !$0.properties.isWhitespace })
        #expect(
          !line.unicodeScalars.contains {
            [.control, .format].contains($0.properties.generalCategory)
          })
      }
    }
    for line in ReportTable(report, details: .init(files: true, samples: 5)).lines {
      #expect(line.split(separator: "\t", omittingEmptySubsequences: false).count == 12)
      #expect(
        line.unicodeScalars.allSatisfy { $0 == "\t" || $0.properties.generalCategory != .control })
    }
  }

  @Test("JSON has all of a report, whatever names and texts are")
  func json() throws {
    let files = [
      ("\u{1B}\"\\</script>.de", [Array("ab \u{202E}".utf8) + [0xFF]]), ("b.en", [[0x61]]),
    ]
    let report = try SmallModels.report(ComparisonTests.models, files: files)
    let parsed = try JSONSerialization.jsonObject(with: Data(ReportJSON(report).written))
    let root = try #require(parsed as? [String: Any])
    #expect(root["schema"] as? String == "toktrain/compare/1")
    #expect((root["metrics"] as? [[String: Any]])?.count == Metric.allCases.count)
    let samples = try #require(root["samples"] as? [[String: Any]])
    #expect(samples[0]["text"] as? String == "ab \u{202E}\u{FFFD}")
  }
}
