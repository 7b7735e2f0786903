/// The normalization steps of one encoder, with their caches and the text after each.
final class NormalizationChain {
  fileprivate final class Step {
    var normalizer: UnicodeNormalizer
    var result = NormalizedText()
    /// Whether the last text came through as it was, and `result` is empty.
    var isIdentity = true

    init(_ form: NormalizationForm) { normalizer = UnicodeNormalizer(form) }
  }

  private let steps: [Step]

  init(_ forms: [NormalizationForm]) { steps = forms.map { Step($0) } }

  /// Calls `body` with the text after all steps: the text itself where they change nothing.
  /// `isPadded`: 16 bytes more may be read.
  func normalize<Failure: Error>(
    _ text: UnsafeBufferPointer<UInt8>, recordingEdits: Bool,
    _ body: (_ text: UnsafeBufferPointer<UInt8>, _ isPadded: Bool) throws(Failure) -> Void
  ) throws(Failure) {
    try apply(steps[...], to: text, isPadded: false, recordingEdits, body)
  }

  private func apply<Failure: Error>(
    _ rest: ArraySlice<Step>, to text: UnsafeBufferPointer<UInt8>, isPadded: Bool,
    _ recordingEdits: Bool,
    _ body: (_ text: UnsafeBufferPointer<UInt8>, _ isPadded: Bool) throws(Failure) -> Void
  ) throws(Failure) {
    guard let step = rest.first, let start = text.baseAddress else {
      return try body(text, isPadded)
    }
    step.isIdentity = step.normalizer.normalize(
      start, count: text.count, into: &step.result, recordingEdits: recordingEdits)
    if step.isIdentity {
      return try apply(rest.dropFirst(), to: text, isPadded: isPadded, recordingEdits, body)
    }
    try step.result.withBytes { (result) throws(Failure) in
      try apply(rest.dropFirst(), to: result, isPadded: true, recordingEdits, body)
    }
  }

  /// Maps an ascending sequence of ranges of the last normalized text back to its source.
  struct SourceMap {
    fileprivate let steps: [Step]
    fileprivate var cursors: [SourceCursor]

    mutating func sourceRange(of range: Range<Int>) -> Range<Int> {
      var range = range
      for index in steps.indices.reversed() where !steps[index].isIdentity {
        range = steps[index].result.sourceRange(of: range, from: &cursors[index])
      }
      return range
    }
  }

  /// For the text of the last call with recorded edits, during its `body` only.
  func sourceMap() -> SourceMap {
    SourceMap(steps: steps, cursors: steps.map { _ in SourceCursor() })
  }
}
