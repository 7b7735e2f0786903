#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A word of a file of counts in memory of its own, and how often it occurs.
///
/// Words are long by exception: a few are compared and copied by the million, so that nothing here
/// counts references or asks for bounds.
struct CountedWord: ~Copyable {
  /// Bytes that may be read and written behind the word: it is copied in steps of so many.
  static let slack = 16

  private(set) var bytes: UnsafeMutablePointer<UInt8>
  private(set) var length = 0
  private var capacity = 240
  /// The first eight bytes as a number that orders words as they do, zeros behind the end.
  private(set) var prefix: UInt64 = 0
  var count: UInt64 = 0

  init() {
    bytes = .allocate(capacity: capacity + Self.slack)
    bytes.initialize(repeating: 0, count: capacity + Self.slack)
  }

  deinit { bytes.deallocate() }

  /// Keeps the first bytes and takes others behind them.
  /// - Precondition: `shared` is not above the length; `slack` bytes may be read behind the others.
  @inline(__always)
  mutating func replace(from shared: Int, with start: UnsafePointer<UInt8>, count rest: Int) {
    let length = shared &+ rest
    if length > capacity { reserve(length, keeping: shared) }
    var done = 0
    repeat {
      let chunk = UnsafeRawPointer(start + done).loadUnaligned(as: SIMD16<UInt8>.self)
      UnsafeMutableRawPointer(bytes + shared + done).storeBytes(
        of: chunk, as: SIMD16<UInt8>.self)
      done &+= Self.slack
    } while done < rest
    self.length = length
    let first = UInt64(bigEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
    prefix = length >= 8 ? first : first & ~(UInt64.max &>> UInt64(8 &* length))
  }

  @inline(never)
  private mutating func reserve(_ length: Int, keeping shared: Int) {
    capacity = max(2 * capacity, length)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + Self.slack)
    larger.initialize(repeating: 0, count: capacity + Self.slack)
    larger.update(from: bytes, count: shared)
    bytes.deallocate()
    bytes = larger
  }

  /// Becomes a word whose first bytes are its own already. Nothing is read behind that word.
  @inline(__always)
  mutating func copy(from start: UnsafePointer<UInt8>, count length: Int, keeping shared: Int) {
    if length > capacity { reserve(length, keeping: shared) }
    (bytes + shared).update(from: start + shared, count: length &- shared)
    self.length = length
  }

  /// How many bytes it has in common with the beginning of a word.
  @inline(__always)
  func sharedLength(with start: UnsafePointer<UInt8>, count: Int) -> Int {
    let most = min(length, count)
    var shared = 0
    while shared < most, bytes[shared] == start[shared] { shared &+= 1 }
    return shared
  }

  @inline(__always)
  mutating func copy(_ other: borrowing CountedWord) {
    replace(from: 0, with: other.bytes, count: other.length)
    count = other.count
  }

  @inline(__always)
  func isSame(as other: borrowing CountedWord) -> Bool {
    prefix == other.prefix && length == other.length
      && (length <= 8 || memcmp(bytes, other.bytes, length) == 0)
  }

  /// Whether it stands before another by its bytes.
  @inline(__always)
  func precedes(_ other: borrowing CountedWord) -> Bool {
    if prefix != other.prefix { return prefix < other.prefix }
    if length <= 8 || other.length <= 8 { return length < other.length }
    let order = memcmp(bytes, other.bytes, min(length, other.length))
    return order != 0 ? order < 0 : length < other.length
  }
}
