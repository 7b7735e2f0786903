extension SplitPattern {
  /// Whether it is certain that no text has anything between matches. False can be too careful.
  ///
  /// A match takes at least a character, and each character begins one, whatever stands behind it.
  var matchesEverywhere: Bool {
    var parser = PatternParser(self)
    guard let tree = try? parser.parse(), !tree.isNullable else { return false }
    let surrogates = CodePointSet(0xD800, 0xDFFF)
    return tree.certainFirsts.union(surrogates) == .all
  }
}

extension PatternNode {
  /// Characters that begin a match whatever follows them; fewer are named than there may be.
  fileprivate var certainFirsts: CodePointSet {
    switch self {
    case .set(let set): set
    case .look: .empty
    case .choice(let branches): branches.reduce(.empty) { $0.union($1.certainFirsts) }
    case .loop(let body, let least, _, _, _): least == 1 ? body.certainFirsts : .empty
    case .atomic(let body, _): body.certainFirsts
    case .sequence(let parts): Self.certainFirsts(of: parts)
    }
  }

  /// A part begins the match at the characters where those before it can be nothing, if those behind
  /// it can always be nothing.
  private static func certainFirsts(of parts: [PatternNode]) -> CodePointSet {
    var result = CodePointSet.empty
    var reachable = CodePointSet.all
    for (index, part) in parts.enumerated() {
      if parts[(index + 1)...].allSatisfy(\.isOptional) {
        result = result.union(reachable.intersection(part.certainFirsts))
      }
      guard part.isOptional else { break }
      // What keeps to its first way is nothing only where it cannot begin.
      if !part.givesBack { reachable = reachable.intersection(part.firsts.complement) }
    }
    return result
  }

  /// Whether it matches anywhere, at worst nothing.
  private var isOptional: Bool {
    switch self {
    case .loop(_, let least, _, _, _): least == 0
    case .atomic(let body, _): body.isOptional
    default: false
    }
  }

  private var givesBack: Bool {
    switch self {
    case .loop(_, _, _, _, let possessive): !possessive
    default: false
    }
  }
}
