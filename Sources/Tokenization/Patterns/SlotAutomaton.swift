/// The form of an automaton in which every undecided boundary stands in a slot that the state
/// fixes. All patterns of known tokenizers have it.
struct SlotAutomaton: Sendable {
  /// Notes the place before the character in a slot, then makes slots final.
  struct Action: Hashable, Sendable {
    var store = noStore
    var commit = 0
    /// Whether the piece that ends there is a match.
    var endsMatch = false
  }

  /// The slot that nobody reads; those in use are below it.
  static let noStore = 15
  /// Where states leave more than this undecided, there may be no end to it.
  private static let mostSlots = 12
  private static let mostLevels = 12

  private(set) var pieces: PieceAutomaton<Action>

  /// Nil where the pattern needs registers.
  init?(_ closure: ThreadClosure, classCount: Int) throws(PatternError) {
    let pieces = try PieceAutomaton<Action>(
      closure, classCount: classCount, tracksSlots: true, mostLevels: Self.mostLevels
    ) { next, effects in
      guard !effects.leavesHoles, next.free + effects.commit <= Self.mostSlots else { return nil }
      return Action(
        store: effects.store ?? Self.noStore, commit: effects.commit,
        endsMatch: effects.accepting != nil)
    }
    guard let pieces else { return nil }
    self.pieces = pieces
    commitEarly()
  }

  /// Moves what is certain from a state on to the steps that lead to it.
  private mutating func commitEarly() {
    let (states, end) = (pieces.table.stateCount, pieces.table.classCount - 1)
    var certain = [Int](repeating: Self.noStore, count: states)
    var isSettled = false
    while !isSettled {
      isSettled = true
      for state in 0..<states {
        for character in 0...end {
          let step = pieces.table[state, character]
          let action = pieces.actions[step.action]
          let later = action.commit + (character == end ? 0 : certain[Int(step.next)])
          let bound = min(action.store, later)
          if bound < certain[state] {
            certain[state] = bound
            isSettled = false
          }
        }
      }
    }
    let table = pieces.table
    pieces.mapActions { state, character, action in
      var action = action
      let next = character == end ? 0 : certain[Int(table[state, character].next)]
      action.commit += next - certain[state]
      if action.store != Self.noStore { action.store -= certain[state] }
      return action
    }
  }

  /// The same for texts that are many documents, each a line.
  func withLinesAsDocuments(lineFeed: Int) -> SlotAutomaton {
    var result = self
    result.pieces = pieces.withLinesAsDocuments(lineFeed: lineFeed) { end, begin in
      Action(store: end.store, commit: end.commit + begin.commit, endsMatch: end.endsMatch)
    }
    return result
  }

  /// Merges states and classes that cut equally; returns the new number of each class.
  mutating func reduce() -> [Int] { pieces.reduce() }

  func cuts() -> [Bool] {
    pieces.cuts { $0.store != Self.noStore && $0.commit == $0.store + 1 }
  }
}
