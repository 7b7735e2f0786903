import Primitives

/// A growing list of record numbers for each symbol, all in one row of memory.
struct RecordLists: ~Copyable {
  private struct List: BitwiseCopyable {
    var start: Int
    var count: UInt32
    /// 0 or a power of two.
    var capacity: UInt32
  }

  private let lists: PageBuffer<List>
  private var entries: UnsafeMutablePointer<UInt32>
  private var capacity = 1 << 12
  private var end = 0

  /// `nil` without memory.
  init?(symbolLimit: Int) {
    guard let lists = PageBuffer<List>(count: symbolLimit) else { return nil }
    self.lists = lists
    entries = .allocate(capacity: capacity)
  }

  deinit { entries.deallocate() }

  @inline(__always)
  func count(of symbol: Int) -> Int { Int(lists[symbol].count) }

  @inline(__always)
  subscript(symbol: Int, index: Int) -> Int {
    get { Int(entries[lists[symbol].start &+ index]) }
    nonmutating set { entries[lists[symbol].start &+ index] = UInt32(truncatingIfNeeded: newValue) }
  }

  mutating func append(_ record: Int, to symbol: Int) {
    if lists[symbol].count == lists[symbol].capacity { grow(symbol) }
    let index = Int(lists[symbol].count)
    lists[symbol].count += 1
    self[symbol, index] = record
  }

  /// Forgets all entries from an index on.
  func keep(_ count: Int, of symbol: Int) { lists[symbol].count = UInt32(count) }

  private mutating func grow(_ symbol: Int) {
    let old = lists[symbol]
    let room = max(4, 2 * Int(old.capacity))
    if end + room > capacity {
      let more = UnsafeMutablePointer<UInt32>.allocate(capacity: 2 * max(capacity, room))
      more.update(from: entries, count: end)
      entries.deallocate()
      entries = more
      capacity = 2 * max(capacity, room)
    }
    (entries + end).update(from: entries + old.start, count: Int(old.count))
    lists[symbol] = List(start: end, count: old.count, capacity: UInt32(room))
    end += room
  }
}
