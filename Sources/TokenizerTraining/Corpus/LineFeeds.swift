#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Line feeds in stretches of text.
enum LineFeeds {
  /// The first one in `lower..<upper`.
  static func next(in text: UnsafePointer<UInt8>, from lower: Int, to upper: Int) -> Int? {
    guard lower < upper, let found = memchr(text + lower, 10, upper - lower) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(text)
  }

  static func count(in text: UnsafePointer<UInt8>, from lower: Int, to upper: Int) -> Int {
    let lineFeeds: UInt64 = 0x0A0A_0A0A_0A0A_0A0A
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    let words = UnsafeRawPointer(text)
    var lines = 0
    var place = lower
    while place &+ 8 <= upper {
      let difference = words.loadUnaligned(fromByteOffset: place, as: UInt64.self) ^ lineFeeds
      // The top bit of each byte that is zero, and of no other: no carry crosses a byte.
      let found = ~(((difference & low) &+ low) | difference | low)
      lines &+= found.nonzeroBitCount
      place &+= 8
    }
    while place < upper {
      if text[place] == 10 { lines &+= 1 }
      place &+= 1
    }
    return lines
  }
}
