/// Cuts text into pieces with one step per character and no way back.
///
/// A state is a stack of attempts: level 0 is the match in progress, level k + 1 starts where level
/// k last accepted. Ends are provisional: slot k belongs to level k until the levels above settle.
struct PieceAutomaton {
  struct Step: Hashable {
    var next = 0
    /// Slot that receives the place before the character; `noStore` for none.
    var store = noStore
    /// Slots that become final.
    var commit = 0
  }

  static let noStore = 7
  private static let deepest = 6
  private static let mostStates = 4000

  /// By state, then class; the last class is the end of text.
  private(set) var steps: [[Step]] = []

  private struct State: Hashable {
    var levels: [[Int32]] = []
    var isFresh = false
    var behind = 0
    var isAfterDocument = false
  }

  private let program: PatternProgram
  private let classes: CharacterClasses
  /// For each class and the begin of text, the first class that look-behind cannot tell from it.
  private var behinds: [Int] = []

  init(
    _ program: PatternProgram, _ classes: CharacterClasses, documentEnd: Int?
  ) throws(PatternError) {
    self.program = program
    self.classes = classes
    let end = classes.count
    let looks = program.code.compactMap { (code) -> (Look, Int)? in
      if case .look(let look, let set) = code, look.behind { (look, set) } else { nil }
    }
    let views = (0...end).map { number in looks.map { holds($0.0, $0.1, number) } }
    behinds = views.map { view in views.firstIndex(of: view) ?? 0 }

    var states = [State(behind: behinds[end])]
    var numbers = [states[0]: 0]
    var index = 0
    while index < states.count {
      let state = states[index]
      var row: [Step] = []
      for character in 0...end {
        var (step, next) = (Step(), State())
        if state.isAfterDocument {
          (step, _) = try advance(state, end, isStart: false)
          if character != end { next = try advance(states[0], character, isStart: true).1 }
        } else {
          (step, next) = try advance(state, character, isStart: index == 0)
        }
        next.isAfterDocument = character == documentEnd
        if character == end { next = states[0] }
        if let known = numbers[next] {
          step.next = known
        } else {
          step.next = states.count
          numbers[next] = states.count
          states.append(next)
        }
        row.append(step)
      }
      steps.append(row)
      index += 1
      guard states.count < Self.mostStates else {
        throw .unsuitable(reason: "it needs too many states; lower its intervals")
      }
    }
    commitEarly()
    minimize()
  }

  private func holds(_ look: Look, _ set: Int, _ character: Int) -> Bool {
    character == classes.count
      ? look.atEdge : classes.members[character][set] != look.negative
  }

  /// Follows the threads in order over one character; an accepting one stops those below it.
  private func follow(
    _ threads: [Int32], behind: Int, _ character: Int
  ) -> (accepts: Bool, next: [Int32]) {
    var next: [Int32] = []
    var seen = [Bool](repeating: false, count: program.code.count)
    var pending = Array(threads.reversed())
    while let thread = pending.popLast() {
      if seen[Int(thread)] { continue }
      seen[Int(thread)] = true
      switch program.code[Int(thread)] {
      case .match: return (true, next)
      case .jump(let target): pending.append(Int32(target))
      case .split(let first, let second):
        pending.append(Int32(second))
        pending.append(Int32(first))
      case .look(let look, let set):
        if holds(look, set, look.behind ? behind : character) { pending.append(thread + 1) }
      case .set(let set):
        if character < classes.count, classes.members[character][set] { next.append(thread + 1) }
      }
    }
    return (false, next)
  }

  private func advance(
    _ state: State, _ character: Int, isStart: Bool
  ) throws(PatternError) -> (Step, State) {
    var step = Step()
    var next = State(behind: behinds[character])
    let isEnd = character == classes.count
    var accepted = isStart
    if !isStart {
      for (slot, threads) in state.levels.enumerated() {
        let result = follow(threads, behind: state.behind, character)
        next.levels.append(result.next)
        if result.accepts {
          accepted = true
          step.store = slot
          break
        }
      }
    }
    if isEnd {
      guard accepted || !state.isFresh else { throw Self.gap }
      if !isStart { step.commit = (step.store == Self.noStore ? 0 : step.store + 1) }
      guard isStart || step.store != Self.noStore else { throw Self.gap }
      return (step, next)
    }
    if accepted {
      let fresh = follow([0], behind: state.behind, character)
      guard !fresh.next.isEmpty else { throw Self.gap }
      next.levels.append(fresh.next)
      next.isFresh = true
    } else {
      // Still unaccepted, as `C++` is inside its run; if it dies so, no level is left and we throw.
      next.isFresh = state.isFresh
    }
    var seen = Set<Int32>()
    for index in next.levels.indices {
      next.levels[index].removeAll { !seen.insert($0).inserted }
    }
    if next.isFresh, next.levels[next.levels.count - 1].isEmpty {
      next.levels.removeLast()
      next.isFresh = false
    }
    while next.levels.first?.isEmpty == true {
      next.levels.removeFirst()
      step.commit += 1
    }
    guard !next.levels.isEmpty else { throw Self.gap }
    while !next.isFresh, next.levels.last?.isEmpty == true { next.levels.removeLast() }
    guard next.levels.count <= Self.deepest else {
      throw .unsuitable(reason: "one match can stay undecided while others end after it")
    }
    return (step, next)
  }

  private static let gap = PatternError.unsuitable(
    reason: "it can leave characters unmatched or match nothing; end it with |\\s+|\\S+")

  /// Moves what is certain from a state on to the steps that lead to it.
  private mutating func commitEarly() {
    var certain = [Int](repeating: Self.noStore, count: steps.count)
    certain[0] = 0
    let end = classes.count
    var isSettled = false
    while !isSettled {
      isSettled = true
      for state in steps.indices where state > 0 {
        for (character, step) in steps[state].enumerated() {
          let later = character == end ? step.store : step.commit + certain[step.next]
          let bound = min(step.store, later)
          if bound < certain[state] {
            certain[state] = bound
            isSettled = false
          }
        }
      }
    }
    for state in steps.indices {
      for character in steps[state].indices {
        let step = steps[state][character]
        steps[state][character].commit +=
          (character == end ? 0 : certain[step.next]) - certain[state]
        if step.store != Self.noStore { steps[state][character].store -= certain[state] }
      }
    }
  }

  /// Moore's refinement.
  private mutating func minimize() {
    var block = [Int](repeating: 0, count: steps.count)
    var count = 1
    while true {
      var numbers: [[Step]: Int] = [:]
      var refined = block
      for state in steps.indices {
        var row = steps[state]
        for index in row.indices { row[index].next = block[row[index].next] }
        row.append(Step(next: block[state]))
        let number = numbers[row] ?? numbers.count
        numbers[row] = number
        refined[state] = number
      }
      block = refined
      if numbers.count == count { break }
      count = numbers.count
    }
    var merged: [[Step]?] = Array(repeating: nil, count: count)
    for state in steps.indices where merged[block[state]] == nil {
      var row = steps[state]
      for index in row.indices { row[index].next = block[row[index].next] }
      merged[block[state]] = row
    }
    steps = merged.compactMap(\.self)
  }

  /// Whether the place between two classes is an end, and the last certain one, in every state;
  /// and all states then agree.
  func isCut(_ first: Int, _ second: Int) -> Bool {
    let target = steps[steps[0][first].next][second].next
    for state in steps.indices {
      let step = steps[steps[state][first].next][second]
      if step.store == Self.noStore || step.commit != step.store + 1 || step.next != target {
        return false
      }
    }
    return true
  }
}
