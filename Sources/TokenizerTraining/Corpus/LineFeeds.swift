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
    var lines = 0
    var place = lower
    while place < upper {
      // Sums of bytes stay below 256 in a stretch of 255, and so the loop runs on vectors.
      let end = min(upper, place + 255)
      var sum: UInt8 = 0
      for index in place..<end { sum &+= text[index] == 10 ? 1 : 0 }
      lines += Int(sum)
      place = end
    }
    return lines
  }
}
