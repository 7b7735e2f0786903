import Primitives
import Tokenization
import TokenizerComparison
import TokenizerTraining

/// What a comparison on a corpus is told besides its models.
struct CorpusChoices: Sendable {
  var inputs: [[UInt8]] = []
  var reading = CorpusOptions()
  var isParallel = false
  var listsFiles = false
  var worstCount: Int?
  var failConditions: [FailCondition] = []
  var showsSpeed = false
  var replicates = 1000
  var seed: UInt64 = 0

  init() {
    reading.documents = .line
    reading.invalidUTF8 = .bytes
  }

  var details: TerminalReport.Details {
    TerminalReport.Details(files: listsFiles, samples: worstCount ?? 0)
  }

  /// Samples of a report that does not say how many are wanted.
  private static let usualSamples = 20

  func options(threads: Int) throws(Failure) -> ComparisonOptions {
    do throws(ComparisonError) {
      var options = try ComparisonOptions(
        replicates: replicates, sampleCount: worstCount ?? Self.usualSamples)
      options.seed = seed
      options.isParallel = isParallel
      options.threads = threads
      return options
    } catch {
      throw Failure(error)
    }
  }
}

extension Option where C == CompareCommand {
  /// Of a comparison on a corpus.
  static var ofCorpora: [Option] {
    [
      .list(
        "corpus", \.corpus.inputs, .path("FILE"),
        "compare on files or directories instead of texts; '-' is standard input",
        detail: "May be left out before an argument that is no tokenizer, if two stand before it."
      ).takingFollowing,
      .value(
        "documents", \.corpus.reading.documents, .documents,
        "what a document is: line, file or separator:TEXT (default line)"),
      .optional(
        "jsonl-field", \.corpus.reading.jsonlField, .jsonField,
        "field of JSONL records with the text (default text)"
      ).detailed,
      .flag(
        "parallel", \.corpus.isParallel,
        "documents of equal number in files of different languages say the same",
        detail: "Parity and Gini then compare tokens for each document, not for each byte."),
      .optional(
        "worst", \.corpus.worstCount, .number(0...ComparisonOptions.mostSamples),
        "show the N documents whose numbers of tokens differ most"),
      .flag("by-file", \.corpus.listsFiles, "a row for each file"),
      .list(
        "fail-if", \.corpus.failConditions, .failCondition,
        "end with status 1 if a model differs from A so: 'bytes/token<-1%'",
        detail:
          "Repeatable. With % the difference is a part of A's value, otherwise it has the unit of "
          + "the metric, and shares are parts of 1."),
      .flag(
        "speed", \.corpus.showsSpeed, "say on stderr how fast each model encoded",
        detail: "Encoding alone, with caches that are empty at first."),
      .value(
        "replicates", \.corpus.replicates, .number(0...ComparisonOptions.mostReplicates),
        "resamplings for the 95% intervals (default 1000; 0: none)"
      ).detailed,
      .value("seed", \.corpus.seed, .seed, "of the resamplings (default 0)").detailed,
    ]
  }
}

extension CompareCommand {
  /// Paragraphs of the long help.
  static var corpusDiscussion: [String] {
    [
      "On a corpus, values of each metric stand beside A's, with the difference to it and the interval in "
        + "which that lies for 95 of 100 resamplings of the documents (paired bootstrap). Shares differ "
        + "in percentage points (pp). \(MetricInterval.definition) The language of a file is the last part of its name that looks "
        + "like a code, as in news.de.txt, or all of its name. Where the output is no terminal, it is "
        + "a table with tabs. Metrics:"
    ] + Metric.allCases.map { "\($0.rawValue): \($0.definition)" }
  }

  /// - Throws: `UsageError.conflict`.
  func validateCorpus() throws(UsageError) {
    let isComplete = corpus.inputs.isEmpty || models.count <= Self.modelCounts.upperBound
    guard models.count >= Self.modelCounts.lowerBound, isComplete else {
      throw .conflict("compare takes two to six models, not \(models.count)")
    }
    if corpus.inputs.filter({ $0 == Array("-".utf8) }).count > 1 {
      throw .conflict("'-' is given twice, but standard input can be read only once")
    }
  }

  /// Compares on a corpus and writes what came out.
  func compareOnCorpus(_ console: Console) throws(Failure) {
    let (models, inputs) = try modelsAndInputs(console)
    let corpus = try Failure.mapping { () throws(CorpusError) in
      try Corpus(inputs: inputs, options: self.corpus.reading)
    }
    if console.terminal.style(color) == nil { console.showProgress() }
    let run = try CorpusComparison(
      models, on: corpus, options: self.corpus.options(threads: threads))
    let report = try withPage(inputs: self.models + inputs, console) { () throws(Failure) in
      try run.read(showing: console.progress)
      return try run.report()
    }
    console.endProgress()
    if !isPageAlone { try write(report, console) }
    if self.corpus.showsSpeed { for line in run.speeds(of: report) { console.note(line) } }
    try FailCondition.check(self.corpus.failConditions, report)
  }

  private func write(_ report: ComparisonReport, _ console: Console) throws(Failure) {
    if writesJSON { return try console.write(ReportJSON(report).written) }
    let details = corpus.details
    if let style = console.terminal.style(color) {
      for line in TerminalReport(report, style: style, details: details).lines {
        try console.print(line)
      }
      return
    }
    try console.print(ReportTable.header)
    for line in ReportTable(report, details: details).lines { try console.print(line) }
    // What there is to say of a model was said when it was loaded.
    for warning in report.warnings where !warning.isOfLoading {
      console.note("warning: \(warning)")
    }
  }

  /// The models, and the files behind them where `--corpus` was left out.
  private func modelsAndInputs(
    _ console: Console
  ) throws(Failure) -> (models: [NamedTokenizer], inputs: [[UInt8]]) {
    var loaded: [NamedTokenizer] = []
    for (place, path) in models.enumerated() {
      do throws(LoadingError) {
        let model = try ModelFile.loadWhole(path, patternIfNeeded: pattern, console)
        loaded.append(
          NamedTokenizer(
            name: path, tokenizer: model.tokenizer, notes: model.warnings.map(\.description)))
      } catch {
        guard corpus.inputs.isEmpty, place >= Self.modelCounts.lowerBound, error.isNoTokenizer
        else { throw Failure(error) }
        guard place <= Self.modelCounts.upperBound else { break }
        return (loaded, Array(models[place...]))
      }
    }
    if loaded.count > Self.modelCounts.upperBound {
      throw UsageError.conflict("compare takes two to six models, not \(loaded.count)").failure
    }
    if corpus.inputs.isEmpty {
      throw UsageError.conflict(
        "there is nothing to compare on; write --corpus FILE, or -- 'TEXT'"
      ).failure
    }
    return (loaded, corpus.inputs)
  }
}

extension LoadingError {
  /// Whether what lies there is something else than a tokenizer, such as text, not a broken one.
  fileprivate var isNoTokenizer: Bool {
    switch self {
    case .nothingThere, .format(.unrecognized, _): true
    case .format(_, let path): path.isRecords
    case .file, .patternNotNeeded, .patternSaidTwice: false
    }
  }
}

extension [UInt8] {
  /// Whether a name is that of a file of JSON records, which begin as a `tokenizer.json` does.
  fileprivate var isRecords: Bool {
    [".jsonl", ".ndjson"].contains { ending in
      count > ending.utf8.count && suffix(ending.utf8.count).elementsEqual(ending.utf8)
    }
  }
}
