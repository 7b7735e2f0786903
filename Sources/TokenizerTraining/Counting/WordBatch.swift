import Primitives

/// Words on their way into the tables: keys and hashes of some hundred, so that the memory each
/// needs is under way before it is touched.
final class WordBatch {
  /// The batch and the places that it touches fit into the first-level cache.
  static let capacity = 512

  let keys: UnsafeMutablePointer<ShortKey>
  let hashes: UnsafeMutablePointer<UInt64>
  let misses: UnsafeMutablePointer<UInt32>
  var count = 0

  init() {
    keys = .allocate(capacity: Self.capacity)
    hashes = .allocate(capacity: Self.capacity)
    misses = .allocate(capacity: Self.capacity + 1)
  }

  deinit {
    keys.deallocate()
    hashes.deallocate()
    misses.deallocate()
  }
}
