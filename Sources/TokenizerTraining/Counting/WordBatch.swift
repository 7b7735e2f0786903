import Primitives

/// Words on their way into the tables: keys and places of some hundred, so that the memory each
/// needs is under way before it is touched.
final class WordBatch {
  /// The batch, the places that it touches and the text fit into the first-level cache.
  static let capacity = 256

  let keys: UnsafeMutablePointer<ShortKey>
  let places: UnsafeMutablePointer<UInt32>
  let misses: UnsafeMutablePointer<UInt32>
  /// Numbers of those that are longer than a key.
  let longs: UnsafeMutablePointer<UInt32>
  var count = 0

  init() {
    keys = .allocate(capacity: Self.capacity)
    places = .allocate(capacity: Self.capacity)
    misses = .allocate(capacity: Self.capacity + 1)
    longs = .allocate(capacity: Self.capacity + 1)
  }

  deinit {
    keys.deallocate()
    places.deallocate()
    misses.deallocate()
    longs.deallocate()
  }
}
