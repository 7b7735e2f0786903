@testable import Tokenization

/// The obvious way to match: follow every alternative in order and come back where it fails.
struct BacktrackingMatcher {
  let node: PatternNode

  init(_ pattern: SplitPattern) throws(PatternError) {
    var parser = PatternParser(pattern)
    node = try parser.parse()
  }

  /// Ends of the pieces in bytes, and whether each is a match: leftmost matches one after the other,
  /// an empty one not where the last ended, and the stretches between them.
  func pieces(of text: [UInt32]) -> [Piece] {
    var pieces: [Piece] = []
    var (begin, at) = (0, 0)
    var lastEnd = -1
    while at <= text.count {
      var end: Int?
      var start = at
      while end == nil, start <= text.count {
        end = firstEnd(node, text, start)
        if end == nil { start += 1 }
      }
      guard let end else { break }
      if end == start, end == lastEnd {
        at += 1
        continue
      }
      if begin < start { pieces.append(Piece(end: start, isMatch: false)) }
      if start < end { pieces.append(Piece(end: end, isMatch: true)) }
      (begin, lastEnd, at) = (end, end, end)
    }
    if begin < text.count { pieces.append(Piece(end: text.count, isMatch: false)) }
    return pieces
  }

  struct Piece: Equatable {
    /// In scalars.
    var end: Int
    var isMatch: Bool
  }

  /// Where the first way to match ends.
  private func firstEnd(_ node: PatternNode, _ text: [UInt32], _ start: Int) -> Int? {
    var result: Int?
    _ = match(node, text, start) { end in
      result = end
      return true
    }
    return result
  }

  private func match(
    _ node: PatternNode, _ text: [UInt32], _ at: Int, _ rest: (Int) -> Bool
  ) -> Bool {
    switch node {
    case .set(let set): at < text.count && set.contains(text[at]) && rest(at + 1)
    case .atomic(let body, _): firstEnd(body, text, at).map(rest) ?? false
    case .look(let look): holds(look, text, at) && rest(at)
    case .sequence(let parts): match(parts[...], text, at, rest)
    case .choice(let parts): parts.contains { match($0, text, at, rest) }
    case .loop(let body, let least, let most, _, possessive: true):
      matchAll(body, text, at, least: least, most: most).map(rest) ?? false
    case .loop(let body, let least, let most, let lazy, possessive: false):
      loop(body, text, at, least, most, lazy, rest)
    }
  }

  private func match(
    _ parts: ArraySlice<PatternNode>, _ text: [UInt32], _ at: Int, _ rest: (Int) -> Bool
  ) -> Bool {
    guard let first = parts.first else { return rest(at) }
    return match(first, text, at) { match(parts.dropFirst(), text, $0, rest) }
  }

  private func loop(
    _ body: PatternNode, _ text: [UInt32], _ at: Int, _ least: Int, _ most: Int?, _ lazy: Bool,
    _ rest: (Int) -> Bool
  ) -> Bool {
    func again() -> Bool {
      guard most ?? 1 > 0 else { return false }
      return match(body, text, at) {
        loop(body, text, $0, max(0, least - 1), most.map { $0 - 1 }, lazy, rest)
      }
    }
    if least > 0 { return again() }
    return lazy ? rest(at) || again() : again() || rest(at)
  }

  /// Where a possessive loop ends, if it can.
  private func matchAll(
    _ body: PatternNode, _ text: [UInt32], _ start: Int, least: Int, most: Int?
  ) -> Int? {
    var (at, count) = (start, 0)
    while count < most ?? .max {
      guard let next = firstEnd(body, text, at) else { break }
      at = next
      count += 1
    }
    return count >= least ? at : nil
  }

  private func holds(_ look: Look, _ text: [UInt32], _ at: Int) -> Bool {
    let neighbour = look.behind ? at - 1 : at
    guard text.indices.contains(neighbour) else { return look.atEdge }
    return look.set.contains(text[neighbour]) != look.negative
  }
}
