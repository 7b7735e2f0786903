/// The states of a walk that cuts text into pieces with one step per character and no way back.
///
/// A state is a stack of attempts to match. Level 0 is the attempt in progress; each further level
/// is what comes to hold if those above it end as they stand: it began where the level above has
/// last matched, or one character after that level began, if it has not matched. Below the last
/// level a fresh attempt begins at every place. When a level matches, those below it are void.
///
/// Threads that a higher level holds as well are taken from the lower one: if they match, they void
/// it, and if they die, so they would there. So the levels share nothing, and there are finitely
/// many states for every pattern.
///
/// Boundaries are provisional until the levels above them have died. Each is in a slot: a level
/// behind a gap has one for its begin, and one for its end once it has matched.
struct PieceStates {
  /// What is known of a level.
  struct Level {
    enum Outcome: Int32 { case none, empty, match }

    /// Its match so far.
    var outcome = Outcome.none
    /// Whether a gap ends where it begins, so that its begin is a boundary of its own.
    var followsGap = false
    /// Its first slot, counted from the first that is not final.
    var slot = 0
    var threads: [Int32] = []

    var endSlot: Int { slot + (followsGap ? 1 : 0) }
    /// The first slot of the level below.
    var nextSlot: Int { endSlot + (outcome == .match ? 1 : 0) }
  }

  /// What a step does with boundaries.
  struct Effects {
    /// The level that matches before the character.
    var accepting: Int?
    /// Whether a gap ends before the character, since an attempt begins there or the text ends.
    var endsGap = false
    /// Levels that die without a match but with a slot for their begin, lowest first.
    var dying: [Int] = []
    /// For each level of the new state, which it was; nil for the fresh one.
    var sources: [Int?] = []
    /// Slot of the boundary that the step notes, and slots that become final.
    var store: Int?
    var commit = 0
    /// Whether begins of dying levels stand in slots below others that stay.
    var leavesHoles = false
    var isEnd = false
  }

  struct State {
    var levels: [Level] = []
    /// The first slot that no level uses.
    var free = 0
    var context = 0
  }

  private var closure: ThreadClosure
  private let end: Int
  /// Without slots in the states, there are finitely many for patterns that leave any number of
  /// boundaries undecided; the walk then keeps slots in registers.
  private let tracksSlots: Bool

  init(_ closure: ThreadClosure, end: Int, tracksSlots: Bool) {
    self.closure = closure
    self.end = end
    self.tracksSlots = tracksSlots
  }

  /// Where a text begins.
  var start: State { State(context: closure.contexts[end]) }

  /// What a state becomes over a character, or at the end of text.
  mutating func step(_ state: State, isStart: Bool, over character: Int) -> (State, Effects) {
    var effects = Effects()
    var next = State(free: state.free, context: closure.contexts[character])
    var dead: [Int] = []
    closure.beginState()
    for (index, level) in state.levels.enumerated() {
      var moved = level
      moved.threads = []
      let accepts = closure.follow(
        level.threads[...], context: state.context, character, into: &moved.threads)
      if accepts {
        moved.outcome = .match
        effects.accepting = index
        effects.store = level.endSlot
        next.free = moved.nextSlot
      }
      if !moved.threads.isEmpty {
        next.levels.append(moved)
        effects.sources.append(index)
      } else if moved.outcome == .none, moved.followsGap {
        dead.append(index)
      }
      if accepts { break }
    }
    bury(dead, of: state, &next, &effects)
    if character == end {
      close(&next, &effects)
      return (next, effects)
    }
    if !dropBelowSure(&next, &effects) {
      beginFresh(
        after: state, &next, &effects, atBoundary: isStart || effects.accepting != nil, character)
    }
    settle(&next, &effects)
    return (next, effects)
  }

  /// Frees the slots of levels that have died, or notes that they are holes.
  private func bury(
    _ dead: [Int], of state: State, _ next: inout State, _ effects: inout Effects
  ) {
    for index in dead.reversed() {
      let slot = state.levels[index].slot
      effects.dying.append(index)
      if next.free == slot + 1 {
        next.free = slot
      } else {
        effects.leavesHoles = true
      }
    }
  }

  /// A level that matches whatever follows needs none below it.
  private mutating func dropBelowSure(_ next: inout State, _ effects: inout Effects) -> Bool {
    for index in next.levels.indices
    where closure.acceptsAlways(next.levels[index].threads[...], context: next.context) {
      next.levels.removeSubrange((index + 1)...)
      effects.sources.removeSubrange((index + 1)...)
      next.free = next.levels[index].nextSlot
      return true
    }
    return false
  }

  private mutating func beginFresh(
    after state: State, _ next: inout State, _ effects: inout Effects, atBoundary: Bool,
    _ character: Int
  ) {
    var fresh = Level(followsGap: !atBoundary, slot: next.free)
    if closure.follow([0], context: state.context, character, into: &fresh.threads) {
      fresh.outcome = .empty
    }
    if fresh.threads.isEmpty, fresh.outcome == .none { return }
    if fresh.followsGap {
      effects.endsGap = true
      effects.store = fresh.slot
    }
    next.free = fresh.nextSlot
    if !fresh.threads.isEmpty {
      next.levels.append(fresh)
      effects.sources.append(nil)
    }
  }

  /// The end of text: what no level matches is a gap.
  private func close(_ next: inout State, _ effects: inout Effects) {
    if effects.accepting == nil {
      effects.endsGap = true
      effects.store = next.free
      next.free += 1
    }
    next.levels = []
    effects.sources = []
    effects.isEnd = true
    effects.commit = next.free
    next.free = 0
  }

  /// Slots below the first level are final.
  private func settle(_ next: inout State, _ effects: inout Effects) {
    guard tracksSlots else {
      for index in next.levels.indices { next.levels[index].slot = 0 }
      next.free = 0
      return
    }
    effects.commit = next.levels.first?.slot ?? next.free
    for index in next.levels.indices { next.levels[index].slot -= effects.commit }
    next.free -= effects.commit
  }
}
