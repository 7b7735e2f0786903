/// Bytes of text with readable bytes behind them, as walkers and word keys need; grows, never
/// shrinks. Owned by one thread at a time.
final class TextBuffer {
  /// Bytes that may be read (not meaningfully) behind the last one.
  static let padding = 64

  /// Valid until the next `reserve`.
  private(set) var bytes: UnsafeMutablePointer<UInt8>
  private(set) var capacity: Int
  /// Bytes in use.
  var count = 0

  init(capacity: Int) {
    self.capacity = capacity
    bytes = .allocate(capacity: capacity + Self.padding)
    bytes.initialize(repeating: 0, count: capacity + Self.padding)
  }

  deinit { bytes.deallocate() }

  /// Makes room for `needed` bytes in all and keeps those in use.
  func reserve(_ needed: Int) {
    guard needed > capacity else { return }
    let grown = max(needed, capacity + capacity / 2)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: grown + Self.padding)
    moved.update(from: bytes, count: count)
    (moved + count).initialize(repeating: 0, count: grown + Self.padding - count)
    bytes.deallocate()
    bytes = moved
    capacity = grown
  }

  func append(_ start: UnsafePointer<UInt8>, count added: Int) {
    reserve(count + added)
    (bytes + count).update(from: start, count: added)
    count += added
  }

  /// Forgets the first `dropped` bytes.
  func removeFirst(_ dropped: Int) {
    bytes.update(from: bytes + dropped, count: count - dropped)
    count -= dropped
  }
}
