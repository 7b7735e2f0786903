import Primitives
import Tokenization

/// Counts stretches of documents: normalizes, cuts into pre-tokens, counts them. One per thread.
final class PieceCounter: DocumentCounter {
  let words: WordCounter
  private var cutter: PieceCutter
  private let normalization: NormalizationChain

  init(
    _ preTokenizer: CompiledPreTokenizer, normalizer: CompiledNormalizer, expectedWords: Int
  ) throws(CorpusError) {
    words = try WordCounter(expectedWords: expectedWords)
    cutter = PieceCutter(preTokenizer)
    normalization = NormalizationChain(normalizer)
  }

  func count(
    _ text: UnsafePointer<UInt8>, readable: Int, from lower: Int, to upper: Int,
    startsDocument: Bool, endsDocument: Bool, startsText: Bool
  ) throws(BlockFailure) {
    guard lower < upper else { return }
    // The neighbors come along, so that look-around sees them behind normalization as before.
    let start =
      startsDocument ? lower : BlockCutter.characterStart(before: lower, in: text) ?? lower
    let end =
      endsDocument
      ? upper : BlockCutter.characterEnd(behind: upper, in: text, count: readable) ?? upper
    do {
      let normal = try normalization.normalize(
        UnsafeBufferPointer(start: text + start, count: end - start),
        startsDocument: startsDocument, endsDocument: endsDocument, isPadded: true,
        recordingEdits: false
      ).bytes
      try countNormalized(
        normal, from: lower - start, to: normal.count - (end - upper),
        startsDocument: startsDocument, endsDocument: endsDocument, startsText: startsText)
    } catch let error as PatternError {
      throw .pattern(offset: lower, error.moved(by: start))
    } catch let error as CorpusError {
      throw .corpus(error)
    } catch {
      throw .corpus(.outOfMemory)
    }
  }

  private func countNormalized(
    _ text: UnsafeBufferPointer<UInt8>, from lower: Int, to upper: Int, startsDocument: Bool,
    endsDocument: Bool, startsText: Bool
  ) throws {
    var from = lower
    while from < upper {
      let chunk = try cutter.chunk(
        of: text, from: from, to: upper, startsDocument: startsDocument && from == lower,
        endsDocument: endsDocument, startsText: startsText, isPadded: true)
      try words.count(
        chunk.bytes, starts: chunk.starts, ends: chunk.ends, pieceCount: chunk.count)
      from = chunk.range.upperBound
    }
  }
}
