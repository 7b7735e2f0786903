/// A pattern as instructions of a thread machine, over classes of characters that it cannot tell
/// apart.
struct PatternProgram {
  enum Instruction {
    case set(Int)
    case split(Int, Int)
    case look(Look, Int)
    case jump(Int)
    case match
  }

  private(set) var code: [Instruction] = []
  private(set) var sets: [CodePointSet] = []
  private var numbers: [CodePointSet: Int] = [:]

  static let largest = 4000

  init(_ node: PatternNode) throws(PatternError) {
    try emit(node)
    code.append(.match)
  }

  mutating func number(of set: CodePointSet) -> Int {
    if let known = numbers[set] { return known }
    numbers[set] = sets.count
    sets.append(set)
    return sets.count - 1
  }

  private mutating func emit(_ node: PatternNode) throws(PatternError) {
    guard code.count < Self.largest else {
      throw .unsuitable(reason: "its intervals are too large; lower them")
    }
    switch node {
    case .atomic(let body, _): try emit(body)
    case .set(let set): code.append(.set(number(of: set)))
    case .look(let look): code.append(.look(look, number(of: look.set)))
    case .sequence(let parts): for part in parts { try emit(part) }
    case .choice(let parts):
      var jumps: [Int] = []
      for (index, part) in parts.enumerated() {
        let split = code.count
        if index + 1 < parts.count { code.append(.jump(0)) }
        try emit(part)
        if index + 1 < parts.count {
          jumps.append(code.count)
          code.append(.jump(0))
          code[split] = .split(split + 1, code.count)
        }
      }
      for jump in jumps { code[jump] = .jump(code.count) }
    case .loop(let body, let least, let most, let lazy, let possessive):
      for _ in 0..<least { try emit(body) }
      var exits: [Int] = []
      func split(_ at: Int, _ inside: Int, _ out: Int) -> Instruction {
        lazy ? .split(out, inside) : .split(inside, out)
      }
      if let most {
        for _ in least..<max(most, least) {
          exits.append(code.count)
          code.append(.jump(0))
          try emit(body)
        }
      } else {
        exits.append(code.count)
        code.append(.jump(0))
        try emit(body)
        code.append(.jump(exits[0]))
      }
      // C*+ is C* that must not leave before another C; at the upper end it may.
      var out = code.count
      if possessive, case .set(let set) = body, !exits.isEmpty {
        let jump = code.count
        code.append(.jump(jump + 2))
        out = code.count
        code.append(
          .look(Look(behind: false, set: set, negative: true, atEdge: true), number(of: set)))
      }
      for exit in exits { code[exit] = split(exit, exit + 1, out) }
    }
  }
}
