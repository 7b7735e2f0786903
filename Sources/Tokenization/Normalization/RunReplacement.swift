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

  /// - Precondition: `result` holds at most `capacity` bytes.
  init(of run: UnsafeBufferPointer<UInt8>, is result: UnsafeBufferPointer<UInt8>) {
    precondition(result.count <= Self.capacity, "a long replacement belongs to no entry")
    var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
    withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: result) }
    let common = CommonEnds(run, result)
    (low, middle, high) = words
    length = UInt8(result.count)
    samePrefix = UInt8(common.prefix)
    sameSuffix = UInt8(common.suffix)
    isUnchanged = common.prefix == run.count && run.count == result.count
  }

  /// A replacement of one to three characters of three bytes each, all of them new.
  init(_ first: UInt32, _ second: UInt32? = nil, _ third: UInt32? = nil) {
    var words: (UInt64, UInt64) = (Self.encoded(first), 0)
    var length: UInt8 = 3
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
    low = words.0.littleEndian
    middle = words.1.littleEndian
    high = 0
    self.length = length
    samePrefix = 0
    sameSuffix = 0
    isUnchanged = false
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
