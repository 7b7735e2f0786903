/// Where the threads of a program get to over one character.
///
/// A thread stands just after a character, thread 0 where an attempt begins. Its closure follows jumps, splits and assertions in order
/// of priority, with the classes of both neighbours known, up to the characters that it then takes
/// or to the end of a match, which drops what is of lower priority.
struct ThreadClosure {
  private let program: PatternProgram
  private let classes: CharacterClasses
  /// What look-behind can tell of the class before, and of the begin of text (the last), numbered
  /// from 0.
  let contexts: [Int]
  /// For each context, a class that has it.
  private let behind: [Int]
  private let columns: Int

  /// By thread and context: for each class, where its result begins in `results`; -1 if unknown.
  private var known: [[Int32]]
  /// Per result: its length, 1 if it ends with a match or 0, the threads after the character.
  private var results: [Int32] = []
  private var visited: [Int32]
  private var visit: Int32 = 0
  private var pending: [Int32] = []
  /// By thread, the visit in which it was taken last.
  private var taken: [Int32]
  private var taking: Int32 = 0

  init(_ program: PatternProgram, _ classes: CharacterClasses) {
    self.program = program
    self.classes = classes
    let end = classes.count
    columns = end + 1
    visited = Array(repeating: 0, count: program.code.count)
    taken = Array(repeating: 0, count: program.code.count + 1)
    let looks = program.code.compactMap { (instruction) -> (Look, Int)? in
      if case .look(let look, let set) = instruction, look.behind { (look, set) } else { nil }
    }
    var numbers: [[Bool]: Int] = [:]
    var behind: [Int] = []
    contexts = (0...end).map { character in
      let view = looks.map { Self.holds($0.0, $0.1, character, classes) }
      if let number = numbers[view] { return number }
      numbers[view] = behind.count
      behind.append(character)
      return behind.count - 1
    }
    self.behind = behind
    known = Array(repeating: [], count: program.code.count * behind.count)
  }

  private static func holds(
    _ look: Look, _ set: Int, _ character: Int, _ classes: CharacterClasses
  ) -> Bool {
    character == classes.count
      ? look.atEdge : classes.members[character][set] != look.negative
  }

  /// Forgets which threads were taken, as a new state begins.
  mutating func beginState() { taking += 1 }

  /// Appends what a thread list becomes over a character, without threads that were taken since
  /// `beginState`, and says whether it ends a match before the character.
  mutating func follow(
    _ threads: ArraySlice<Int32>, context: Int, _ character: Int, into next: inout [Int32]
  ) -> Bool {
    for thread in threads {
      let result = result(thread, context, character)
      let count = Int(results[result])
      for index in result + 2..<result + 2 + count {
        let target = results[index]
        if taken[Int(target)] == taking { continue }
        taken[Int(target)] = taking
        next.append(target)
      }
      if results[result + 1] == 1 { return true }
    }
    return false
  }

  /// Whether a thread list ends a match before any character and at the end of text.
  mutating func acceptsAlways(_ threads: ArraySlice<Int32>, context: Int) -> Bool {
    (0..<columns).allSatisfy { character in
      threads.contains { results[result($0, context, character) + 1] == 1 }
    }
  }

  private mutating func result(_ thread: Int32, _ context: Int, _ character: Int) -> Int {
    let row = Int(thread) * behind.count + context
    if known[row].isEmpty { known[row] = Array(repeating: -1, count: columns) }
    if known[row][character] >= 0 { return Int(known[row][character]) }
    let start = results.count
    results += [0, 0]
    visit += 1
    pending.append(thread)
    search: while let thread = pending.popLast() {
      if visited[Int(thread)] == visit { continue }
      visited[Int(thread)] = visit
      switch program.code[Int(thread)] {
      case .match:
        results[start + 1] = 1
        pending.removeAll(keepingCapacity: true)
        break search
      case .jump(let target): pending.append(Int32(target))
      case .split(let first, let second):
        pending.append(Int32(second))
        pending.append(Int32(first))
      case .look(let look, let set):
        if Self.holds(look, set, look.behind ? behind[context] : character, classes) {
          pending.append(thread + 1)
        }
      case .set(let set):
        if character < classes.count, classes.members[character][set] {
          results.append(thread + 1)
        }
      }
    }
    results[start] = Int32(results.count - start - 2)
    known[row][character] = Int32(start)
    return start
  }
}
