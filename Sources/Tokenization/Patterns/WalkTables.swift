/// The tables of an automaton with slots, class-major: the row depends on the character only, so
/// one load per character is on the chain of states.
///
/// Unchecked Sendable: the memory is written in `init` only.
final class WalkTables: @unchecked Sendable {
  /// One word: bytes from the row to the next state's entry (16 bits), the slot that receives the
  /// place before the character (7), whether a match ends there (1), how many slots become final (8).
  struct Step {
    var bits: UInt32

    init(next: Int, _ action: SlotAutomaton.Action) {
      bits =
        UInt32(next * Self.size) | UInt32(action.store) << 16
        | (action.endsMatch ? 1 << 23 : 0) | UInt32(action.commit) << 24
    }

    static let size = MemoryLayout<Step>.stride
    @inline(__always) var next: Int { Int(bits & 0xFFFF) }
    @inline(__always) var store: Int { Int(bits >> 16 & 0x7F) }
    @inline(__always) var commit: Int { Int(bits >> 24) }
    @inline(__always) var mark: UInt32 { bits << 8 & CompiledPattern.matchMark }
  }

  /// By class, then state.
  let steps: UnsafeRawPointer
  let rows: CharacterRows
  let cuts: CutTable
  let pairs: PairTable?

  init(_ automaton: SlotAutomaton, _ classes: CharacterClasses) {
    let table = automaton.pieces.table
    let states = table.stateCount
    let rows = classes.count + 2
    let steps = UnsafeMutablePointer<Step>.allocate(capacity: states * rows)
    for state in 0..<states {
      for row in 0..<rows {
        var (next, action) = (state, SlotAutomaton.Action())
        if row < table.classCount {
          let step = table[state, row]
          (next, action) = (Int(step.next), automaton.pieces.actions[step.action])
        }
        (steps + row * states + state).initialize(to: Step(next: next, action))
      }
    }
    self.steps = UnsafeRawPointer(steps)
    self.rows = CharacterRows(classes, rowSize: states * Step.size)
    cuts = CutTable(automaton.cuts(), self.rows, classCount: classes.count)
    pairs = PairTable(automaton, classes)
  }

  deinit { steps.deallocate() }

  @inline(__always)
  static func step(_ steps: UnsafeRawPointer, _ row: Int, _ state: Int) -> Step {
    (steps + row).load(fromByteOffset: state, as: Step.self)
  }
}
