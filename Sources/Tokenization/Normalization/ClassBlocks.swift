import NativeBridges

/// The class bytes of every code point in two stages, as `NormalizationTable` reads them.
struct ClassBlocks {
  /// First index in `starts` of the prefixes of two-byte characters: after all code points / 64.
  static let shortPrefixes = 0x11_0000 / 64

  private(set) var starts: [UInt16]
  private(set) var classes: [UInt8]

  /// The code points that a form can touch. Planes 4 to 13 are empty, 15 and 16 private; below
  /// U+00A0 nothing changes or joins.
  private static let touched: [Range<UInt32>] = [
    0x80..<0x800, 0x800..<0xD800, 0xE000..<0x4_0000, 0xE_0000..<0xF_0000,
  ]

  init(_ icu: OpaquePointer) {
    // Block 0 holds starters only; every prefix selects it until told otherwise.
    classes = Array(repeating: UInt8(TT_CLASS_STARTER), count: 64)
    starts = Array(repeating: 0, count: Self.shortPrefixes + 32)
    var block = classes
    for range in Self.touched {
      for first in stride(from: range.lowerBound, to: range.upperBound, by: 64) {
        guard tt_normalizer_classes(icu, first, 64, &block) else { continue }
        let prefix = Int(first / 64)
        starts[first < 0x800 ? Self.shortPrefixes + prefix : prefix] = start(of: block)
      }
    }
  }

  /// Where the block stands in `classes`; appended unless it is there.
  private mutating func start(of block: [UInt8]) -> UInt16 {
    var start = 0
    while start < classes.count {
      if classes[start..<start + 64].elementsEqual(block) { return UInt16(start) }
      start += 64
    }
    precondition(start <= UInt16.max, "a form has more kinds of blocks than 16 bits can number")
    classes += block
    return UInt16(start)
  }
}
