import NativeBridges

/// Cuts text of scripts that are written without spaces (Thai, Lao, Khmer, Burmese, Chinese,
/// Japanese) into the words of ICU's dictionaries. One for each thread.
///
/// ICU sees nothing but runs of such characters, so that other text keeps its speed, and words are
/// the same whatever stands around a run. It sees whole runs, also where a pattern cuts them: several
/// well-known ones cut Thai before its vowel signs, and half a word is no word of a dictionary.
final class WordBreaker {
  private let breaker: OpaquePointer?

  init() { breaker = tt_word_breaker_create() }

  deinit { tt_word_breaker_free(breaker) }

  /// First and last code points of the characters that ICU's dictionaries know, and their marks.
  private static let ranges: [(UInt32, UInt32)] = [
    (0x0E01, 0x0E3A), (0x0E40, 0x0E4E), (0x0E80, 0x0ECE), (0x0EDC, 0x0EDF), (0x1000, 0x103F),
    (0x1050, 0x108F), (0x109A, 0x109D), (0x1780, 0x17D3), (0x17D7, 0x17D7), (0x17DC, 0x17DD),
    (0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3031, 0x3035), (0x303B, 0x303B), (0x3041, 0x30FA),
    (0x30FC, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA9E0, 0xA9EF),
    (0xAA60, 0xAA7F), (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x1B000, 0x1B16F), (0x20000, 0x3FFFF),
  ]

  private static func isKnown(_ scalar: UInt32) -> Bool {
    for (first, last) in ranges where scalar <= last { return scalar >= first }
    return false
  }

  /// Whether any of the characters could be one of these: all have three bytes or more.
  static func mayConcern(_ text: UnsafePointer<UInt8>, from lower: Int, to upper: Int) -> Bool {
    var at = lower
    while upper &- at >= 8 {
      let word = UnsafeRawPointer(text + at).loadUnaligned(as: UInt64.self)
      if word & word << 1 & word << 2 & 0x8080_8080_8080_8080 != 0 { return true }
      at &+= 8
    }
    while at < upper {
      if text[at] >= 0xE0 { return true }
      at &+= 1
    }
    return false
  }

  /// Whether two characters are of one run, so that a text may not be cut between them.
  static func joins(_ before: UInt32, _ after: UInt32) -> Bool { isKnown(before) && isKnown(after) }

  /// Where words meet inside the runs of text[lower..<upper], ascending; at most one a byte.
  func borders(
    of text: UnsafePointer<UInt8>, from lower: Int, to upper: Int,
    into borders: UnsafeMutablePointer<UInt32>
  ) throws(PatternError) -> Int {
    var count = 0
    var at = lower
    // Where the run in progress begins.
    var run: Int?
    while at < upper {
      let scalar = text[at] < 0xE0 ? nil : UTF8Decoding.scalar(at: text + at, readable: upper - at)
      let isKnown = scalar.map { Self.isKnown($0.value) } ?? false
      if isKnown, run == nil {
        run = at
      } else if !isKnown, let start = run {
        count += try innerEnds(text, start, at, borders + count)
        run = nil
      }
      at &+= scalar?.length ?? 1
    }
    if let run { count += try innerEnds(text, run, upper, borders + count) }
    return count
  }

  /// Ends of the words of a run, but for the last.
  private func innerEnds(
    _ text: UnsafePointer<UInt8>, _ lower: Int, _ upper: Int,
    _ ends: UnsafeMutablePointer<UInt32>
  ) throws(PatternError) -> Int {
    guard let breaker else { throw .outOfMemory }
    let count = tt_word_ends(
      breaker, text + lower, upper - lower, UInt32(truncatingIfNeeded: lower), ends)
    guard count > 0 else { throw .outOfMemory }
    return count - 1
  }
}
