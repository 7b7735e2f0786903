/// One step of a chain with what it needs and what it made of the last text.
final class NormalizationStage {
  enum Outcome {
    /// The text came through but for its ends, and `result` is empty.
    case part(Range<Int>)
    /// `result` holds another text.
    case changed
  }

  private let step: CompiledNormalizer.Step
  private var normalizer: UnicodeNormalizer?
  private(set) var result = NormalizedText()
  private(set) var outcome = Outcome.part(0..<0)

  init(_ step: CompiledNormalizer.Step) {
    self.step = step
    if case .table(let table) = step {
      normalizer = UnicodeNormalizer(table)
    } else {
      normalizer = nil
    }
  }

  func apply(to text: UnsafeBufferPointer<UInt8>, _ edges: DocumentEdges, recordingEdits: Bool) {
    let all = 0..<text.count
    let isUnchanged: Bool
    switch step {
    case .table:
      isUnchanged =
        text.baseAddress.flatMap {
          normalizer?.normalize(
            $0, count: text.count, into: &result, recordingEdits: recordingEdits)
        } ?? true
    case .strip(let left, let right):
      outcome = .part(
        WhiteSpace.trimmed(text, left: left && edges.start, right: right && edges.end))
      return
    case .replace(let replacement):
      isUnchanged = replacement.apply(to: text, into: &result, recordingEdits: recordingEdits)
    case .prepend(let prefix):
      isUnchanged = !edges.start || text.isEmpty
      if !isUnchanged { result.set(prefix, before: text, recordingEdits: recordingEdits) }
    case .sentencePiece(let normalizer):
      isUnchanged =
        text.baseAddress.map {
          normalizer.normalize(
            $0, count: text.count, startsDocument: edges.start, endsDocument: edges.end,
            into: &result, recordingEdits: recordingEdits)
        } ?? true
    case .precompiled(let normalizer):
      isUnchanged =
        text.baseAddress.map {
          normalizer.normalize(
            $0, count: text.count, into: &result, recordingEdits: recordingEdits)
        } ?? true
    case .byteLevel:
      isUnchanged = text.isEmpty
      if !isUnchanged { result.spellBytes(of: text, recordingEdits: recordingEdits) }
    }
    outcome = isUnchanged ? .part(all) : .changed
  }

  func sourceRange(of range: Range<Int>, from cursor: inout SourceCursor) -> Range<Int> {
    switch outcome {
    case .part(let part):
      range.lowerBound + part.lowerBound..<range.upperBound + part.lowerBound
    case .changed: result.sourceRange(of: range, from: &cursor)
    }
  }
}
