/// Up to three ranges of ASCII that hold all characters of a set, and perhaps others: what eight
/// bytes can be tested for at once.
struct ASCIIRanges {
  /// Added to a byte below 0x80, the highest bit shows that it is at or above the range's start
  /// (first of the pair), or above its end.
  private typealias Bounds = (fromStart: UInt64, fromEnd: UInt64)
  private let a: Bounds
  private let b: Bounds
  private let c: Bounds

  private static let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
  private static let high: UInt64 = 0x8080_8080_8080_8080
  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// - Parameter members: ascending, below 128.
  init(_ members: [Int]) {
    var ranges: [ClosedRange<Int>] = []
    for member in members {
      if let last = ranges.last, last.upperBound == member - 1 {
        ranges[ranges.count - 1] = last.lowerBound...member
      } else {
        ranges.append(member...member)
      }
    }
    // The narrowest gaps close first.
    while ranges.count > 3 {
      let gaps = ranges.indices.dropLast().map {
        ranges[$0 + 1].lowerBound - ranges[$0].upperBound
      }
      let narrowest = gaps.indices.min { gaps[$0] < gaps[$1] } ?? 0
      ranges[narrowest] = ranges[narrowest].lowerBound...ranges[narrowest + 1].upperBound
      ranges.remove(at: narrowest + 1)
    }
    func bounds(_ index: Int) -> Bounds {
      guard index < ranges.count else { return (0, 0) }
      return (
        UInt64(0x80 - ranges[index].lowerBound) &* Self.ones,
        UInt64(0x7F - ranges[index].upperBound) &* Self.ones
      )
    }
    (a, b, c) = (bounds(0), bounds(1), bounds(2))
  }

  /// The first byte at or after `start` that is in the ranges or is not ASCII; else `end`.
  @inline(__always)
  func firstMember(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    var position = start
    while end - position >= 8 {
      let word = UnsafeRawPointer(position).loadUnaligned(as: UInt64.self)
      let found = members(of: word)
      if found != 0 { return position + found.littleEndian.trailingZeroBitCount >> 3 }
      position += 8
    }
    while position < end && members(of: UInt64(position.pointee)) & 0x80 == 0 { position += 1 }
    return position
  }

  /// The highest bit of each byte that is in a range or is not ASCII.
  @inline(__always)
  private func members(of word: UInt64) -> UInt64 {
    let ascii = word & Self.low
    let found =
      ((ascii &+ a.fromStart) ^ (ascii &+ a.fromEnd))
      | ((ascii &+ b.fromStart) ^ (ascii &+ b.fromEnd))
      | ((ascii &+ c.fromStart) ^ (ascii &+ c.fromEnd))
    return (found | word) & Self.high
  }
}
