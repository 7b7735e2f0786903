/// An automaton as numbers: for each state and class, what is done and the state that follows.
struct StepTable: Sendable {
  struct Step: Hashable, Sendable {
    /// Number of an action in a list that is kept beside the table.
    var action: Int32 = 0
    var next: Int32 = 0
  }

  /// By state, then class; the last class is the end of text. State 0 is where a text begins.
  var steps: [Step] = []
  private(set) var classCount: Int

  init(classCount: Int) { self.classCount = classCount }

  var stateCount: Int { steps.count / classCount }

  subscript(state: Int, character: Int) -> Step {
    get { steps[state * classCount + character] }
    set { steps[state * classCount + character] = newValue }
  }

  /// Moore's refinement: states that do the same on every text become one. State 0 stays the first.
  mutating func minimize() {
    var block = [Int32](repeating: 0, count: stateCount)
    var count = 1
    var isRefined = false
    while !isRefined {
      var numbers: [NumbersKey: Int32] = [:]
      var refined = block
      var row = [Int32](repeating: 0, count: 2 * classCount + 1)
      for state in 0..<stateCount {
        for character in 0..<classCount {
          let step = self[state, character]
          row[2 * character] = step.action
          row[2 * character + 1] = block[Int(step.next)]
        }
        row[2 * classCount] = block[state]
        let key = NumbersKey(row)
        let number = numbers[key] ?? Int32(numbers.count)
        if number == numbers.count { numbers[key] = number }
        refined[state] = number
      }
      block = refined
      isRefined = numbers.count == count
      count = numbers.count
    }
    var merged: [Step] = []
    merged.reserveCapacity(count * classCount)
    var seen = 0
    // Blocks are numbered by their first states.
    for state in 0..<stateCount where block[state] == seen {
      for character in 0..<classCount {
        let step = self[state, character]
        merged.append(Step(action: step.action, next: block[Int(step.next)]))
      }
      seen += 1
    }
    steps = merged
  }

  /// Merges classes that no state tells apart; returns the new number of each.
  mutating func mergeClasses() -> [Int] {
    var numbers: [NumbersKey: Int] = [:]
    var kept: [Int] = []
    let end = classCount - 1
    var result = (0..<end).map { character in
      let column = NumbersKey(
        (0..<stateCount).flatMap { [self[$0, character].action, self[$0, character].next] })
      if let number = numbers[column] { return number }
      numbers[column] = kept.count
      kept.append(character)
      return kept.count - 1
    }
    result.append(kept.count)
    kept.append(end)
    steps = (0..<stateCount).flatMap { state in kept.map { self[state, $0] } }
    classCount = kept.count
    return result
  }
}
