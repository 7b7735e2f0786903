import Primitives
import TokenizerComparison
import TokenizerTraining

/// Takes a comparison through the files of a corpus.
final class CorpusComparison {
  private let comparison: Comparison
  private let corpora: [Corpus]
  /// Bytes of all of it; `nil` where nobody knows.
  private let total: Int?
  private var waiting: [ComparedDocuments] = []
  private var done = 0

  init(
    _ models: [NamedTokenizer], on corpus: Corpus, options: ComparisonOptions
  ) throws(Failure) {
    corpora = corpus.apart
    // What cannot be read will be said by who reads it.
    total = (try? corpus.plainByteCount()) ?? nil
    do throws(ComparisonError) {
      comparison = try Comparison(
        of: models, files: corpora.map { ComparedFile(name: $0.sourcePath) }, options: options)
    } catch {
      throw Failure(error)
    }
  }

  func read(showing line: ProgressLine?) throws(Failure) {
    for (file, corpus) in corpora.enumerated() {
      let reader = DocumentReader(corpus)
      while let batch = try Failure.mapping({ () throws(CorpusError) in try reader.nextBatch() }) {
        waiting.append(ComparedDocuments(bytes: batch.bytes, ends: batch.ends, file: file))
        if waiting.count == comparison.width { try measure(showing: line) }
      }
    }
    try measure(showing: line)
  }

  private func measure(showing line: ProgressLine?) throws(Failure) {
    do throws(ComparisonError) {
      try comparison.add(waiting)
    } catch {
      throw Failure(error)
    }
    done += waiting.reduce(0) { $0 + $1.bytes.count }
    waiting.removeAll()
    line?.show("comparing", work: Double(done), of: total.map(Double.init)) {
      Figures.megabytes(done) + (total.map { " of " + Figures.megabytes($0) } ?? "")
    }
  }

  func report() throws(Failure) -> ComparisonReport {
    do throws(ComparisonError) {
      return try comparison.report()
    } catch {
      throw Failure(error)
    }
  }

  /// A line for each model.
  func speeds(of report: ComparisonReport) -> [String] {
    comparison.speeds.enumerated().map { place, speed in
      let rate =
        speed.seconds > 0
        ? Figures.megabytes(Int(Double(speed.bytes) / speed.seconds)) + "/s for each thread"
        : "too little text to tell"
      return "speed of \(ComparedModel.letter(place)): \(rate)"
    }
  }
}
