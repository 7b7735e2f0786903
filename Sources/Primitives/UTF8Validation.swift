import NativeBridges

/// Finds and repairs bytes that are not UTF-8 (The Unicode Standard, section 3.9, D92).
public enum UTF8Validation {
  /// Offset of the first byte that belongs to no well-formed character; nil when there is none.
  ///
  /// It is the first byte of an ill-formed sequence, such as the lead of a character that the end
  /// of the buffer cuts.
  /// - Complexity: linear; valid text is judged by SIMD, ill-formed text is also walked once.
  public static func firstInvalidOffset(in text: UnsafePointer<UInt8>, count: Int) -> Int? {
    if count <= 0 || isValid(text, count: count) { return nil }
    return offsetOfIllFormedUnit(in: text, from: 0, count: count)
  }

  /// Whether all of the buffer is well-formed UTF-8; an empty one is.
  public static func isValid(_ text: UnsafePointer<UInt8>, count: Int) -> Bool {
    count <= 0
      || text.withMemoryRebound(to: CChar.self, capacity: count) { tt_utf8_is_valid($0, count) }
  }

  /// Whether all of the buffer is well-formed UTF-8; an empty one is.
  public static func isValid(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.baseAddress.map { isValid($0, count: text.count) } ?? true
  }

  /// Appends the text to `output` with U+FFFD in place of each maximal subpart of an ill-formed
  /// sequence, the practice that section 3.9 recommends and `String(decoding:as:)` follows.
  /// - Returns: how many replacement characters were written.
  public static func repair(
    _ text: UnsafePointer<UInt8>, count: Int, appendingTo output: inout [UInt8]
  ) -> Int {
    output.reserveCapacity(output.count + count)
    var replacements = 0
    var start = 0
    while let illFormed = offsetOfIllFormedUnit(in: text, from: start, count: count) {
      output.append(contentsOf: UnsafeBufferPointer(start: text + start, count: illFormed - start))
      output += [0xEF, 0xBF, 0xBD]
      replacements += 1
      start = illFormed + unit(at: text + illFormed, available: count - illFormed).length
    }
    output.append(contentsOf: UnsafeBufferPointer(start: text + start, count: count - start))
    return replacements
  }

  private static func offsetOfIllFormedUnit(
    in text: UnsafePointer<UInt8>, from start: Int, count: Int
  ) -> Int? {
    var offset = start
    while offset < count {
      if text[offset] < 0x80 {
        offset &+= 1
        continue
      }
      let unit = unit(at: text + offset, available: count &- offset)
      if !unit.isWellFormed { return offset }
      offset &+= unit.length
    }
    return nil
  }

  /// Bytes of the character at `text`, or of what stands there in its place: see `repair`.
  public static func unitLength(at text: UnsafePointer<UInt8>, available: Int) -> Int {
    unit(at: text, available: available).length
  }

  /// The character at `text`, or the maximal subpart of an ill-formed sequence: the longest start
  /// of a well-formed character, or one byte (table 3-7 of the standard).
  @inline(__always)
  private static func unit(
    at text: UnsafePointer<UInt8>, available: Int
  ) -> (length: Int, isWellFormed: Bool) {
    var allowed: ClosedRange<UInt8> = 0x80...0xBF
    let length: Int
    switch text[0] {
    case 0x00...0x7F: return (1, true)
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, allowed) = (3, 0xA0...0xBF)
    case 0xED: (length, allowed) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, allowed) = (4, 0x90...0xBF)
    case 0xF4: (length, allowed) = (4, 0x80...0x8F)
    case 0xF1...0xF3: length = 4
    default: return (1, false)
    }
    var matched = 1
    while matched < length {
      if matched == available || !allowed.contains(text[matched]) { return (matched, false) }
      allowed = 0x80...0xBF
      matched &+= 1
    }
    return (length, true)
  }
}
