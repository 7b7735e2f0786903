import Primitives

/// What each language costs.
struct LanguageSection {
  let page: ReportPage

  /// Languages that the chart shows; the table has more.
  private static let chartLimit = 40

  func write(to html: inout HTMLWriter) {
    let languages = page.report.languages
    let chart = BarChart(
      title: "Bytes for each token, by language",
      rows: languages.prefix(Self.chartLimit).map { language in
        BarChart.Row(
          name: Columns.cut(VisibleText.path(language.name), to: 18),
          bars: language.bytesPerToken.enumerated().map { model, value in
            BarChart.Bar(
              value: value, series: model,
              label:
                "\(page.letter(model)) \(value.map { Figures.decimal($0, places: 2) } ?? MetricText.none)"
            )
          })
      })
    html.element(.figure) { html in
      chart.write(to: &html)
      html.element(
        .figcaption, [],
        "Bytes for each token by language and model: longer bars mean fewer tokens for the same text."
      )
    }
    page.writeGroups(languages, called: "Language", to: &html)
  }
}
