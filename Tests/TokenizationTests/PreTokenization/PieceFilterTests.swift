import Testing

@testable import Tokenization

@Suite struct PieceFilterTests {
  private struct Piece: Equatable {
    var range: Range<UInt32>
    var isMatch: Bool
  }

  /// Hugging Face's `NormalizedString::split`, fold by fold.
  private func expected(
    _ pieces: [Piece], _ behavior: SplitBehavior, inverts: Bool
  ) -> [Range<UInt32>] {
    let pieces = pieces.map { Piece(range: $0.range, isMatch: $0.isMatch != inverts) }
    var result: [Range<UInt32>] = []
    var wasMatch = false
    switch behavior {
    case .removed: result = pieces.filter { !$0.isMatch }.map(\.range)
    case .isolated: result = pieces.map(\.range)
    case .contiguous:
      for piece in pieces {
        if piece.isMatch == wasMatch, let last = result.popLast() {
          result.append(last.lowerBound..<piece.range.upperBound)
        } else {
          result.append(piece.range)
        }
        wasMatch = piece.isMatch
      }
    case .mergedWithPrevious:
      for piece in pieces {
        if piece.isMatch, !wasMatch, let last = result.popLast() {
          result.append(last.lowerBound..<piece.range.upperBound)
        } else {
          result.append(piece.range)
        }
        wasMatch = piece.isMatch
      }
    case .mergedWithNext:
      for piece in pieces.reversed() {
        if piece.isMatch, !wasMatch, let last = result.popLast() {
          result.append(piece.range.lowerBound..<last.upperBound)
        } else {
          result.append(piece.range)
        }
        wasMatch = piece.isMatch
      }
      result.reverse()
    }
    return result.filter { !$0.isEmpty }
  }

  /// Stretches between matches, and matches, some of them empty.
  private func pieces(_ generator: inout SeededGenerator, from start: UInt32) -> [Piece] {
    var pieces: [Piece] = []
    var place = start
    for _ in 0..<Int.random(in: 0..<12, using: &generator) {
      let wasMatch = pieces.last?.isMatch ?? true
      // Behind an empty match the next character is in none.
      let wasEmpty = pieces.last?.range.isEmpty ?? false
      let isMatch = !wasEmpty && (!wasMatch || Bool.random(using: &generator))
      // Directly behind another match there is no empty one.
      let canBeEmpty = isMatch && (!wasMatch || pieces.isEmpty)
      let length = UInt32.random(in: (canBeEmpty ? 0 : 1)...3, using: &generator)
      pieces.append(Piece(range: place..<place + length, isMatch: isMatch))
      place += length
    }
    return pieces
  }

  @Test(
    "Every behavior does what Hugging Face's does", arguments: SplitBehavior.allCases,
    [false, true])
  func behaviors(behavior: SplitBehavior, inverts: Bool) {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2_000 {
      let start = UInt32.random(in: 0...2, using: &generator)
      let pieces = pieces(&generator, from: start)
      for withEmpty in [true, false] {
        // The automaton leaves empty matches out: two stretches that touch tell of one.
        let given = withEmpty ? pieces : pieces.filter { !$0.range.isEmpty }
        var ends = given.map { $0.range.upperBound | ($0.isMatch ? CompiledPattern.matchMark : 0) }
        var starts = [UInt32](repeating: 0, count: given.count + 1)
        let count = PieceFilter(behavior, inverts: inverts).apply(
          &ends, count: given.count, from: start, starts: &starts)
        let found = (0..<count).map { starts[$0]..<ends[$0] }
        #expect(
          found == expected(pieces, behavior, inverts: inverts), "seed 3: \(pieces), \(withEmpty)")
      }
    }
  }
}
