/// Look-around as tests of the two neighbours of a place, where they are all that matters.
enum Assertion {
  /// What holds where the body of a look-around matches; nil if more than one neighbour on a side
  /// matters.
  static func of(_ body: PatternNode, behind: Bool) -> PatternNode? {
    if let look = look(body, behind: behind) { return .look(look) }
    switch body {
    case .look: return body
    case .loop(let inner, least: 1, _, _, _), .atomic(let inner, _):
      return of(inner, behind: behind)
    case .choice(let branches):
      var result: [PatternNode] = []
      for branch in branches {
        guard let branch = of(branch, behind: behind) else { return nil }
        result.append(branch)
      }
      return .choice(result)
    case .sequence(let parts):
      // Assertions about the place itself, then a neighbour; what may be missing further away does
      // not matter.
      let ordered = behind ? Array(parts.reversed()) : parts
      var result: [PatternNode] = []
      var rest = ordered[...]
      while let part = rest.first, isAssertion(part) {
        result.append(part)
        rest.removeFirst()
      }
      if let nearest = rest.popFirst() {
        guard rest.allSatisfy(mayBeMissing), let look = of(nearest, behind: behind) else {
          return nil
        }
        result.append(look)
      }
      return .sequence(result)
    case .set, .loop: return nil
    }
  }

  /// The same as one test, if it is one.
  private static func look(_ body: PatternNode, behind: Bool) -> Look? {
    switch body {
    case .set(let set): return Look(behind: behind, set: set, negative: false, atEdge: false)
    case .look(let inner): return inner.behind == behind && !inner.negative ? inner : nil
    case .loop(let inner, least: 1, _, _, _), .atomic(let inner, _):
      return look(inner, behind: behind)
    case .choice(let branches):
      var result = Look(behind: behind, set: .empty, negative: false, atEdge: false)
      for branch in branches {
        guard let look = look(branch, behind: behind) else { return nil }
        result.set = result.set.union(look.set)
        result.atEdge = result.atEdge || look.atEdge
      }
      return result
    case .sequence, .loop: return nil
    }
  }

  private static func isAssertion(_ node: PatternNode) -> Bool {
    switch node {
    case .look: true
    case .sequence(let parts), .choice(let parts): parts.allSatisfy(isAssertion)
    case .set, .loop, .atomic: false
    }
  }

  private static func mayBeMissing(_ node: PatternNode) -> Bool {
    if case .loop(_, least: 0, _, _, _) = node { true } else { false }
  }

  static func negated(_ assertion: PatternNode) -> PatternNode {
    switch assertion {
    case .look(var look):
      look.negative.toggle()
      look.atEdge.toggle()
      return .look(look)
    case .sequence(let parts): return .choice(parts.map(negated))
    case .choice(let parts): return .sequence(parts.map(negated))
    case .set, .loop, .atomic: return assertion
    }
  }
}
