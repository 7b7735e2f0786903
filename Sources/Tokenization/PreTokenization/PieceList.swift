/// Where the pieces of a text begin and end.
struct PieceList: ~Copyable {
  /// Ends, with one place before them; and starts, where pieces do not touch.
  private var memory: UnsafeMutablePointer<UInt32>
  private var gapStarts: UnsafeMutablePointer<UInt32>?
  private var capacity: Int
  var count = 0
  /// Whether each piece begins where the one before ends: starts are the ends moved by one then.
  private(set) var isContiguous = true

  init(capacity: Int) {
    self.capacity = capacity
    memory = .allocate(capacity: capacity + 1)
  }

  deinit {
    memory.deallocate()
    gapStarts?.deallocate()
  }

  var ends: UnsafeMutablePointer<UInt32> { memory + 1 }

  /// Where the last piece ends.
  var end: Int { count > 0 ? Int(ends[count - 1]) : 0 }

  /// As many as ends.
  var starts: UnsafePointer<UInt32> {
    UnsafePointer(isContiguous ? memory : gapStarts ?? memory)
  }

  /// Makes room for `count` pieces that touch; what was written before is lost.
  mutating func reset(room count: Int, contiguousFrom start: Int) {
    reserve(count)
    isContiguous = true
    memory[0] = UInt32(truncatingIfNeeded: start)
  }

  /// Makes room for `count` pieces with starts of their own, and returns the place for these.
  mutating func reset(withStartsFor count: Int) -> UnsafeMutablePointer<UInt32> {
    reserve(count)
    isContiguous = false
    if let gapStarts { return gapStarts }
    let starts = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
    gapStarts = starts
    return starts
  }

  /// Replaces each piece by what `body` makes of it. Pieces that touch must touch after.
  mutating func move(_ body: (Range<Int>) -> Range<Int>) {
    var start = count > 0 ? Int(starts[0]) : 0
    for index in 0..<count {
      if !isContiguous { start = Int(starts[index]) }
      let end = Int(ends[index])
      let moved = body(start..<end)
      ends[index] = UInt32(truncatingIfNeeded: moved.upperBound)
      gapStarts?[index] = UInt32(truncatingIfNeeded: moved.lowerBound)
      start = end
    }
  }

  private mutating func reserve(_ count: Int) {
    self.count = 0
    guard count > capacity else { return }
    memory.deallocate()
    gapStarts?.deallocate()
    gapStarts = nil
    capacity = count
    memory = .allocate(capacity: capacity + 1)
  }
}
