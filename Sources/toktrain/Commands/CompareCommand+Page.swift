import Primitives
import Tokenization
import TokenizerComparison

extension CompareCommand {
  /// Makes a report and writes its page, if one is asked for. That it can be written is found out first.
  ///
  /// - Parameter inputs: what is read meanwhile, and so cannot be the page.
  func withPage(
    inputs: [[UInt8]], _ console: Console, _ makeReport: () throws(Failure) -> ComparisonReport
  ) throws(Failure) -> ComparisonReport {
    guard let page else { return try makeReport() }
    var output = try CommandOutput(
      to: page, replaces: replacesPage, inputs: inputs, console: console)
    let report = try makeReport()
    console.endProgress()
    try output.write(ReportPage(report).bytes)
    let isStandard = output.isStandard
    try output.finish()
    if !isStandard { console.note("wrote \(VisibleText.path(page))") }
    return report
  }

  /// Whether the page has standard output for itself.
  var isPageAlone: Bool { page == Array("-".utf8) }
}

extension ComparisonReport {
  /// A report on a few texts, each of which is a document and a sample.
  init(
    of texts: [[UInt8]], _ tokenizers: [NamedTokenizer], threads: Int
  ) throws(Failure) {
    do throws(ComparisonError) {
      var options = try ComparisonOptions(
        sampleCount: min(texts.count, ComparisonOptions.mostSamples))
      options.threads = threads
      let comparison = try Comparison(of: tokenizers, options: options)
      var documents = ComparedDocuments(bytes: [], ends: [])
      for text in texts {
        documents.bytes += text
        documents.ends.append(documents.bytes.count)
      }
      try comparison.add([documents])
      self = try comparison.report()
    } catch {
      throw Failure(error)
    }
  }
}
