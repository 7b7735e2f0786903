import Primitives
import Tokenization

/// Says where a text may be cut so that the parts, counted apart, give what the whole gives.
///
/// A place is judged by the bytes near it alone, so that whoever looks at it, from whichever side,
/// comes to the same answer: that is what makes the counts independent of threads and blocks.
struct BlockCutter: Sendable {
  enum Rule: Sendable {
    /// After each line feed: a line is a record.
    case lineEnds
    /// Behind a separator that no other occurrence of it reaches into.
    case separators(Needles)
    /// Where the pre-tokenizer certainly cuts.
    case preTokenizer(CompiledPreTokenizer)
  }

  let rule: Rule
  let normalizer: CompiledNormalizer?
  let specialTokens: Needles

  /// Bytes on each side of a place that its judgement may look at.
  var reach: Int {
    let separator = if case .separators(let needles) = rule { needles.longest } else { 0 }
    return max(64, 2 * separator, 2 * specialTokens.longest)
  }

  /// The first place in `lower..<upper` where `text` may be cut. All bytes within `reach` of the
  /// range must be there, but for those before the beginning and behind the end of the text.
  func firstCut(
    in text: UnsafePointer<UInt8>, count: Int, from lower: Int, to upper: Int
  ) -> Int? {
    var place = lower
    while place < upper {
      guard let candidate = candidate(in: text, count: count, from: place, to: upper) else {
        return nil
      }
      if isCut(candidate, in: text, count: count) { return candidate }
      place = candidate + 1
    }
    return nil
  }

  private func candidate(
    in text: UnsafePointer<UInt8>, count: Int, from lower: Int, to upper: Int
  ) -> Int? {
    switch rule {
    case .lineEnds:
      return LineFeeds.next(in: text, from: max(lower, 1) - 1, to: upper - 1).map { $0 + 1 }
    case .separators(let needles):
      var start = max(0, lower - needles.longest)
      while let found = needles.next(in: text, from: start, to: upper - 1) {
        if found.upperBound >= lower { return found.upperBound }
        start = found.lowerBound + 1
      }
      return nil
    case .preTokenizer(let preTokenizer):
      return preTokenizer.nextCut(in: text, count: count, from: lower, to: upper)
    }
  }

  private func isCut(_ place: Int, in text: UnsafePointer<UInt8>, count: Int) -> Bool {
    switch rule {
    case .lineEnds:
      return true
    case .separators(let needles):
      // Leftmost search certainly takes an occurrence that no earlier one reaches into.
      let start = place - needles.longest
      guard start > 0 else { return start == 0 }
      let before = needles.next(
        in: text, from: max(0, start - needles.longest + 1), to: place)
      return before == start..<place
    case .preTokenizer:
      break
    }
    // Only whole characters on both sides: repair and normalization then stay on their sides.
    guard let before = Self.characterStart(before: place, in: text),
      let after = Self.characterEnd(behind: place, in: text, count: count)
    else { return false }
    if let normalizer,
      !normalizer.allowsCut(in: text, count: count, before: before, place: place, after: after)
    {
      return false
    }
    return !specialTokens.anySpans(place, in: text, count: count)
  }

  /// Where the well-formed character that ends at a place begins.
  static func characterStart(before place: Int, in text: UnsafePointer<UInt8>) -> Int? {
    var start = place - 1
    while start > 0, start > place - 4, text[start] & 0xC0 == 0x80 { start -= 1 }
    guard start >= 0, UTF8Validation.isValid(text + start, count: place - start) else { return nil }
    return start
  }

  /// Where the well-formed character that begins at a place ends.
  static func characterEnd(
    behind place: Int, in text: UnsafePointer<UInt8>, count: Int
  ) -> Int? {
    var end = place + 1
    while end < count, end < place + 4, text[end] & 0xC0 == 0x80 { end += 1 }
    guard end <= count, UTF8Validation.isValid(text + place, count: end - place) else { return nil }
    return end
  }
}
