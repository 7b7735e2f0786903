/// Replaces atomic groups by what means the same without keeping to one way.
///
/// A group that ends the pattern needs nothing: no failure behind it brings it to another way. Before
/// other parts it may match in one way only, or become one by making its loops possessive.
struct AtomicGroups {
  /// The pattern without atomic groups.
  /// - Throws: `PatternError.refused` for one that matters.
  static func removed(
    from node: PatternNode, endsPattern: Bool = true
  ) throws(PatternError) -> PatternNode {
    switch node {
    case .set, .look: return node
    case .sequence(let parts):
      var result: [PatternNode] = []
      for (index, part) in parts.enumerated() {
        let isLast = index == parts.count - 1
        result.append(try removed(from: part, endsPattern: endsPattern && isLast))
      }
      return .sequence(result)
    case .choice(let branches):
      var result: [PatternNode] = []
      for branch in branches { result.append(try removed(from: branch, endsPattern: endsPattern)) }
      return .choice(result)
    case .loop(let body, let least, let most, let lazy, let possessive):
      let body = try removed(from: body, endsPattern: false)
      return .loop(body, least: least, most: most, lazy: lazy, possessive: possessive)
    case .atomic(let body, let place):
      let body = try removed(from: body, endsPattern: endsPattern)
      if endsPattern { return body }
      guard let single = single(body, before: []) else {
        throw .refused(offset: place, construct: "an atomic group that can match in several ways")
      }
      return single
    }
  }

  /// A form of a group that has one way to match at most: the first that the group has. `rest` follows
  /// inside of the group.
  private static func single(_ node: PatternNode, before rest: [PatternNode]) -> PatternNode? {
    switch node {
    case .set, .look: return node
    case .atomic(let body, _): return single(body, before: rest)
    case .sequence(let parts):
      var result: [PatternNode] = []
      for (index, part) in parts.enumerated() {
        guard let part = single(part, before: parts[(index + 1)...] + rest) else { return nil }
        result.append(part)
      }
      return .sequence(result)
    case .choice(let branches):
      // The first character decides.
      var (result, known): ([PatternNode], CodePointSet) = ([], .empty)
      for branch in branches {
        let firsts = branch.firsts
        guard !branch.isNullable, known.intersection(firsts).isEmpty,
          let branch = single(branch, before: rest)
        else { return nil }
        known = known.union(firsts)
        result.append(branch)
      }
      return .choice(result)
    case .loop(.set(let set), let least, let most, let lazy, _):
      if lazy {
        // It stops as soon as it may, if the rest of the group then matches anything.
        guard rest.isEmpty else { return nil }
        return .loop(.set(set), least: least, most: least, lazy: false, possessive: false)
      }
      guard PatternNode.cannot(rest, beginWith: set) || rest.allSatisfy(alwaysMatches) else {
        return nil
      }
      return .loop(.set(set), least: least, most: most, lazy: false, possessive: true)
    case .loop(let body, let least, let most, _, _):
      guard most == least, let body = single(body, before: [body] + rest) else { return nil }
      return .loop(body, least: least, most: most, lazy: false, possessive: false)
    }
  }

  private static func alwaysMatches(_ node: PatternNode) -> Bool {
    if case .loop(.set, least: 0, _, lazy: false, _) = node { true } else { false }
  }
}
