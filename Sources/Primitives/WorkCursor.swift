import Synchronization

/// Numbers from 0 to a count, each handed to exactly one of the threads that ask.
public final class WorkCursor: Sendable {
  private let count: Int
  private let position = Atomic<Int>(0)

  public init(count: Int) { self.count = count }

  /// The next number, or `nil` when all are taken or `stop` was called.
  public func next() -> Int? {
    let number = position.wrappingAdd(1, ordering: .relaxed).oldValue
    return number < count ? number : nil
  }

  /// Hands out no more numbers.
  public func stop() { position.store(count, ordering: .relaxed) }
}
