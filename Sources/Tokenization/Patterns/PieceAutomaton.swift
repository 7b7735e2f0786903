/// An automaton that cuts text into pieces, one step a character.
struct PieceAutomaton<Action: Hashable & Sendable>: Sendable {
  private(set) var table: StepTable
  private(set) var actions: ActionList<Action>

  /// Explores the states that texts lead to.
  ///
  /// - Parameter action: what a step does, or nil where this form cannot say it; the whole is then nil.
  init?(
    _ closure: ThreadClosure, classCount: Int, tracksSlots: Bool, mostLevels: Int,
    action: (PieceStates.State, PieceStates.Effects) -> Action?
  ) throws(PatternError) {
    var pieces = PieceStates(closure, end: classCount, tracksSlots: tracksSlots)
    table = StepTable(classCount: classCount + 1)
    actions = ActionList()
    // No step leads to the start: it alone stands at a boundary before any character.
    var states = [pieces.start]
    var numbers: [NumbersKey: Int32] = [:]
    var index = 0
    while index < states.count {
      for character in 0...classCount {
        let (next, effects) = pieces.step(states[index], isStart: index == 0, over: character)
        guard next.levels.count <= mostLevels, let action = action(next, effects) else {
          return nil
        }
        let key = next.key
        // The end of text leads nowhere.
        let number = character == classCount ? 0 : numbers[key] ?? Int32(states.count)
        if number == states.count {
          numbers[key] = number
          states.append(next)
        }
        table.steps.append(StepTable.Step(action: actions.number(of: action), next: number))
      }
      index += 1
      guard states.count <= PatternError.mostStates else { throw .tooManyStates }
    }
  }

  /// The automaton of texts that are many documents, each a line with its `\n`: behind one, the
  /// next character first ends the document and then begins another.
  ///
  /// - Parameter joined: what two actions do together, the end of one document and the begin of the
  ///   next.
  func withLinesAsDocuments(
    lineFeed: Int, joined: (_ end: Action, _ begin: Action) -> Action
  ) -> PieceAutomaton {
    var result = self
    let (states, end) = (table.stateCount, table.classCount - 1)
    // Of each state behind a line feed there is a twin that has ended its document.
    let ended = Set((0..<states).map { table[$0, lineFeed].next }).sorted()
    var twins = [Int32](repeating: 0, count: states)
    for (index, state) in ended.enumerated() { twins[Int(state)] = Int32(states + index) }
    for state in ended {
      for character in 0...end {
        var step = table[Int(state), end]
        if character != end {
          let begin = table[0, character]
          step.action = result.actions.number(
            of: joined(actions[step.action], actions[begin.action]))
          step.next = begin.next
        }
        result.table.steps.append(step)
      }
    }
    for state in 0..<result.table.stateCount {
      result.table[state, lineFeed].next = twins[Int(result.table[state, lineFeed].next)]
    }
    return result
  }

  /// Merges states and classes that cut equally; returns the new number of each class.
  mutating func reduce() -> [Int] {
    table.minimize()
    return table.mergeClasses()
  }

  /// Changes actions, state by state and class by class.
  mutating func mapActions(_ change: (_ state: Int, _ character: Int, Action) -> Action) {
    var changed = ActionList<Action>()
    for state in 0..<table.stateCount {
      for character in 0..<table.classCount {
        let action = change(state, character, actions[table[state, character].action])
        table[state, character].action = changed.number(of: action)
      }
    }
    actions = changed
  }

  /// Pairs of classes between which every state has a certain boundary, and agrees on what follows:
  /// for each first class and then second, whether it is one.
  func cuts(isCertain: (Action) -> Bool) -> [Bool] {
    let classes = table.classCount - 1
    var cuts = [Bool](repeating: false, count: classes * classes)
    for first in 0..<classes {
      let behind = Set((0..<table.stateCount).map { table[$0, first].next })
      for second in 0..<classes {
        let target = table[Int(table[0, first].next), second].next
        cuts[first * classes + second] = behind.allSatisfy { state in
          let step = table[Int(state), second]
          return step.next == target && isCertain(actions[step.action])
        }
      }
    }
    return cuts
  }
}

/// Numbers equal actions equally.
struct ActionList<Action: Hashable & Sendable>: Sendable {
  private(set) var actions: [Action] = []
  private var numbers: [Action: Int32] = [:]

  mutating func number(of action: Action) -> Int32 {
    if let number = numbers[action] { return number }
    numbers[action] = Int32(actions.count)
    actions.append(action)
    return Int32(actions.count - 1)
  }

  subscript(number: Int32) -> Action { actions[Int(number)] }
}

/// Numbers as a key, with a hash of one word.
struct NumbersKey: Hashable {
  private let numbers: [Int32]
  private var digest: UInt64 = 0xCBF2_9CE4_8422_2325

  init(_ numbers: [Int32]) {
    self.numbers = numbers
    for number in numbers {
      digest = (digest ^ UInt64(UInt32(bitPattern: number))) &* 0x9E37_79B9_7F4A_7C15
      digest ^= digest >> 29
    }
  }

  func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}

extension PieceStates.State {
  /// What tells states apart.
  fileprivate var key: NumbersKey {
    var numbers = [Int32(context), Int32(free)]
    for level in levels {
      numbers.append(-1)
      numbers.append(level.outcome.rawValue << 1 | (level.followsGap ? 1 : 0))
      numbers.append(Int32(level.slot))
      numbers += level.threads
    }
    return NumbersKey(numbers)
  }
}
