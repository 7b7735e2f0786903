import Primitives

/// A report as one page: no script, nothing that is loaded, the same bytes for the same report.
///
/// All that is foreign in it (tokens, texts, names) shows as `VisibleText` has it, and goes through
/// `HTMLWriter`.
public struct ReportPage {
  /// Most bytes of a page; what does not fit is left out, and that is said.
  public static let sizeLimit = 2_000_000
  /// Rows of a table that grows with the corpus.
  private static let rowLimit = 200
  /// What definitions and the end of the page need at most.
  private static let reserve = 20_000

  let report: ComparisonReport
  private let limit: Int

  public init(_ report: ComparisonReport) {
    self.init(report, limit: Self.sizeLimit)
  }

  init(_ report: ComparisonReport, limit: Int) {
    self.report = report
    self.limit = limit
  }

  /// The page, UTF-8.
  public var bytes: [UInt8] {
    var html = HTMLWriter()
    html.documentType()
    html.element(.html, [.language]) { html in
      html.element(.head) { html in
        html.metadata()
        html.element(.title, [], "Tokenizers compared: " + names.joined(separator: ", "))
        html.styleSheet(StyleSheet.text)
      }
      html.element(.body) { html in
        html.element(.a, [.style(.skip), .link(.main)], "Skip to the numbers")
        writeHeader(to: &html)
        html.element(.main, [.id(.main)]) { html in writeSections(to: &html) }
        writeFooter(to: &html)
      }
    }
    return html.bytes
  }

  /// What letters stand for.
  func letter(_ model: Int) -> String { ComparedModel.letter(model) }

  private var names: [String] { report.models.map { Self.name($0.name) } }

  static func name(_ bytes: [UInt8]) -> String { Columns.cut(VisibleText.path(bytes), to: 120) }

  // MARK: - Around

  private var sections: [(anchor: PageAnchor, title: String)] {
    var sections: [(PageAnchor, String)] = []
    if !report.warnings.isEmpty { sections.append((.warnings, "To know first")) }
    sections.append((.summary, "Summary"))
    if !report.languages.isEmpty { sections.append((.languages, "Languages")) }
    if report.files.count > 1 { sections.append((.files, "Files")) }
    sections.append((.vocabulary, "Vocabularies"))
    if !report.samples.isEmpty { sections.append((.samples, "Samples")) }
    sections.append((.definitions, "Definitions"))
    return sections
  }

  private func writeHeader(to html: inout HTMLWriter) {
    html.element(.header) { html in
      html.element(.h1, [], "Tokenizers compared")
      html.element(.ul, [.style(.models)]) { html in
        for (place, model) in report.models.enumerated() {
          html.element(.li) { html in
            html.text(letter(place) + "  ")
            html.foreign(Self.name(model.name))
            html.text(
              ": \(model.family), \(Figures.counted(model.tokenCount, "token")), vocabulary ")
            html.element(.code, [], model.vocabularyFingerprint)
          }
        }
      }
      let corpus = report.corpus
      html.element(
        .p, [],
        "Compared on \(Figures.counted(corpus.documents, "document")) with "
          + "\(Figures.counted(corpus.bytes, "byte")), \(Figures.counted(corpus.characters, "character")) "
          + "and \(Figures.counted(corpus.words, "word"))"
          + (corpus.isParallel ? "; the files say the same in different languages." : "."))
      html.element(.nav, [.label("Sections")]) { html in
        html.element(.ul) { html in
          for (anchor, title) in sections {
            html.element(.li) { $0.element(.a, [.link(anchor)], title) }
          }
        }
      }
    }
  }

  private func writeSections(to html: inout HTMLWriter) {
    for (anchor, title) in sections {
      let room = limit - html.bytes.count - Self.reserve
      var part = section(anchor, title, room: room)
      if part.bytes.count > room && anchor.mayGrow {
        part = HTMLWriter()
        part.element(.section, [.labelledBy(anchor)]) { html in
          html.element(.h2, [.id(anchor)], title)
          html.element(.p, [.style(.note)], "This would make the page too large.")
        }
      }
      html.append(part)
    }
  }

  private func section(_ anchor: PageAnchor, _ title: String, room: Int) -> HTMLWriter {
    var part = HTMLWriter()
    part.element(.section, [.labelledBy(anchor)]) { html in
      html.element(.h2, [.id(anchor)], title)
      switch anchor {
      case .warnings: writeWarnings(to: &html)
      case .summary: SummarySection(page: self).write(to: &html)
      case .languages: LanguageSection(page: self).write(to: &html)
      case .files: writeGroups(report.files, called: "File", to: &html)
      case .vocabulary: VocabularySection(page: self).write(to: &html)
      case .samples: SampleSection(page: self).write(to: &html, room: room)
      case .definitions: writeDefinitions(to: &html)
      case .main, .definition: break
      }
    }
    return part
  }

  private func writeWarnings(to html: inout HTMLWriter) {
    html.element(.ul) { html in
      for warning in report.warnings.prefix(Self.rowLimit) {
        html.element(.li, [], VisibleText.message("\(warning)"))
      }
    }
  }

  private func writeDefinitions(to html: inout HTMLWriter) {
    html.element(.dl) { html in
      for row in report.metrics {
        html.element(.dt, [.id(.definition(row.metric))], row.metric.rawValue)
        html.element(.dd, [], row.metric.definition)
      }
      html.element(.dt, [], "Difference to A")
      html.element(
        .dd, [],
        "Of shares in percentage points (pp), of all other metrics as a part of A's value.")
      html.element(.dt, [], "95% interval")
      html.element(
        .dd, [],
        "Where the difference to A lies in 95 of 100 resamplings of the documents, the same ones for both "
          + "models (paired bootstrap, percentiles)\(resampling). Where 0 is outside, other documents of "
          + "the same kind would hardly turn the difference around. \(MetricInterval.definition)")
      html.element(.dt, [], "Better")
      html.element(
        .dd, [],
        "Which way a number is usually wanted. No metric here is known to say how well a model learns with "
          + "a tokenizer, and none is weighed against another.")
    }
  }

  private var resampling: String {
    let settings = report.resampling
    guard settings.replicates > 0 else { return "" }
    return ": \(Figures.grouped(settings.replicates)) of them, seed \(settings.seed), drawn from "
      + "\(Figures.counted(settings.units, "unit")), of Rényi and Shannon efficiency from "
      + "\(Figures.grouped(settings.tokenUnits))"
  }

  private func writeFooter(to html: inout HTMLWriter) {
    let versions = report.versions
    html.element(.footer) { html in
      html.element(.p) { html in
        html.text("toktrain \(versions.toolkit), ICU \(versions.icu) with Unicode ")
        html.text(
          "\(versions.icuUnicode), patterns by Unicode \(versions.patternUnicode); documents ")
        html.element(.code, [], report.corpus.fingerprint)
      }
    }
  }

  // MARK: - Tables

  /// Parts of the corpus, a row each.
  func writeGroups(_ groups: [TextGroup], called noun: String, to html: inout HTMLWriter) {
    let hasParity = groups.contains { $0.parity.contains { $0 != nil } }
    let models = report.models.indices
    html.element(.div, [.style(.scroll)]) { html in
      html.element(.table) { html in
        html.element(
          .caption, [],
          "Bytes for each token, and tokens for each word"
            + (hasParity ? "; parity: the cost beside that of the language of comparison" : ""))
        html.element(.thead) { html in
          html.element(.tr) { html in
            html.element(.th, [.scope(.column)], noun)
            for title in ["Documents", "Bytes"]
              + models.map({ "Bytes/token \(letter($0))" })
              + models.map({ "Tokens/word \(letter($0))" })
              + (hasParity ? models.map { "Parity \(letter($0))" } : [])
            { html.element(.th, [.scope(.column), .style(.number)], title) }
          }
        }
        html.element(.tbody) { html in
          for group in groups.prefix(Self.rowLimit) {
            html.element(.tr) { html in
              html.element(.th, [.scope(.row)]) { html in
                html.foreign(Self.name(group.name))
                if group.isReference { html.text(" (of comparison)") }
              }
              let values =
                group.bytesPerToken + group.tokensPerWord + (hasParity ? group.parity : [])
              for text in [Figures.grouped(group.documents), Figures.grouped(group.bytes)]
                + values.map({ $0.map { Figures.decimal($0, places: 3) } ?? MetricText.none })
              { html.element(.td, [.style(.number)], text) }
            }
          }
        }
      }
    }
    if groups.count > Self.rowLimit {
      html.element(
        .p, [.style(.note)],
        "\(Figures.grouped(groups.count - Self.rowLimit)) more are not shown.")
    }
  }
}

extension PageAnchor {
  /// Whether the section depends on the corpus in its size.
  fileprivate var mayGrow: Bool {
    switch self {
    case .warnings, .languages, .files, .vocabulary, .samples: true
    case .summary, .definitions, .main, .definition: false
    }
  }
}
