/// Which of the pieces that a splitter found stay, and which of them join.
struct PieceFilter: Sendable {
  private let behavior: SplitBehavior
  private let inverts: Bool

  init(_ behavior: SplitBehavior, inverts: Bool) {
    self.behavior = behavior
    self.inverts = inverts
  }

  /// Whether all pieces stay as they are.
  var keepsAll: Bool { behavior == .isolated }

  /// Whether matches stay as they are, and nothing else does.
  var keepsMatchesOnly: Bool { behavior == .removed && inverts }

  /// Whether the place between two pieces of any kind stays a border.
  var keepsBorders: Bool { behavior == .isolated || behavior == .removed }

  /// Applies the behavior to `count` pieces whose flagged ends stand in `ends`, the first of which
  /// begins at `start`: writes starts and ends of what is left and returns its number. Pieces of
  /// length 0 go, after they have joined others or parted them.
  func apply(
    _ ends: UnsafeMutablePointer<UInt32>, count: Int, from start: UInt32,
    starts: UnsafeMutablePointer<UInt32>
  ) -> Int {
    keepsBorders
      ? keep(ends, count, start, starts) : join(ends, count, start, starts)
  }

  private func keep(
    _ ends: UnsafeMutablePointer<UInt32>, _ count: Int, _ start: UInt32,
    _ starts: UnsafeMutablePointer<UInt32>
  ) -> Int {
    // What the flag says of a piece that goes; neither 0 nor 1 if none goes.
    let dropped: UInt32 = behavior == .isolated ? 2 : inverts ? 0 : 1
    var kept = 0
    var start = start
    for index in 0..<count {
      let flagged = ends[index]
      let end = flagged & ~CompiledPattern.matchMark
      starts[kept] = start
      ends[kept] = end
      kept &+= (flagged >> 31 != dropped) && end > start ? 1 : 0
      start = end
    }
    return kept
  }

  private func join(
    _ ends: UnsafeMutablePointer<UInt32>, _ count: Int, _ start: UInt32,
    _ starts: UnsafeMutablePointer<UInt32>
  ) -> Int {
    var kept = -1
    var start = start
    var wasMatch = false
    var previous: UInt32 = 0
    for index in 0..<count {
      let flagged = ends[index]
      let end = flagged & ~CompiledPattern.matchMark
      let isMatch = (flagged & CompiledPattern.matchMark != 0) != inverts
      let joins =
        switch behavior {
        case .removed, .isolated: false
        // An empty match parts stretches between matches that touch.
        case .contiguous: flagged & previous & CompiledPattern.matchMark != 0
        case .mergedWithPrevious: isMatch && !wasMatch
        case .mergedWithNext: wasMatch && !isMatch
        }
      previous = flagged
      if !(joins && kept >= 0) {
        // A piece of nothing gives its place to the next.
        if kept < 0 || ends[kept] > starts[kept] { kept &+= 1 }
        starts[kept] = start
      }
      ends[kept] = end
      start = end
      wasMatch = isMatch
    }
    return kept >= 0 && ends[kept] == starts[kept] ? kept : kept &+ 1
  }
}
