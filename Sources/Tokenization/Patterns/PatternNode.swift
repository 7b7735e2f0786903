/// A test of one neighbour of a place in the text.
struct Look: Hashable, Sendable {
  var behind: Bool
  var set: CodePointSet
  var negative: Bool
  /// What holds where the text begins (behind) or ends (ahead).
  var atEdge: Bool

  static let textBegins = Look(behind: true, set: .empty, negative: false, atEdge: true)
  static let textEnds = Look(behind: false, set: .empty, negative: false, atEdge: true)
}

/// A pattern as a tree.
indirect enum PatternNode: Hashable, Sendable {
  case set(CodePointSet)
  case sequence([PatternNode])
  case choice([PatternNode])
  case look(Look)
  /// Possessive only over a single set.
  case loop(PatternNode, least: Int, most: Int?, lazy: Bool, possessive: Bool)
  /// Keeps to the first way to match that is found; `place` in the pattern, in scalars.
  case atomic(PatternNode, place: Int)

  static let nothing = PatternNode.sequence([])

  var isNullable: Bool {
    switch self {
    case .set: false
    case .look: true
    case .sequence(let parts): parts.allSatisfy(\.isNullable)
    case .choice(let parts): parts.contains(where: \.isNullable)
    case .loop(let body, let least, _, _, _): least == 0 || body.isNullable
    case .atomic(let body, _): body.isNullable
    }
  }

  private var hasLook: Bool {
    switch self {
    case .set: false
    case .look: true
    case .sequence(let parts), .choice(let parts): parts.contains(where: \.hasLook)
    case .loop(let body, _, _, _, _), .atomic(let body, _): body.hasLook
    }
  }

  /// Whether the parts cannot match where a member of the set stands, unless they match nothing.
  static func cannot(_ parts: [PatternNode], beginWith set: CodePointSet) -> Bool {
    for part in parts {
      // What an assertion says depends on more than the character.
      if part.isNullable, part.hasLook { return false }
      if !part.firsts.intersection(set).isEmpty { return false }
      if !part.isNullable { return true }
    }
    return true
  }

  /// How many instructions it becomes, or more than `most`.
  func size(upTo most: Int) -> Int {
    switch self {
    case .set, .look: return 1
    case .sequence(let parts), .choice(let parts):
      var size = 0
      for part in parts where size <= most { size += part.size(upTo: most) + 2 }
      return size
    case .atomic(let body, _): return body.size(upTo: most)
    case .loop(let body, let least, let upper, _, _):
      let (size, overflows) = (body.size(upTo: most) + 1).multipliedReportingOverflow(
        by: max(1, upper ?? least + 1))
      return overflows ? most + 1 : size + 3
    }
  }

  /// What a match can begin with, if it takes any character.
  var firsts: CodePointSet {
    switch self {
    case .set(let set): return set
    case .look: return .empty
    case .choice(let parts): return parts.reduce(.empty) { $0.union($1.firsts) }
    case .loop(let body, _, _, _, _), .atomic(let body, _): return body.firsts
    case .sequence(let parts):
      var result = CodePointSet.empty
      for part in parts {
        result = result.union(part.firsts)
        if !part.isNullable { break }
      }
      return result
    }
  }
}
