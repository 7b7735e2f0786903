#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One stream for many threads: each reads its next block while the others count theirs.
///
/// No thread waits for another to work on its behalf, so any number of threads gets through, and
/// blocks are in memory once a thread at most.
final class StreamTurns: @unchecked Sendable {
  // Safe to share: the stored properties below are touched by whoever holds `mutex` only.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let blocks: StreamBlocks
  private var nextNumber = 0
  private var hasStopped = false

  init(_ blocks: StreamBlocks) {
    self.blocks = blocks
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// The next block and its number; `nil` at the end of the stream, after `stop`, or when reading
  /// failed, which `failed` is told with the number of the block.
  /// - Parameter spare: the buffer of a block that has been counted, to be used again.
  func next(
    spare: TextBuffer?, failed: (CorpusError, Int) -> Void
  ) -> (number: Int, block: TextBlock)? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    guard !hasStopped else { return nil }
    do throws(CorpusError) {
      if let block = try blocks.next(spare: spare) {
        nextNumber += 1
        return (nextNumber - 1, block)
      }
    } catch {
      failed(error, nextNumber)
    }
    hasStopped = true
    return nil
  }

  /// Hands out no more blocks.
  func stop() {
    pthread_mutex_lock(mutex)
    hasStopped = true
    pthread_mutex_unlock(mutex)
  }
}
