import Tokenization

/// Where the words of gathered sentences begin and end.
struct WordBorders: ~Copyable {
  private var starts: UnsafeMutablePointer<UInt32>
  private var ends: UnsafeMutablePointer<UInt32>
  private var capacity = 1 << 14
  private(set) var count = 0

  init() {
    starts = .allocate(capacity: capacity)
    ends = .allocate(capacity: capacity)
  }

  deinit {
    starts.deallocate()
    ends.deallocate()
  }

  mutating func removeAll() { count = 0 }

  func withPointers<Failure: Error>(
    _ body: (
      _ starts: UnsafePointer<UInt32>, _ ends: UnsafePointer<UInt32>, _ count: Int
    ) throws(Failure) -> Void
  ) throws(Failure) {
    try body(starts, ends, count)
  }

  /// Adds the words of a sentence. With `marksFollowers` its last byte is the mark, which is part of
  /// the last word; other words may reach over the first character of the next.
  mutating func append(
    _ sentence: Range<Int>, of text: UnsafePointer<UInt8>, _ rules: SentenceRules
  ) {
    guard !sentence.isEmpty else { return }
    reserve(sentence.count)
    let content = rules.marksFollowers ? sentence.upperBound - 1 : sentence.upperBound
    var start = sentence.lowerBound
    if rules.whitespace != .free {
      // Where the mark before this one ends: a row of marks may hold together.
      var endOfBlank = -1
      var place = Self.nextLead(in: text, from: start, to: content)
      while place < content {
        guard Self.isBlank(text + place) else {
          place = Self.nextLead(in: text, from: place &+ 1, to: content)
          continue
        }
        // A word begins at a mark, or ends behind one.
        if rules.whitespace == .begins {
          if place > start && !(endOfBlank == place && rules.keepsRowsOfBlanks) {
            close(&start, at: place)
          }
        } else if place + 3 < content
          && !(rules.keepsRowsOfBlanks && Self.isBlank(text + place + 3))
        {
          close(&start, at: place + 3)
          if rules.marksFollowers {
            ends[count - 1] += Self.characterLength(text[place + 3])
          }
        }
        endOfBlank = place &+ 3
        place = Self.nextLead(in: text, from: place &+ 3, to: content)
      }
    }
    close(&start, at: sentence.upperBound)
  }

  /// The next byte 0xE2, with which U+2581 and some other signs begin; eight bytes at a time.
  @inline(__always)
  private static func nextLead(in text: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var place = start
    while place < end {
      let word = UnsafeRawPointer(text + place).loadUnaligned(as: UInt64.self).littleEndian
      let difference = word ^ (ones &* 0xE2)
      // The lowest marked byte is certainly 0.
      let marked = (difference &- ones) & ~difference & (ones &<< 7)
      if marked != 0 { return min(place &+ marked.trailingZeroBitCount &>> 3, end) }
      place &+= 8
    }
    return end
  }

  /// U+2581; 16 bytes more may be read than belong to the text.
  @inline(__always)
  private static func isBlank(_ text: UnsafePointer<UInt8>) -> Bool {
    text[0] == 0xE2 && text[1] == 0x96 && text[2] == 0x81
  }

  /// Bytes of a character of well-formed UTF-8, from the first.
  @inline(__always)
  private static func characterLength(_ lead: UInt8) -> UInt32 {
    lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }

  @inline(__always)
  private mutating func close(_ start: inout Int, at end: Int) {
    starts[count] = UInt32(truncatingIfNeeded: start)
    ends[count] = UInt32(truncatingIfNeeded: end)
    count &+= 1
    start = end
  }

  /// Room for as many words as a sentence can have.
  private mutating func reserve(_ bytes: Int) {
    let needed = count + bytes / 3 + 2
    guard needed > capacity else { return }
    let larger = max(needed, 2 * capacity)
    starts = Self.moved(starts, count: count, to: larger)
    ends = Self.moved(ends, count: count, to: larger)
    capacity = larger
  }

  private static func moved(
    _ list: UnsafeMutablePointer<UInt32>, count: Int, to capacity: Int
  ) -> UnsafeMutablePointer<UInt32> {
    let moved = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
    moved.update(from: list, count: count)
    list.deallocate()
    return moved
  }
}
