/// A range in parts of equal size, shared by threads.
public struct Parts: Sendable {
  public let count: Int
  public let size: Int

  public init(_ count: Int, size: Int) {
    self.count = count
    self.size = size
  }

  /// How many threads there is work for.
  public func rows(_ threads: Int) -> Int { max(1, min(threads, (count + size - 1) / size)) }

  public func run(threads: Int, _ body: @Sendable (Range<Int>) -> Void) {
    runNumbered(threads: threads) { _, range in body(range) }
  }

  /// Calls `body` with the number of a thread, below `rows`, and a part.
  public func runNumbered(threads: Int, _ body: @Sendable (_ thread: Int, Range<Int>) -> Void) {
    let cursor = WorkCursor(count: (count + size - 1) / size)
    Threads.run(rows(threads)) { thread in
      while let part = cursor.next() {
        body(thread, part * size..<min(count, (part + 1) * size))
      }
    }
  }
}
