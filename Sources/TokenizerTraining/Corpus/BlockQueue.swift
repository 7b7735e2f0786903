#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Blocks on their way from the one thread that reads a stream to those that count: a few at most,
/// so that memory does not grow with the stream. Used buffers go the other way.
final class BlockQueue: @unchecked Sendable {
  // Safe to share: every access to the stored properties below holds `mutex`.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private let limit: Int
  private var blocks: [(number: Int, block: TextBlock)] = []
  private var spares: [TextBuffer] = []
  private var isClosed = false

  init(limit: Int) {
    self.limit = limit
    mutex = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// Waits for room and adds a block. Returns false when the queue has been closed.
  func push(_ block: TextBlock, number: Int) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while blocks.count >= limit && !isClosed { pthread_cond_wait(changed, mutex) }
    guard !isClosed else { return false }
    blocks.append((number, block))
    pthread_cond_broadcast(changed)
    return true
  }

  /// Waits for a block; `nil` when the queue is closed and empty.
  func pop() -> (number: Int, block: TextBlock)? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while blocks.isEmpty && !isClosed { pthread_cond_wait(changed, mutex) }
    guard !blocks.isEmpty else { return nil }
    let first = blocks.removeFirst()
    pthread_cond_broadcast(changed)
    return first
  }

  /// Ends the queue: blocks in it may still be popped, none is added.
  func close() {
    pthread_mutex_lock(mutex)
    isClosed = true
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(mutex)
  }

  func giveBack(_ buffer: TextBuffer) {
    pthread_mutex_lock(mutex)
    spares.append(buffer)
    pthread_mutex_unlock(mutex)
  }

  func takeSpare() -> TextBuffer? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return spares.popLast()
  }
}
