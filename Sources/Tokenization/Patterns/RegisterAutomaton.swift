/// The form of an automaton for patterns that can leave any number of boundaries undecided, as
/// `\w+ing|\w` does in a long word: each level has a register that says where its slots are.
struct RegisterAutomaton: Sendable {
  struct Action: Hashable, Sendable {
    /// The level whose match ends before the character.
    var accepting: Int?
    /// Levels that die with a boundary that never was one, lowest first.
    var dying: [Int] = []
    /// Registers that move: where to, and where from; upwards.
    var moves: [SIMD2<Int>] = []
    /// Whether a gap ends before the character.
    var endsGap = false
    /// The register of an attempt that begins there.
    var fresh: Int?
    /// Whether the boundary and all before it are certain.
    var isCertain = false
  }

  /// Register numbers fit into five bits.
  static let mostLevels = 30

  private(set) var pieces: PieceAutomaton<Action>

  /// Nil where a match can stay undecided while too many others do.
  init?(_ closure: ThreadClosure, classCount: Int) throws(PatternError) {
    let pieces = try PieceAutomaton<Action>(
      closure, classCount: classCount, tracksSlots: false, mostLevels: Self.mostLevels
    ) { _, effects in
      var action = Action(
        accepting: effects.accepting, dying: effects.dying, endsGap: effects.endsGap)
      for (register, source) in effects.sources.enumerated() {
        if let source {
          if source != register { action.moves.append(SIMD2(register, source)) }
        } else {
          action.fresh = register
        }
      }
      action.isCertain =
        effects.accepting != nil && effects.sources.allSatisfy { $0 == nil }
        || effects.isEnd
      return action
    }
    guard let pieces else { return nil }
    self.pieces = pieces
  }

  /// The same for texts that are many documents, each a line.
  func withLinesAsDocuments(lineFeed: Int) -> RegisterAutomaton {
    var result = self
    result.pieces = pieces.withLinesAsDocuments(lineFeed: lineFeed) { end, begin in
      var action = end
      action.fresh = begin.fresh
      return action
    }
    return result
  }

  /// Merges states and classes that cut equally; returns the new number of each class.
  mutating func reduce() -> [Int] { pieces.reduce() }

  func cuts() -> [Bool] { pieces.cuts(isCertain: \.isCertain) }
}
