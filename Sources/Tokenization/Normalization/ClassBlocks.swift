import NativeBridges

/// The class bytes of every code point in two stages, as `NormalizationTable` reads them.
struct ClassBlocks {
  /// First index in `starts` of the prefixes of two-byte characters: after all code points / 64.
  static let shortPrefixes = 0x11_0000 / 64

  private(set) var starts: [UInt16]
  private(set) var classes: [UInt8]

  /// The code points that a form can touch. Left out, since asking ICU is most of the cost of a
  /// table: unified ideographs and private use, which by policy never decompose nor combine, the
  /// empty planes, and the tags and variation selectors of plane 14.
  private static let touched: [Range<UInt32>] = [
    0x80..<0x800, 0x800..<0x3400, 0x4DC0..<0x4E00, 0xA000..<0xD800, 0xF900..<0x2_0000,
    0x2_F800..<0x3_0000,
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
    let known = classes.withUnsafeBytes { classes in
      block.withUnsafeBytes { block in
        stride(from: 0, to: classes.count, by: 64).first {
          classes[$0..<$0 + 64].elementsEqual(block)
        }
      }
    }
    if let known { return UInt16(known) }
    let start = classes.count
    precondition(start <= UInt16.max, "a form has more kinds of blocks than 16 bits can number")
    classes += block
    return UInt16(start)
  }
}
