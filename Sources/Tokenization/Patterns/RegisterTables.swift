/// The tables of an automaton with registers, class-major as in `WalkTables`.
///
/// Unchecked Sendable: the memory is written in `init` only.
final class RegisterTables: @unchecked Sendable {
  /// One word: bytes from the row to the next state's entry (low half), number of the action.
  struct Step {
    var bits: UInt32

    init(next: Int, action: Int) { bits = UInt32(next * Self.size) | UInt32(action) << 16 }

    static let size = MemoryLayout<Step>.stride
    @inline(__always) var next: Int { Int(bits & 0xFFFF) }
    @inline(__always) var action: Int { Int(bits >> 16) }
  }

  struct Action {
    /// The register whose slot receives the place before the character, or `none`.
    var accepting: UInt8
    /// The register of the attempt that begins there, or `none`.
    var fresh: UInt8
    var endsGap: Bool
    /// Entries of `changes`: first the registers that die, then pairs of registers that move.
    var dying: UInt8
    var moves: UInt8
    var changes: UInt32

    /// A register that nobody reads.
    static let none: UInt8 = 31
  }

  let steps: UnsafeRawPointer
  let actions: UnsafePointer<Action>
  let changes: UnsafePointer<UInt8>
  let rows: CharacterRows
  let cuts: CutTable

  /// Nil where it has too many actions.
  init?(_ automaton: RegisterAutomaton, _ classes: CharacterClasses) {
    let table = automaton.pieces.table
    let states = table.stateCount
    let list = automaton.pieces.actions.actions
    guard list.count <= 1 << 16 else { return nil }
    let steps = UnsafeMutablePointer<Step>.allocate(capacity: states * table.classCount)
    for state in 0..<states {
      for row in 0..<table.classCount {
        let step = table[state, row]
        (steps + row * states + state).initialize(
          to: Step(next: Int(step.next), action: Int(step.action)))
      }
    }
    var entries: [Action] = []
    var bytes: [UInt8] = []
    for action in list {
      entries.append(
        Action(
          accepting: action.accepting.map(UInt8.init) ?? Action.none,
          fresh: action.fresh.map(UInt8.init) ?? Action.none, endsGap: action.endsGap,
          dying: UInt8(action.dying.count), moves: UInt8(action.moves.count),
          changes: UInt32(bytes.count)))
      bytes += action.dying.map(UInt8.init)
      for move in action.moves { bytes += [UInt8(move.x), UInt8(move.y)] }
    }
    let actions = UnsafeMutablePointer<Action>.allocate(capacity: entries.count)
    actions.initialize(from: entries, count: entries.count)
    let changes = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + 1)
    changes.initialize(from: bytes, count: bytes.count)
    self.steps = UnsafeRawPointer(steps)
    self.actions = UnsafePointer(actions)
    self.changes = UnsafePointer(changes)
    rows = CharacterRows(classes, rowSize: states * Step.size)
    cuts = CutTable(automaton.cuts(), rows, classCount: classes.count)
  }

  deinit {
    steps.deallocate()
    actions.deallocate()
    changes.deallocate()
  }

  @inline(__always)
  static func step(_ steps: UnsafeRawPointer, _ row: Int, _ state: Int) -> Step {
    (steps + row).load(fromByteOffset: state, as: Step.self)
  }
}
