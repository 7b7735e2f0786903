import NativeBridges
import Primitives

/// The layout of count files: a magic number, the header, then blocks of words in ascending order of
/// their bytes, and an empty block. All numbers are little-endian.
///
/// A block: bytes of its content, bytes of that content compressed (32 bits each), XXH3-64 of the
/// compressed content (64 bits), the compressed content. The header stands there as if it were one.
///
/// In the content each word is: bytes it shares with the word before it in the block, bytes of the rest
/// and its count, as numbers of 7 bits a byte, low ones first; behind the second one the rest itself.
enum CountBlock {
  static let magic: [UInt8] = Array("\u{89}TOKCNT1".unicodeScalars.map { UInt8($0.value) })
  /// Bytes before the content.
  static let prefixLength = 16
  /// Content from which a block is written.
  static let targetLength = 1 << 18
  /// Content of a block at most: one word may be that much longer. A header has no more either.
  static let greatestLength = 1 << 30

  static func prefix(length: Int, compressed: Int, hash: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    for (value, width) in [(UInt64(length), 4), (UInt64(compressed), 4), (hash, 8)] {
      for byte in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))) }
    }
    return bytes
  }

  /// The numbers of a prefix.
  static func numbers(_ bytes: ArraySlice<UInt8>) -> (length: Int, compressed: Int, hash: UInt64) {
    func number(_ start: Int, _ width: Int) -> UInt64 {
      (0..<width).reversed().reduce(0) { $0 << 8 | UInt64(bytes[bytes.startIndex + start + $1]) }
    }
    return (Int(number(0, 4)), Int(number(4, 4)), number(8, 8))
  }

  static func hash(_ bytes: [UInt8]) -> UInt64 { tt_hash64(bytes, bytes.count) }

  /// `nil` where memory is short.
  static func compressed(_ content: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    let bytes = [UInt8](unsafeUninitializedCapacity: tt_block_bound(content.count)) {
      $1 = tt_block_compress($0.baseAddress, $0.count, content.baseAddress, content.count)
    }
    return bytes.isEmpty ? nil : bytes
  }

  /// `nil` for what is no such block.
  static func content(of compressed: [UInt8], length: Int) -> [UInt8]? {
    var isWhole = false
    let bytes = [UInt8](unsafeUninitializedCapacity: length) { room, count in
      isWhole = tt_block_decompress(room.baseAddress, length, compressed, compressed.count)
      count = isWhole ? length : 0
    }
    return isWhole ? bytes : nil
  }
}
