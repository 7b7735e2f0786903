#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The content of a block that is being read: words by what they share with the one before.
struct CountContent: ~Copyable {
  private var bytes: UnsafeMutablePointer<UInt8>
  private var capacity = 0
  private var count = 0
  private var place = 0

  init() { bytes = .allocate(capacity: CountedWord.slack) }

  deinit { bytes.deallocate() }

  var isEmpty: Bool {
    @inline(__always) get { place == count }
  }

  mutating func take(_ block: [UInt8]) {
    if block.count > capacity {
      bytes.deallocate()
      capacity = max(block.count, 2 * CountBlock.targetLength)
      bytes = .allocate(capacity: capacity + CountedWord.slack)
      (bytes + capacity).initialize(repeating: 0, count: CountedWord.slack)
    }
    block.withUnsafeBufferPointer { block in
      if let start = block.baseAddress { bytes.update(from: start, count: block.count) }
    }
    count = block.count
    place = 0
  }

  /// Reads a word; false where there is none that may stand behind `word`: ascending order is what all
  /// that adds up files relies on.
  @inline(__always)
  mutating func read(into word: inout CountedWord, sharesBlock: Bool) -> Bool {
    guard let shared = number(), let rest = number(),
      shared <= (sharesBlock ? UInt64(word.length) : 0), rest > 0, rest <= UInt64(count &- place)
    else { return false }
    let (kept, added) = (Int(shared), Int(rest))
    let start = bytes + place
    if sharesBlock {
      guard kept == word.length || start[0] > word.bytes[kept] else { return false }
    } else {
      let order = memcmp(word.bytes, start, min(word.length, added))
      guard order < 0 || order == 0 && word.length < added else { return false }
    }
    word.replace(from: kept, with: start, count: added)
    place &+= added
    guard let occurrences = number(), occurrences > 0 else { return false }
    word.count = occurrences
    return true
  }

  /// A number of 7 bits a byte; `nil` where none ends in the block or it is 2^63 or more.
  @inline(__always)
  private mutating func number() -> UInt64? {
    guard place < count else { return nil }
    let first = bytes[place]
    if first < 0x80 {
      place &+= 1
      return UInt64(first)
    }
    return longNumber()
  }

  @inline(never)
  private mutating func longNumber() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 56, by: 7) {
      guard place < count else { return nil }
      let byte = bytes[place]
      place &+= 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}
