/// Applies a normalizer to one text after another; one for each thread, since it owns caches and
/// the text after each step.
public final class NormalizationChain {
  private let stages: [NormalizationStage]

  public init(_ normalizer: CompiledNormalizer) {
    stages = normalizer.steps.map { NormalizationStage($0) }
  }

  /// Calls `body` with the text after all steps: the text itself, or a part of it, where they change
  /// nothing. `isPadded`: 16 bytes more may be read.
  ///
  /// A text that does not start or end its document begins or ends where the normalizer says that a
  /// document may be cut. Bytes that are not UTF-8 pass as they are.
  /// - Complexity: O(*n*) a step, also for marks in the worst order.
  public func normalize<Failure: Error>(
    _ text: UnsafeBufferPointer<UInt8>, startsDocument: Bool = true, endsDocument: Bool = true,
    recordingEdits: Bool,
    _ body: (_ text: UnsafeBufferPointer<UInt8>, _ isPadded: Bool) throws(Failure) -> Void
  ) throws(Failure) {
    let edges = DocumentEdges(start: startsDocument, end: endsDocument)
    try apply(stages[...], to: text, isPadded: false, edges, recordingEdits, body)
  }

  private func apply<Failure: Error>(
    _ rest: ArraySlice<NormalizationStage>, to text: UnsafeBufferPointer<UInt8>, isPadded: Bool,
    _ edges: DocumentEdges, _ recordingEdits: Bool,
    _ body: (_ text: UnsafeBufferPointer<UInt8>, _ isPadded: Bool) throws(Failure) -> Void
  ) throws(Failure) {
    guard let stage = rest.first else { return try body(text, isPadded) }
    stage.apply(to: text, edges, recordingEdits: recordingEdits)
    switch stage.outcome {
    case .part(let range):
      try apply(
        rest.dropFirst(), to: text.extracting(range), isPadded: isPadded, edges, recordingEdits,
        body)
    case .changed:
      try stage.result.withBytes { (result) throws(Failure) in
        try apply(rest.dropFirst(), to: result, isPadded: true, edges, recordingEdits, body)
      }
    }
  }

  /// Maps an ascending sequence of ranges of the last normalized text back to its source.
  public struct SourceMap {
    fileprivate let stages: [NormalizationStage]
    fileprivate var cursors: [SourceCursor]

    /// The source bytes that a range of the normalized text stems from, as
    /// `NormalizedText.sourceRange` has it; white space that a step took from the ends belongs to
    /// no range.
    public mutating func sourceRange(of range: Range<Int>) -> Range<Int> {
      var range = range
      for index in stages.indices.reversed() {
        range = stages[index].sourceRange(of: range, from: &cursors[index])
      }
      return range
    }
  }

  /// For the text of the last call with recorded edits, during its `body` only.
  public func sourceMap() -> SourceMap {
    SourceMap(stages: stages, cursors: stages.map { _ in SourceCursor() })
  }
}

/// Which ends of a text are ends of its document.
struct DocumentEdges {
  let start: Bool
  let end: Bool
}
