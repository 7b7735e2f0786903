/// Takes the tokens of a vocabulary in the order of their ids, into one arena: readers of files keep
/// no array for each.
struct VocabularyBuilder: ~Copyable {
  private var arena: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// Bytes of all tokens so far.
  private(set) var byteCount = 0
  private var offsets: [UInt32] = []
  private var present: [Bool] = []

  /// - Parameters:
  ///   - tokenCount: how many are expected.
  ///   - byteCount: what they may have together; what is not used costs no memory.
  init(tokenCount: Int, byteCount: Int) {
    capacity = max(64, byteCount)
    arena = .allocate(capacity: capacity)
    offsets.reserveCapacity(tokenCount + 1)
    offsets.append(0)
    present.reserveCapacity(tokenCount)
  }

  deinit { arena.deallocate() }

  /// One more than the last id.
  var count: Int { present.count }

  mutating func append(_ token: UnsafeBufferPointer<UInt8>) {
    reserve(token.count)
    if let start = token.baseAddress {
      (arena + byteCount).update(from: start, count: token.count)
    }
    close(token.count)
  }

  /// Adds a token that `write` puts into its place; nothing, and false, if that has none.
  ///
  /// - Parameter write: writes at most so many bytes, and returns how many.
  mutating func append(
    upTo most: Int, _ write: (UnsafeMutablePointer<UInt8>) -> Int?
  ) -> Bool {
    reserve(most)
    guard let length = write(arena + byteCount) else { return false }
    close(length)
    return true
  }

  mutating func appendHole() {
    offsets.append(UInt32(truncatingIfNeeded: byteCount))
    present.append(false)
  }

  /// Adds holes up to an id.
  mutating func appendHoles(before id: TokenID) {
    while present.count < Int(id) { appendHole() }
  }

  var vocabulary: Vocabulary {
    Vocabulary(
      bytes: Array(UnsafeBufferPointer(start: arena, count: byteCount)), offsets: offsets,
      present: present)
  }

  private mutating func close(_ length: Int) {
    byteCount += length
    precondition(byteCount <= UInt32.max, "readers refuse files of 4 GB and more")
    offsets.append(UInt32(truncatingIfNeeded: byteCount))
    present.append(true)
  }

  private mutating func reserve(_ more: Int) {
    if capacity - byteCount >= more { return }
    let larger = max(2 * capacity, byteCount + more)
    let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    grown.update(from: arena, count: byteCount)
    arena.deallocate()
    (arena, capacity) = (grown, larger)
  }
}
