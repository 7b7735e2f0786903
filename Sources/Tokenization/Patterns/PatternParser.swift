/// A test of one neighbour of a place in the text.
struct Look: Hashable {
  var behind: Bool
  var set: CodePointSet
  var negative: Bool
  /// What holds where the text begins (behind) or ends (ahead).
  var atEdge: Bool
}

indirect enum PatternNode {
  case set(CodePointSet)
  case sequence([PatternNode])
  case choice([PatternNode])
  case look(Look)
  /// Possessive only over a single set.
  case loop(PatternNode, least: Int, most: Int?, lazy: Bool, possessive: Bool)

  var isNullable: Bool {
    switch self {
    case .set: false
    case .look: true
    case .sequence(let parts): parts.allSatisfy(\.isNullable)
    case .choice(let parts): parts.contains(where: \.isNullable)
    case .loop(let body, let least, _, _, _): least == 0 || body.isNullable
    }
  }
}

/// Reads the text of a pattern; refuses what the automaton cannot express.
struct PatternParser {
  private let text: [UInt32]
  private let dialect: PatternDialect
  var at = 0
  var ignoresCase = false

  init(_ pattern: SplitPattern) {
    text = pattern.text.unicodeScalars.map(\.value)
    dialect = pattern.dialect
  }

  mutating func parse() throws(PatternError) -> PatternNode {
    let node = try choice()
    if at < text.count { throw .malformed(offset: at, expected: "no closing parenthesis") }
    return node
  }

  private func next(is character: Character) -> Bool {
    at < text.count && text[at] == character.unicodeScalars.first?.value
  }

  private mutating func take(_ word: String) -> Bool {
    let scalars = word.unicodeScalars.map(\.value)
    guard text.count - at >= scalars.count, text[at..<(at + scalars.count)].elementsEqual(scalars)
    else { return false }
    at += scalars.count
    return true
  }

  private mutating func choice() throws(PatternError) -> PatternNode {
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(PatternError) -> PatternNode {
    var parts: [PatternNode] = []
    var foldable: UInt32 = 0
    while at < text.count, !next(is: "|"), !next(is: ")") {
      if ignoresCase {
        // "ss", "st" and "f" + "f i l" also fold to one character.
        let letter = text[at] | 0x20
        let pair = (foldable, letter)
        if pair == (115, 115) || pair == (115, 116) || pair == (102, 102) || pair == (102, 105)
          || pair == (102, 108)
        {
          throw .refused(offset: at, construct: "a caseless ss, st, ff, fi or fl")
        }
        foldable = letter
      }
      parts.append(try quantified())
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func quantified() throws(PatternError) -> PatternNode {
    var node = try atom()
    while at < text.count {
      let start = at
      var (least, most): (Int, Int?) = (0, nil)
      var isInterval = false
      if take("*") {
      } else if take("+") {
        least = 1
      } else if take("?") {
        most = 1
      } else if next(is: "{") {
        at += 1
        isInterval = true
        guard let low = number() else {
          throw .refused(offset: start, construct: "an interval without a lower end")
        }
        (least, most) = (low, low)
        if take(",") { most = number() }
        guard take("}"), low <= most ?? low else {
          throw .malformed(offset: at, expected: "an interval such as {1,3}")
        }
      } else {
        break
      }
      if case .look = node { throw .refused(offset: start, construct: "a repeated assertion") }
      if node.isNullable {
        throw .refused(offset: start, construct: "a repetition of what may be empty")
      }
      let lazy = take("?")
      if lazy, isInterval, dialect == .huggingFace, most == least {
        throw .refused(offset: start, construct: "the interval {n}?")
      }
      let possessive = !lazy && !(isInterval && dialect == .huggingFace) && take("+")
      if possessive, case .set = node {
      } else if possessive {
        throw .refused(offset: start, construct: "a possessive repetition of more than one set")
      }
      node = .loop(node, least: least, most: most, lazy: lazy, possessive: possessive)
    }
    return node
  }

  private mutating func number() -> Int? {
    var value: Int?
    while at < text.count, (48...57).contains(text[at]), (value ?? 0) < 1000 {
      value = (value ?? 0) * 10 + Int(text[at]) - 48
      at += 1
    }
    return value
  }

  private mutating func atom() throws(PatternError) -> PatternNode {
    let start = at
    if take("(") {
      let outerCase = ignoresCase
      defer { ignoresCase = outerCase }
      if take("?=") { return try look(behind: false, negative: false, start) }
      if take("?!") { return try look(behind: false, negative: true, start) }
      if take("?<=") { return try look(behind: true, negative: false, start) }
      if take("?<!") { return try look(behind: true, negative: true, start) }
      if take("?i:") {
        ignoresCase = true
      } else if !take("?:"), next(is: "?") {
        throw .refused(offset: start, construct: "this kind of group")
      }
      let node = try choice()
      guard take(")") else { throw .malformed(offset: at, expected: "a closing parenthesis") }
      return node
    }
    if take("$") {
      let isEndOfLine = dialect == .huggingFace
      return .look(
        Look(
          behind: false, set: isEndOfLine ? .init(10, 10) : .empty, negative: false, atEdge: true))
    }
    if take("\\z") { return .look(Look(behind: false, set: .empty, negative: false, atEdge: true)) }
    if take("\\A") { return .look(Look(behind: true, set: .empty, negative: false, atEdge: true)) }
    if next(is: "^") {
      guard dialect == .tiktoken else { throw .refused(offset: start, construct: "^") }
      at += 1
      return .look(Look(behind: true, set: .empty, negative: false, atEdge: true))
    }
    if take("\\b") { return wordEdge(equal: false) }
    if take("\\B") { return wordEdge(equal: true) }
    if take(".") { return .set(CodePointSet(10, 10).complement) }
    if next(is: "*") || next(is: "+") || next(is: "?") || next(is: "{") {
      throw .malformed(offset: at, expected: "something to repeat, or a backslash")
    }
    return .set(try single())
  }

  private func wordEdge(equal: Bool) -> PatternNode {
    func word(behind: Bool, _ inside: Bool) -> PatternNode {
      .look(Look(behind: behind, set: .word, negative: !inside, atEdge: !inside))
    }
    return .choice([
      .sequence([word(behind: true, true), word(behind: false, equal)]),
      .sequence([word(behind: true, false), word(behind: false, !equal)]),
    ])
  }

  private mutating func look(
    behind: Bool, negative: Bool, _ start: Int
  ) throws(PatternError) -> PatternNode {
    let body = try choice()
    guard take(")") else { throw .malformed(offset: at, expected: "a closing parenthesis") }
    var branches = [body]
    if case .choice(let parts) = body { branches = parts }
    var result = Look(behind: behind, set: .empty, negative: negative, atEdge: negative)
    for branch in branches {
      switch branch {
      case .set(let set):
        result.set = result.set.union(set)
      case .look(let inner) where inner.behind == behind && !inner.negative && inner.atEdge:
        result.set = result.set.union(inner.set)
        result.atEdge = !negative
      default:
        throw .refused(offset: start, construct: "look-around of more than one character")
      }
    }
    return .look(result)
  }

  /// One literal, escape or class.
  mutating func single() throws(PatternError) -> CodePointSet {
    if next(is: "[") { return try bracket() }
    if next(is: "\\") {
      let (set, literal) = try escape()
      return literal == nil ? set : folded(set)
    }
    let scalar = text[at]
    if ignoresCase, scalar >= 128 {
      throw .refused(offset: at, construct: "a caseless character outside ASCII")
    }
    at += 1
    return folded(CodePointSet(scalar, scalar))
  }

  private mutating func escape() throws(PatternError) -> (CodePointSet, literal: UInt32?) {
    let start = at
    for (name, value) in [("\\r", 13), ("\\n", 10), ("\\t", 9), ("\\f", 12), ("\\v", 11)]
      as [(String, UInt32)]
    where take(name) {
      return (CodePointSet(value, value), value)
    }
    if take("\\s") { return (.space, nil) }
    if take("\\S") { return (CodePointSet.space.complement, nil) }
    if take("\\d") { return (.digit, nil) }
    if take("\\D") { return (CodePointSet.digit.complement, nil) }
    if take("\\w") { return (.word, nil) }
    if take("\\W") { return (CodePointSet.word.complement, nil) }
    let negative = take("\\P")
    if negative || take("\\p") {
      var name = ""
      if take("{") {
        while at < text.count, !next(is: "}") {
          name.unicodeScalars.append(Unicode.Scalar(text[at]) ?? " ")
          at += 1
        }
        guard take("}") else { throw .malformed(offset: at, expected: "}") }
      } else if at < text.count {
        name.unicodeScalars.append(Unicode.Scalar(text[at]) ?? " ")
        at += 1
      }
      guard !ignoresCase, let set = CodePointSet(property: name) else {
        throw .refused(offset: start, construct: "the property \(name)")
      }
      return (negative ? set.complement : set, nil)
    }
    at += 1
    guard at < text.count, text[at] < 128 else {
      throw .malformed(offset: at, expected: "the escaped character")
    }
    let value = text[at]
    let isAlphanumeric = (48...57).contains(value) || (97...122).contains(value | 0x20)
    if isAlphanumeric { throw .refused(offset: start, construct: "this escape") }
    at += 1
    return (CodePointSet(value, value), value)
  }

  private mutating func bracket() throws(PatternError) -> CodePointSet {
    let start = at
    at += 1
    let negative = take("^")
    var set = CodePointSet.empty
    var isFirst = true
    while isFirst || !next(is: "]") {
      guard at < text.count else { throw .malformed(offset: at, expected: "]") }
      if next(is: "[") || next(is: "&") || (isFirst && next(is: "]")) {
        throw .refused(offset: at, construct: "class algebra or an unescaped [ & ] in a class")
      }
      isFirst = false
      var (member, low) = try classMember()
      if next(is: "-"), at + 1 < text.count, text[at + 1] != 93 {
        at += 1
        let (_, high) = try classMember()
        guard let low, let high, low <= high else {
          throw .refused(offset: start, construct: "this range in a class")
        }
        member = CodePointSet(low, high)
      }
      set = set.union(member)
    }
    at += 1
    if ignoresCase, negative || set.bounds.contains(where: { $0 > 128 }) {
      throw .refused(offset: start, construct: "a caseless class beyond ASCII")
    }
    set = folded(set)
    return negative ? set.complement : set
  }

  private mutating func classMember() throws(PatternError) -> (CodePointSet, UInt32?) {
    guard at < text.count else { throw .malformed(offset: at, expected: "]") }
    if next(is: "\\") { return try escape() }
    at += 1
    return (CodePointSet(text[at - 1], text[at - 1]), text[at - 1])
  }

  /// Simple case closure of ASCII letters: k and s have a third form each.
  private func folded(_ set: CodePointSet) -> CodePointSet {
    guard ignoresCase else { return set }
    var result = set
    func has(_ scalar: UInt32) -> Bool {
      !set.intersection(CodePointSet(scalar, scalar)).bounds.isEmpty
    }
    for letter in UInt32(97)...122 where has(letter) || has(letter - 32) {
      result = result.union(CodePointSet(letter, letter))
        .union(CodePointSet(letter - 32, letter - 32))
      if letter == 115 { result = result.union(CodePointSet(0x17F, 0x17F)) }
      if letter == 107 { result = result.union(CodePointSet(0x212A, 0x212A)) }
    }
    return result
  }
}
