/// Least and greatest of some bytes; of none, the least is the greater one.
struct ByteRange: BitwiseCopyable, Equatable {
  private(set) var least: UInt8 = .max
  private(set) var greatest: UInt8 = 0

  init() {}

  init(_ byte: UInt8) {
    least = byte
    greatest = byte
  }

  /// Whether there are two different ones.
  @inline(__always)
  var differ: Bool { least < greatest }

  @inline(__always)
  mutating func formUnion(_ other: ByteRange) {
    least = min(least, other.least)
    greatest = max(greatest, other.greatest)
  }
}
