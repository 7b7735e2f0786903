import Primitives

/// Words on their way into the tables.
final class WordBatch {
  /// The batch, the places that it touches and the text fit into the first-level cache.
  static let capacity = 256

  let words: KeyBatch
  /// Room for the numbers of those that are not in their place.
  let misses: UnsafeMutablePointer<UInt32>
  var count = 0

  /// - Parameter usesVectors: whether the processor's vectors are used if it has them.
  init(usesVectors: Bool = true) {
    words = KeyBatch(capacity: Self.capacity, usesVectors: usesVectors)
    misses = .allocate(capacity: Self.capacity + 1)
  }

  deinit { misses.deallocate() }
}
