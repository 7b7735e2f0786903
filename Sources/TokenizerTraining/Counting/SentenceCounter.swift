import Primitives
import Tokenization

/// Counts the words of sentences: normalizes each, cuts it at the marks of blanks, and lets words
/// gather until there are enough of them to be counted at full speed. One per thread.
final class SentenceCounter: DocumentCounter {
  /// Bytes of normalized text that are counted at once.
  private static let batchSize = 1 << 15

  let words: WordCounter
  private var skipped = SkippedSentences()
  private let rules: SentenceRules
  private let normalization: NormalizationChain
  private let text = TextBuffer(capacity: 2 * batchSize)
  private var borders = WordBorders()

  init(
    _ rules: SentenceRules, normalizer: CompiledNormalizer, expectedWords: Int
  ) throws(CorpusError) {
    self.rules = rules
    normalization = NormalizationChain(normalizer)
    words = try WordCounter(expectedWords: expectedWords)
  }

  func count(
    _ source: UnsafePointer<UInt8>, readable: Int, from lower: Int, to upper: Int,
    startsDocument: Bool, endsDocument: Bool, startsText: Bool
  ) throws(BlockFailure) {
    let sentence = UnsafeBufferPointer(start: source + lower, count: upper - lower)
    if isSkipped(sentence) { return }
    // Offsets of borders have 32 bits.
    guard sentence.count < 1 << 29 else {
      throw .pattern(offset: lower, .textTooLong(bytes: sentence.count))
    }
    let normal: UnsafeBufferPointer<UInt8>
    do throws(PatternError) {
      normal = try normalization.normalize(sentence, isPadded: true, recordingEdits: false).bytes
    } catch {
      throw .pattern(offset: lower, error.moved(by: lower))
    }
    guard let start = normal.baseAddress, !normal.isEmpty else { return }
    let first = text.count
    text.append(start, count: normal.count)
    if rules.marksFollowers { text.append(SentenceRules.endMark) }
    borders.append(first..<text.count, of: text.bytes, rules)
    guard text.count >= Self.batchSize else { return }
    do throws(CorpusError) {
      try finish()
    } catch {
      throw .corpus(error)
    }
  }

  func finish() throws(CorpusError) {
    try borders.withPointers { (starts, ends, count) throws(CorpusError) in
      try words.count(text.bytes, starts: starts, ends: ends, pieceCount: count)
    }
    borders.removeAll()
    text.count = 0
  }

  func takeSkipped() -> SkippedSentences {
    defer { skipped = SkippedSentences() }
    return skipped
  }

  private func isSkipped(_ sentence: UnsafeBufferPointer<UInt8>) -> Bool {
    switch rules.skip(sentence) {
    case .tooLong: skipped.tooLong += 1
    case .reservedCharacter: skipped.withReservedCharacter += 1
    case nil: return false
    }
    return true
  }
}

extension TextBuffer {
  fileprivate func append(_ byte: UInt8) {
    reserve(count + 1)
    bytes[count] = byte
    count += 1
  }
}
