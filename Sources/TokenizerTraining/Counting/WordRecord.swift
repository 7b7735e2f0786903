import NativeBridges
import Primitives

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A counted word on its way from the tables to the list: a key, or for longer words the address
/// and length of its bytes.
struct WordRecord {
  var hash: UInt64
  var low: UInt64
  var high: UInt64
  var count: UInt64

  init(key: ShortKey, hash: UInt64, count: UInt64) {
    self.hash = hash
    low = key.low
    high = key.high
    self.count = count
  }

  init(bytes: UnsafeBufferPointer<UInt8>, hash: UInt64, count: UInt64) {
    self.hash = hash
    low = UInt64(UInt(bitPattern: bytes.baseAddress))
    high = UInt64(bytes.count)
    self.count = count
  }

  /// The record of a word, which stays where it is.
  init(_ word: UnsafeBufferPointer<UInt8>, count: UInt64) {
    if let key = ShortKey(word) {
      self.init(key: key, hash: key.hash, count: count)
    } else {
      self.init(bytes: word, hash: tt_hash64(word.baseAddress, word.count), count: count)
    }
  }

  /// A key carries its length in the top byte, which no length of a longer word reaches.
  private var isShort: Bool { high >> 56 != 0 }

  var length: Int { isShort ? Int(high >> 56) : Int(high) }

  /// Copies the bytes to `target`. Up to 16 bytes of the room may be overwritten.
  @inline(__always)
  func write(to target: UnsafeMutablePointer<UInt8>, room: Int) {
    if isShort, room >= 16 {
      ShortKey(low: low, high: high).write(to: target)
    } else if isShort {
      withUnsafeBytes(of: (low.littleEndian, high.littleEndian)) { bytes in
        _ = bytes.baseAddress.map { memcpy(target, $0, length) }
      }
    } else if let start = UnsafeRawPointer(bitPattern: UInt(low)) {
      memcpy(target, start, Int(high))
    }
  }

  /// Less than 0, 0 or more than 0: the order of hashes; where they are equal, of lengths and bytes.
  func compare(_ other: WordRecord) -> Int {
    if hash != other.hash { return hash < other.hash ? -1 : 1 }
    if high != other.high { return high < other.high ? -1 : 1 }
    if low == other.low { return 0 }
    guard !isShort, let mine = UnsafeRawPointer(bitPattern: UInt(low)),
      let theirs = UnsafeRawPointer(bitPattern: UInt(other.low))
    else { return low < other.low ? -1 : 1 }
    return Int(memcmp(mine, theirs, Int(high)))
  }
}
