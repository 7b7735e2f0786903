/// What a short run becomes: up to 24 bytes, held in registers, and what they share with the run.
struct RunReplacement {
  static let capacity = 24

  let low: UInt64
  let middle: UInt64
  let high: UInt64
  /// Bytes in use.
  let length: UInt8
  /// Bytes of whole characters that run and replacement begin with alike.
  let samePrefix: UInt8
  /// The same at their ends, after the prefix.
  let sameSuffix: UInt8
  let isUnchanged: Bool
  /// Whether the run changes in several places, which share no source.
  let hasParts: Bool

  /// The run goes.
  static let nothing = RunReplacement(
    words: (0, 0, 0), length: 0, samePrefix: 0, sameSuffix: 0, isUnchanged: false)

  private init(
    words: (UInt64, UInt64, UInt64), length: Int, samePrefix: Int, sameSuffix: Int,
    isUnchanged: Bool, hasParts: Bool = false
  ) {
    (low, middle, high) = words
    self.length = UInt8(truncatingIfNeeded: length)
    self.samePrefix = UInt8(truncatingIfNeeded: samePrefix)
    self.sameSuffix = UInt8(truncatingIfNeeded: sameSuffix)
    self.isUnchanged = isUnchanged
    self.hasParts = hasParts
  }

  /// - Precondition: `result` holds at most `capacity` bytes.
  init(
    of run: UnsafeBufferPointer<UInt8>, is result: UnsafeBufferPointer<UInt8>,
    hasParts: Bool = false
  ) {
    precondition(result.count <= Self.capacity, "a long replacement belongs to no entry")
    var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
    withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: result) }
    let common = CommonEnds(run, result)
    self.init(
      words: words, length: result.count, samePrefix: common.prefix, sameSuffix: common.suffix,
      isUnchanged: common.prefix == run.count && run.count == result.count, hasParts: hasParts)
  }

  /// A replacement of one to three characters of three bytes each, all of them new.
  init(_ first: UInt32, _ second: UInt32? = nil, _ third: UInt32? = nil) {
    var words: (UInt64, UInt64) = (Self.encoded(first), 0)
    var length = 3
    if let second {
      words.0 |= Self.encoded(second) << 24
      length = 6
    }
    if let third {
      let bytes = Self.encoded(third)
      words.0 |= bytes << 48
      words.1 = bytes >> 16
      length = 9
    }
    self.init(
      words: (words.0.littleEndian, words.1.littleEndian, 0), length: length, samePrefix: 0,
      sameSuffix: 0, isUnchanged: false)
  }

  /// A character of 3 or 4 bytes between two blanks.
  init(spacing run: NormalizationTable.Run) {
    var bytes: UInt64 = 0
    for offset in (0..<min(run.length, 4)).reversed() {
      bytes = bytes << 8 | UInt64(run.start[offset])
    }
    let length = min(run.length, 4)
    let word = 0x20 | bytes << 8 | 0x20 << UInt64(8 * length + 8)
    self.init(
      words: (word.littleEndian, 0, 0), length: length + 2, samePrefix: 0, sameSuffix: 0,
      isUnchanged: false)
  }

  @inline(__always)
  private static func encoded(_ scalar: UInt32) -> UInt64 {
    let lead = scalar >> 12
    let second = (scalar >> 6 & 63) << 8
    let third = (scalar & 63) << 16
    return UInt64(0x80_80E0 | lead | second | third)
  }
}

/// How many bytes of whole characters two texts share at their ends; the rest is what an edit
/// changes. The stable order of marks makes equal ends the same characters.
struct CommonEnds {
  private(set) var prefix = 0
  private(set) var suffix = 0

  init(_ old: UnsafeBufferPointer<UInt8>, _ new: UnsafeBufferPointer<UInt8>) {
    let shorter = min(old.count, new.count)
    while prefix < shorter && old[prefix] == new[prefix] { prefix += 1 }
    // A character whose last byte differs differs as a whole.
    while prefix > 0 && (Self.continues(old, prefix) || Self.continues(new, prefix)) {
      prefix -= 1
    }
    var matched = 0
    while matched < shorter - prefix
      && old[old.count - 1 - matched] == new[new.count - 1 - matched]
    {
      matched += 1
      if !Self.continues(old, old.count - matched) { suffix = matched }
    }
  }

  private static func continues(_ text: UnsafeBufferPointer<UInt8>, _ offset: Int) -> Bool {
    offset < text.count && text[offset] & 0xC0 == 0x80
  }
}
