/// White space at the ends of a text: Unicode's White_Space, which has not changed since 6.3.
enum WhiteSpace {
  /// What is left of a text.
  static func trimmed(
    _ text: UnsafeBufferPointer<UInt8>, left: Bool, right: Bool
  ) -> Range<Int> {
    guard let start = text.baseAddress else { return 0..<0 }
    var lower = 0
    var upper = text.count
    if left {
      while lower < upper, let length = length(at: start + lower, readable: upper - lower) {
        lower += length
      }
    }
    if right {
      while upper > lower, let length = length(before: start + upper, readable: upper - lower) {
        upper -= length
      }
    }
    return lower..<upper
  }

  /// Bytes of the white space character at `text`; `nil` if there is none.
  static func length(at text: UnsafePointer<UInt8>, readable: Int) -> Int? {
    guard let character = UTF8Decoding.scalar(at: text, readable: readable),
      contains(character.value)
    else { return nil }
    return character.length
  }

  /// Bytes of the white space character that ends at `end`.
  private static func length(before end: UnsafePointer<UInt8>, readable: Int) -> Int? {
    for length in 1...3 where length <= readable && (end - length).pointee & 0xC0 != 0x80 {
      return Self.length(at: end - length, readable: length) == length ? length : nil
    }
    return nil
  }

  private static func contains(_ character: UInt32) -> Bool {
    switch character {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
      0x3000:
      true
    default: false
    }
  }
}
