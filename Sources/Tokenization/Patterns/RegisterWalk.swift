/// Walking a text with registers.
///
/// Each level of the state has a register: the slot in `ends` where its end goes. Boundaries that
/// never were are marked and squeezed out at the end.
extension RegisterTables {
  /// What is no place in a text.
  private static let void = UInt32.max
  static let slack = 8

  /// See `CompiledPattern.pieceEnds`; `mark` is added to ends of matches.
  func walk(
    _ text: UnsafePointer<UInt8>, _ lower: Int, _ upper: Int, _ startsDocument: Bool,
    _ endsDocument: Bool, _ ends: UnsafeMutablePointer<UInt32>, mark: UInt32
  ) -> Int {
    guard lower < upper else { return 0 }
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: 32) { registers in
      guard let base = registers.baseAddress else { return 0 }
      registers.initialize(repeating: 0)
      var walk = Walk(
        actions: actions, changes: changes, registers: base, ends: ends, mark: mark)
      var state = 0
      var at = lower
      if !startsDocument, let before = rows.rowBefore(text, lower) {
        // Whatever came before, the characters around a cut lead to one state, without levels or
        // with one that begins here.
        let first = rows.character(text, lower, endsDocument ? upper : upper + 4)
        state = Self.step(steps, before, state).next
        let step = Self.step(steps, first.row, state)
        base[Int(actions[step.action].fresh)] = 0
        state = step.next
        at += first.length
      }
      let (steps, rows) = (steps, rows)
      while at < upper {
        let character = rows.character(text, at, upper)
        let step = Self.step(steps, character.row, state)
        walk.perform(step.action, at)
        state = step.next
        at &+= character.length
      }
      let after = endsDocument ? rows.endOfText : rows.character(text, upper, upper + 4).row
      walk.perform(Self.step(steps, after, state).action, upper)
      return walk.squeezed()
    }
  }

  private struct Walk {
    let actions: UnsafePointer<Action>
    let changes: UnsafePointer<UInt8>
    let registers: UnsafeMutablePointer<Int>
    let ends: UnsafeMutablePointer<UInt32>
    let mark: UInt32
    /// The first slot that no level uses.
    var free = 0
    var hasVoid = false

    @inline(__always)
    mutating func perform(_ number: Int, _ at: Int) {
      let action = actions[number]
      let place = UInt32(truncatingIfNeeded: at)
      if action.accepting != Action.none {
        let slot = registers[Int(action.accepting)]
        ends[slot] = place | mark
        free = slot &+ 1
      }
      if action.dying | action.moves != 0 { change(action) }
      if action.endsGap {
        ends[free] = place
        free &+= 1
      }
      registers[Int(action.fresh)] = free
    }

    private mutating func change(_ action: Action) {
      var changes = changes + Int(action.changes)
      for _ in 0..<action.dying {
        let slot = registers[Int(changes[0])] - 1
        if free == slot + 1 {
          free = slot
        } else {
          ends[slot] = void
          hasVoid = true
        }
        changes += 1
      }
      for _ in 0..<action.moves {
        registers[Int(changes[0])] = registers[Int(changes[1])]
        changes += 2
      }
    }

    /// Takes out what is void; returns how many ends are left.
    func squeezed() -> Int {
      guard hasVoid else { return free }
      var count = 0
      for slot in 0..<free where ends[slot] != void {
        ends[count] = ends[slot]
        count += 1
      }
      return count
    }
  }
}
