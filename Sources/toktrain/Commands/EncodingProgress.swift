import Primitives
import TokenizerTraining

/// How far `encode` has come, on a terminal's last line.
struct EncodingProgress {
  private let line: ProgressLine?
  /// Bytes of the whole input; `nil` where nobody knows.
  private let total: Int?

  /// - Parameter line: `nil`: nobody looks.
  init(_ line: ProgressLine?, of corpus: Corpus) {
    self.line = line
    // What cannot be read will be said by who reads it.
    total = line == nil ? nil : (try? corpus.plainByteCount()) ?? nil
  }

  func report(_ figures: EncodingFigures) {
    line?.show("encoding", work: Double(figures.bytes), of: total.map(Double.init)) {
      Figures.megabytes(figures.bytes) + (total.map { " of " + Figures.megabytes($0) } ?? "")
        + ", " + Figures.counted(figures.tokens, "token")
    }
  }
}
