#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Byte strings to be found in a text, the leftmost first and of those that begin together the
/// longest: separators of documents, special tokens.
struct Needles: Sendable {
  /// Longest first, so that the first that fits is the right one.
  private let strings: [[UInt8]]
  private let startsNeedle: [Bool]
  private let onlyStart: UInt8?
  /// Bytes of the longest string; 0 without strings.
  let longest: Int

  init(_ strings: [[UInt8]]) {
    self.strings = strings.filter { !$0.isEmpty }.sorted { $0.count > $1.count }
    longest = self.strings.first?.count ?? 0
    var starts = [Bool](repeating: false, count: 256)
    for string in self.strings { starts[Int(string[0])] = true }
    startsNeedle = starts
    let first = self.strings.first?.first
    onlyStart = starts.count(where: { $0 }) == 1 ? first : nil
  }

  var isEmpty: Bool { strings.isEmpty }

  /// The next occurrence that begins in `lower..<upper` and ends by `upper`.
  func next(in text: UnsafePointer<UInt8>, from lower: Int, to upper: Int) -> Range<Int>? {
    guard !strings.isEmpty else { return nil }
    var place = lower
    while let start = nextStart(in: text, from: place, to: upper) {
      if let length = lengthOfMatch(in: text, at: start, to: upper) {
        return start..<start + length
      }
      place = start + 1
    }
    return nil
  }

  /// Whether an occurrence (chosen or not) covers bytes on both sides of `place`.
  func anySpans(_ place: Int, in text: UnsafePointer<UInt8>, count: Int) -> Bool {
    guard longest > 1 else { return false }
    var start = max(0, place - longest + 1)
    while let found = nextStart(in: text, from: start, to: place) {
      for string in strings where found + string.count > place {
        if occurs(string, in: text, at: found, to: count) { return true }
      }
      start = found + 1
    }
    return false
  }

  private func nextStart(in text: UnsafePointer<UInt8>, from: Int, to upper: Int) -> Int? {
    guard from < upper else { return nil }
    if let onlyStart {
      guard let found = memchr(text + from, Int32(onlyStart), upper - from) else { return nil }
      return UnsafeRawPointer(found) - UnsafeRawPointer(text)
    }
    return startsNeedle.withUnsafeBufferPointer { starts in
      var place = from
      while place < upper {
        if starts[Int(text[place])] { return place }
        place &+= 1
      }
      return nil
    }
  }

  private func lengthOfMatch(
    in text: UnsafePointer<UInt8>, at start: Int, to upper: Int
  ) -> Int? {
    strings.first { occurs($0, in: text, at: start, to: upper) }?.count
  }

  private func occurs(
    _ string: [UInt8], in text: UnsafePointer<UInt8>, at start: Int, to upper: Int
  ) -> Bool {
    guard start + string.count <= upper else { return false }
    return string.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return false }
      return memcmp(text + start, base, bytes.count) == 0
    }
  }
}
