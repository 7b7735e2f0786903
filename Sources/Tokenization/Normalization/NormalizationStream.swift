/// Normalizes one document after another, each in pieces: what comes out does not depend on where
/// they were cut.
///
/// Each step keeps back the end of its text until it is certain what becomes of it. That is a few
/// bytes in most texts; it is as long as a run of marks, or of white space at the end of which a
/// step strips, and the whole document where a step replaces matches of a pattern.
public final class NormalizationStream {
  private let stages: [Stage]

  private final class Stage {
    let step: CompiledNormalizer.Step
    let normalization: NormalizationStage
    /// What is not certain yet; no certain end lies within its first `searched` bytes.
    var pending: [UInt8] = []
    var searched = 0
    /// Whether nothing of the document has left the step.
    var isAtStart = true

    init(_ step: CompiledNormalizer.Step) {
      self.step = step
      normalization = NormalizationStage(step)
    }

    func restart() {
      pending = []
      searched = 0
      isAtStart = true
    }
  }

  public init(_ normalizer: CompiledNormalizer) {
    stages = normalizer.steps.map { Stage($0) }
  }

  /// Appends what is certain after the next piece of the document.
  ///
  /// - Parameter isLast: whether the document ends here; the next piece begins another.
  /// - Throws: `PatternError` where a pattern does not come to an end; what follows is another
  ///   document.
  /// - Complexity: linear in all pieces together, however small they are.
  public func append(
    _ piece: UnsafeBufferPointer<UInt8>, isLast: Bool, to output: inout [UInt8]
  ) throws(PatternError) {
    do throws(PatternError) {
      try append(piece, isLast: isLast, from: 0, to: &output)
    } catch {
      for stage in stages { stage.restart() }
      throw error
    }
  }

  private func append(
    _ piece: UnsafeBufferPointer<UInt8>, isLast: Bool, from index: Int, to output: inout [UInt8]
  ) throws(PatternError) {
    guard index < stages.count else { return output.append(contentsOf: piece) }
    let stage = stages[index]
    stage.pending.append(contentsOf: piece)
    // Taken out, since the next step must not find this one's text borrowed.
    var text: [UInt8] = []
    swap(&text, &stage.pending)
    let certain = text.withUnsafeBufferPointer { text in
      isLast ? text.count : stage.step.certainEnd(of: text, searched: stage.searched)
    }
    if certain > 0 || isLast {
      try text.withUnsafeBufferPointer { (text) throws(PatternError) in
        let edges = DocumentEdges(start: stage.isAtStart, end: isLast)
        let normal = try stage.normalization.apply(
          to: NormalizationChain.Normal(bytes: text.extracting(..<certain), isPadded: false),
          edges, recordingEdits: false)
        if !normal.bytes.isEmpty { stage.isAtStart = false }
        try append(normal.bytes, isLast: isLast, from: index + 1, to: &output)
      }
      text.removeFirst(certain)
    }
    stage.searched = text.count
    swap(&text, &stage.pending)
    if isLast { stage.isAtStart = true }
  }
}

extension CompiledNormalizer.Step {
  /// Where a text may end for the step to treat it as the beginning of any text that goes on from
  /// there; 0 if nowhere. No such place lies within the first `searched` bytes.
  fileprivate func certainEnd(of text: UnsafeBufferPointer<UInt8>, searched: Int) -> Int {
    guard let start = text.baseAddress else { return 0 }
    switch self {
    case .table(let table):
      var place = text.count - 1
      // A place is judged by the character behind it, which may have begun before.
      while place > max(0, searched - 4) {
        if start[place] & 0xC0 != 0x80,
          table.hasBoundary(before: start + place, readable: text.count - place)
        {
          return place
        }
        place -= 1
      }
      return 0
    case .strip(let left, let right):
      let end = UTF8Decoding.completeEnd(of: text)
      if right {
        var place = end
        while place > max(0, searched - 4) {
          let length = UTF8Decoding.lengthOfLast(in: text.extracting(..<place))
          if WhiteSpace.length(at: start + place - length, readable: length) == nil { return place }
          place -= length
        }
        return 0
      }
      return left ? end : text.count
    case .replace(let replacement): return replacement.certainEnd(of: text)
    // A match may reach any distance.
    case .replaceMatches: return 0
    case .prepend, .byteLevel: return text.count
    case .sentencePiece(let normalizer):
      return Self.certainEnd(of: text, searched: searched) {
        normalizer.allowsCut(between: $0, and: $1)
      }
    case .precompiled(let normalizer):
      return Self.certainEnd(of: text, searched: searched) {
        normalizer.allowsCut(between: $0, and: $1)
      }
    }
  }

  /// The last place between two characters where the text may be cut.
  private static func certainEnd(
    of text: UnsafeBufferPointer<UInt8>, searched: Int,
    _ allowsCut: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
  ) -> Int {
    var after = UTF8Decoding.completeEnd(of: text)
    // Two characters may have begun before.
    while after > max(0, searched - 8) {
      let place = after - UTF8Decoding.lengthOfLast(in: text.extracting(..<after))
      if place <= 0 { return 0 }
      let before = place - UTF8Decoding.lengthOfLast(in: text.extracting(..<place))
      if allowsCut(text.extracting(before..<place), text.extracting(place..<after)) {
        return place
      }
      after = place
    }
    return 0
  }
}
