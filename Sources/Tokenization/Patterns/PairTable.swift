/// Steps of an automaton over two ASCII characters at once: half as many loads wait for each other.
///
/// Unchecked Sendable: the memory is written in `init` only.
final class PairTable: @unchecked Sendable {
  /// One word, so that a step is one load: bytes from the row to the next state's entry (16 bits),
  /// the slots that receive the places before the two characters (8 and 8), whether matches end
  /// there (bits 47 and 48), how many slots become final (the highest 8). Nothing here costs a walk
  /// that asks for no marks an instruction.
  struct Step {
    var bits: UInt64

    init(_ next: Int, _ first: SlotAutomaton.Action, _ second: SlotAutomaton.Action) {
      func slot(_ action: SlotAutomaton.Action, from base: Int) -> UInt64 {
        UInt64(action.store == SlotAutomaton.noStore ? noStore : base + action.store)
      }
      bits =
        UInt64(next * Self.size) | slot(first, from: 0) << 16
        | slot(second, from: first.commit) << 24 | (first.endsMatch ? 1 << 47 : 0)
        | (second.endsMatch ? 1 << 48 : 0) | UInt64(first.commit + second.commit) << 56
    }

    static let size = MemoryLayout<Step>.stride
    @inline(__always) var next: Int { Int(bits & 0xFFFF) }
    @inline(__always) var firstStore: Int { Int(bits >> 16 & 0xFF) }
    @inline(__always) var secondStore: Int { Int(bits >> 24 & 0xFF) }
    @inline(__always) var commit: Int { Int(bits >> 56) }
    @inline(__always) var firstMark: UInt32 {
      UInt32(truncatingIfNeeded: bits >> 16) & CompiledPattern.matchMark
    }
    @inline(__always) var secondMark: UInt32 {
      UInt32(truncatingIfNeeded: bits >> 17) & CompiledPattern.matchMark
    }
  }

  /// By pair of classes, then state.
  private let steps: UnsafeMutableRawPointer
  /// For an ASCII character that comes first, the address of its rows; 128 words on, for one that
  /// comes second, the way from there to the row of the pair.
  let rows: UnsafePointer<Int>

  /// How many times as wide a step is as one of `WalkTables`.
  static let stateScale = Step.size / WalkTables.Step.size
  /// The slot that nobody reads.
  static let noStore = 31
  /// Larger tables would not stay in the caches.
  private static let largest = 1 << 18

  /// Nil where the table would be too large.
  init?(_ automaton: SlotAutomaton, _ classes: CharacterClasses) {
    let table = automaton.pieces.table
    let states = table.stateCount
    var present: [Int] = []
    var places: [Int] = []
    for byte in UInt32(0)..<128 {
      let number = classes.number(of: byte)
      let place = present.firstIndex(of: number) ?? present.count
      if place == present.count { present.append(number) }
      places.append(place)
    }
    let rowSize = states * Step.size
    let size = present.count * present.count * rowSize
    guard size <= Self.largest, rowSize <= 1 << 16 else { return nil }
    steps = .allocate(byteCount: size, alignment: 64)
    var place = steps.assumingMemoryBound(to: Step.self)
    for first in present {
      for second in present {
        for state in 0..<states {
          let step = table[state, first]
          let then = table[Int(step.next), second]
          let actions = automaton.pieces.actions
          place.initialize(
            to: Step(Int(then.next), actions[step.action], actions[then.action]))
          place += 1
        }
      }
    }
    let rows = UnsafeMutablePointer<Int>.allocate(capacity: 256)
    for byte in 0..<128 {
      rows[byte] = Int(bitPattern: steps) + places[byte] * present.count * rowSize
      rows[byte + 128] = places[byte] * rowSize
    }
    self.rows = UnsafePointer(rows)
  }

  deinit {
    steps.deallocate()
    rows.deallocate()
  }

  /// The step of a pair of bytes from a state, given as bytes from the row to its entry.
  @inline(__always)
  static func step(
    _ rows: UnsafePointer<Int>, _ first: UInt8, _ second: UInt8, _ state: Int
  ) -> Step {
    let address = rows[Int(first)] &+ rows[Int(second) &+ 128] &+ state
    return UnsafePointer<Step>(bitPattern: address).unsafelyUnwrapped.pointee
  }
}
