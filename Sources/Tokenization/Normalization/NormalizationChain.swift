/// Applies a normalizer to one text after another; one for each thread, since it owns caches and
/// the text after each step.
public final class NormalizationChain {
  /// A text after all steps: the text itself, or a part of it, where they change nothing. Lives until
  /// the chain takes another text.
  public struct Normal {
    public let bytes: UnsafeBufferPointer<UInt8>
    /// Whether 16 bytes more may be read.
    public let isPadded: Bool
  }

  private let stages: [NormalizationStage]

  public init(_ normalizer: CompiledNormalizer) {
    stages = normalizer.steps.map { NormalizationStage($0) }
  }

  /// The text after all steps.
  ///
  /// A text that does not start or end its document begins or ends where the normalizer says that a
  /// document may be cut. Bytes that are not UTF-8 pass as they are. `isPadded`: 16 bytes more may be
  /// read.
  /// - Throws: `PatternError` where a pattern does not come to an end.
  /// - Complexity: O(*n*) a step, also for marks in the worst order.
  public func normalize(
    _ text: UnsafeBufferPointer<UInt8>, startsDocument: Bool = true, endsDocument: Bool = true,
    isPadded: Bool = false, recordingEdits: Bool
  ) throws(PatternError) -> Normal {
    let edges = DocumentEdges(start: startsDocument, end: endsDocument)
    var normal = Normal(bytes: text, isPadded: isPadded)
    for stage in stages {
      normal = try stage.apply(to: normal, edges, recordingEdits: recordingEdits)
    }
    return normal
  }

  /// Maps an ascending sequence of ranges of the last normalized text back to its source.
  public struct SourceMap {
    /// Those that moved what they left.
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

  /// The source of a range of the last normalized text, with recorded edits.
  func firstSource(of range: Range<Int>) -> Range<Int> {
    var map = sourceMap()
    return map.sourceRange(of: range)
  }

  /// For the text of the last call, with recorded edits.
  public func sourceMap() -> SourceMap {
    let moving = stages.filter { !$0.keepsPlaces }
    return SourceMap(stages: moving, cursors: moving.map { _ in SourceCursor() })
  }
}

/// Which ends of a text are ends of its document.
struct DocumentEdges {
  let start: Bool
  let end: Bool
}
