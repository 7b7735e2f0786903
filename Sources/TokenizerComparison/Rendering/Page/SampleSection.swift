import Primitives
import Tokenization

/// The documents that differ most, token by token.
struct SampleSection {
  let page: ReportPage

  /// Samples that are open when the page opens.
  private static let openCount = 3
  /// Tokens of a sample, for each model.
  private static let tokenLimit = 2000

  /// For what stands around the samples.
  private static let reserve = 2000

  private var report: ComparisonReport { page.report }

  /// - Parameter room: bytes that may be written.
  func write(to html: inout HTMLWriter, room: Int) {
    html.element(
      .p, [.style(.note)],
      "The documents whose numbers of tokens differ most come first. A piece that is not in every model is "
        + "underlined, an unknown one hatched; color depends on the text of a piece alone. Point at a piece "
        + "or move to it with the tab key for its id, place and bytes.")
    let start = html.bytes.count
    for (place, sample) in report.samples.enumerated() {
      var part = HTMLWriter()
      write(sample, isOpen: place < Self.openCount, to: &part)
      if html.bytes.count - start + part.bytes.count > room - Self.reserve {
        html.element(
          .p, [.style(.note)],
          "\(Figures.counted(report.samples.count - place, "more sample")) would make the page too large."
        )
        return
      }
      html.append(part)
    }
  }

  private func write(_ sample: ComparisonSample, isOpen: Bool, to html: inout HTMLWriter) {
    let alignment = TextAlignment(sample.text, sample.tokens)
    html.element(.details, isOpen ? [.open] : []) { html in
      html.element(.summary) { html in
        if report.files.indices.contains(sample.file), !report.files[sample.file].name.isEmpty {
          html.foreign(ReportPage.name(report.files[sample.file].name))
          html.text(", ")
        }
        html.text("document \(Figures.grouped(sample.number)): ")
        html.text(
          sample.tokenCounts.enumerated().map {
            "\(page.letter($0)) \(Figures.counted($1, "token"))"
          }.joined(separator: ", "))
        if sample.isCut {
          html.text(
            "; the first \(Figures.grouped(sample.text.count)) of "
              + "\(Figures.counted(sample.byteCount, "byte"))")
        }
      }
      for side in alignment.sides.indices { write(side, of: alignment, to: &html) }
    }
  }

  private func write(_ side: Int, of alignment: TextAlignment, to html: inout HTMLWriter) {
    let tokens = alignment.sides[side]
    html.element(.p, [.style(.side)], page.letter(side))
    html.element(
      .ol, [.style(.chips), .role(.list), .label("Tokens of \(page.letter(side))")]
    ) { html in
      var end = 0
      for token in tokens.prefix(Self.tokenLimit) {
        // Its own text, unless another piece has shown it or there is none.
        let isPlaced = token.start >= end && !token.range.isEmpty
        let shown = isPlaced ? alignment.text(of: token) : token.bytes[...]
        let mark: Mark? =
          report.models[side].unknownID == token.id
          ? .unknown : alignment.isShared(token) ? nil : .notEverywhere
        write(token, shown, mark, to: &html)
        end = max(end, token.range.upperBound)
      }
    }
    if tokens.count > Self.tokenLimit {
      html.element(
        .p, [.style(.note)],
        "\(Figures.counted(tokens.count - Self.tokenLimit, "token")) more are not shown.")
    }
  }

  /// How a piece differs.
  private enum Mark {
    case notEverywhere, unknown

    var style: HTMLClass {
      switch self {
      case .notEverywhere: .own
      case .unknown: .unknown
      }
    }

    var words: String {
      switch self {
      case .notEverywhere: "; not in every model"
      case .unknown: "; has no token, and becomes the unknown one"
      }
    }
  }

  private func write(
    _ token: SampleToken, _ shown: ArraySlice<UInt8>, _ mark: Mark?, to html: inout HTMLWriter
  ) {
    let styles: [HTMLClass] = [.token(ChipColor.of(shown))] + (mark.map { [$0.style] } ?? [])
    html.element(.li, [.styles(styles), .focusable]) { html in
      html.foreign(Columns.cut(VisibleText.token(shown), to: 400))
      let bytes = Columns.cut(Hexadecimal.text(token.bytes), to: 100)
      html.element(
        .span, [],
        "id \(token.id), bytes \(token.start)–\(token.end): \(bytes)\(mark?.words ?? "")")
    }
  }
}
