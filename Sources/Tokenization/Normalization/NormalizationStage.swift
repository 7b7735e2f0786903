/// One step of a chain with what it needs and what it made of the last text.
final class NormalizationStage {
  private let step: CompiledNormalizer.Step
  private var normalizer: UnicodeNormalizer?
  private let matcher: ReplacementMatcher?
  private var result = NormalizedText()
  /// Where the last text came through but for its ends; `nil` if `result` holds another.
  private var part: Range<Int>? = 0..<0

  init(_ step: CompiledNormalizer.Step) {
    self.step = step
    if case .table(let table) = step {
      normalizer = UnicodeNormalizer(table)
    } else {
      normalizer = nil
    }
    if case .replaceMatches(let replacement) = step {
      matcher = ReplacementMatcher(replacement)
    } else {
      matcher = nil
    }
  }

  func apply(
    to text: NormalizationChain.Normal, _ edges: DocumentEdges, recordingEdits: Bool
  ) throws(PatternError) -> NormalizationChain.Normal {
    let bytes = text.bytes
    let isUnchanged: Bool
    switch step {
    case .table:
      isUnchanged =
        bytes.baseAddress.flatMap {
          normalizer?.normalize(
            $0, count: bytes.count, into: &result, recordingEdits: recordingEdits)
        } ?? true
    case .strip(let left, let right):
      let left = left && edges.start
      let inner = WhiteSpace.trimmed(bytes, left: left, right: right && edges.end)
      part = inner
      return NormalizationChain.Normal(bytes: bytes.extracting(inner), isPadded: text.isPadded)
    case .replace(let replacement):
      isUnchanged = replacement.apply(to: bytes, into: &result, recordingEdits: recordingEdits)
    case .replaceMatches:
      isUnchanged =
        try matcher?.replace(in: text, into: &result, recordingEdits: recordingEdits) ?? true
    case .prepend(let prefix):
      isUnchanged = !edges.start || bytes.isEmpty
      if !isUnchanged { result.set(prefix, before: bytes, recordingEdits: recordingEdits) }
    case .sentencePiece(let normalizer):
      isUnchanged =
        bytes.baseAddress.map {
          normalizer.normalize(
            $0, count: bytes.count, startsDocument: edges.start, endsDocument: edges.end,
            into: &result, recordingEdits: recordingEdits)
        } ?? true
    case .precompiled(let normalizer):
      isUnchanged =
        bytes.baseAddress.map {
          normalizer.normalize(
            $0, count: bytes.count, into: &result, recordingEdits: recordingEdits)
        } ?? true
    case .byteLevel:
      isUnchanged = bytes.isEmpty
      if !isUnchanged { result.spellBytes(of: bytes, recordingEdits: recordingEdits) }
    }
    part = isUnchanged ? 0..<bytes.count : nil
    return isUnchanged
      ? text : NormalizationChain.Normal(bytes: result.bytes, isPadded: true)
  }

  /// Whether every byte of the last result stands where it stood.
  var keepsPlaces: Bool { part?.lowerBound == 0 }

  func sourceRange(of range: Range<Int>, from cursor: inout SourceCursor) -> Range<Int> {
    guard let part else { return result.sourceRange(of: range, from: &cursor) }
    return range.lowerBound + part.lowerBound..<range.upperBound + part.lowerBound
  }
}
