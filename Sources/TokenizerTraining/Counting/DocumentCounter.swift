import Primitives
import Tokenization

/// Counts stretches of documents: normalizes, cuts into pre-tokens, counts them. One per thread.
final class DocumentCounter {
  /// Bytes cut into pre-tokens at once: their ends stay in the second-level cache.
  private static let slice = 1 << 16

  let words: WordCounter
  private let pattern: CompiledPattern?
  private let normalization: NormalizationChain
  private var ends: UnsafeMutablePointer<UInt32>
  private var endsCapacity: Int

  init(
    pattern: CompiledPattern?, normalizer: CompiledNormalizer, expectedWords: Int
  ) throws(CorpusError) {
    words = try WordCounter(expectedWords: expectedWords)
    self.pattern = pattern
    normalization = NormalizationChain(normalizer)
    endsCapacity = 2 * Self.slice
    ends = .allocate(capacity: endsCapacity)
  }

  deinit { ends.deallocate() }

  /// Counts `text[lower..<upper]`, a document or a part of one between cuts.
  ///
  /// Where a part does not start or end its document, the characters around it are readable and
  /// stay as they are under normalization.
  func count(
    _ text: UnsafePointer<UInt8>, readable: Int, from lower: Int, to upper: Int,
    startsDocument: Bool, endsDocument: Bool
  ) throws(CorpusError) {
    guard lower < upper else { return }
    // The neighbors come along, so that look-around sees them behind normalization as before.
    let start =
      startsDocument ? lower : BlockCutter.characterStart(before: lower, in: text) ?? lower
    let end =
      endsDocument
      ? upper : BlockCutter.characterEnd(behind: upper, in: text, count: readable) ?? upper
    try normalization.normalize(
      UnsafeBufferPointer(start: text + start, count: end - start),
      startsDocument: startsDocument, endsDocument: endsDocument, recordingEdits: false
    ) { (normal, _) throws(CorpusError) in
      guard let base = normal.baseAddress else { return }
      try countNormalized(
        base, readable: normal.count, from: lower - start, to: normal.count - (end - upper),
        startsDocument: startsDocument, endsDocument: endsDocument)
    }
  }

  private func countNormalized(
    _ text: UnsafePointer<UInt8>, readable: Int, from lower: Int, to upper: Int,
    startsDocument: Bool, endsDocument: Bool
  ) throws(CorpusError) {
    guard lower < upper else { return }
    guard let pattern else {
      ends[0] = UInt32(upper)
      return try words.count(text, from: lower, ends: ends, pieceCount: 1)
    }
    var from = lower
    while from < upper {
      var to = upper
      if upper - from > 2 * Self.slice,
        let cut = pattern.nextCut(in: text, count: readable, from: from + Self.slice, to: upper)
      {
        to = cut
      }
      reserveEnds(to - from)
      let pieces = pattern.pieceEnds(
        of: text, from: from, to: to, startsDocument: startsDocument && from == lower,
        endsDocument: endsDocument && to == upper, into: ends)
      try words.count(text, from: from, ends: ends, pieceCount: pieces)
      from = to
    }
  }

  private func reserveEnds(_ bytes: Int) {
    let room = bytes + CompiledPattern.spareEnds
    guard room > endsCapacity else { return }
    ends.deallocate()
    endsCapacity = room
    ends = .allocate(capacity: endsCapacity)
  }
}
