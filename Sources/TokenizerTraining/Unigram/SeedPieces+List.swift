import Primitives

/// Seeds that a list names.
extension SeedPieces {
  /// All characters, and the listed pieces that may be some, by falling weight, equal ones by their
  /// bytes. Those that do not occur are there until the first estimation.
  static func pieces(
    _ text: borrowing UnigramText, _ rules: PieceRules, listed: SeedList, seedSize: Int,
    threads: Int
  ) throws(SentencePieceTrainingError) -> UnigramPieces {
    let order = try ValidLengths(text, rules).suffixOrder(
      of: text, limit: rules.maximumLength + 1, threads: threads)
    let shape = PieceShape(longestPiece: rules.maximumLength)
    let texts = text.alphabet.texts
    var candidates: [Candidate] = []
    var seen: Set<[UInt8]> = []
    for character in text.alphabet.pieces where character.count > 0 {
      let text = texts[Int(character.symbol)]
      seen.insert(text)
      candidates.append(
        Candidate(text: text, weight: Float(character.count), symbols: [character.symbol]))
    }
    for seed in listed.seeds {
      let scalars = String(decoding: seed.text, as: UTF8.self).unicodeScalars.map(\.value)
      guard rules.allow(scalars), seen.insert(seed.text).inserted else { continue }
      // Characters count, too.
      if candidates.count >= seedSize { break }
      candidates.append(
        Candidate(
          text: seed.text, weight: Float(seed.count * Int64(scalars.count)),
          // Characters that occur are known by now.
          symbols: scalars.count == 1 ? [] : text.alphabet.symbols(of: seed.text)))
    }
    candidates.sort { a, b in
      a.weight != b.weight ? a.weight > b.weight : a.text.lexicographicallyPrecedes(b.text)
    }
    try check(candidates.count, shape)
    // The first piece counts for text without one, too (`PieceLattice.unknown`), and so must occur.
    if let first = candidates.firstIndex(where: { $0.rows(in: text, order) != nil }) {
      candidates.insert(candidates.remove(at: first), at: 0)
    }
    var characters: [(symbol: UInt32, number: UInt32)] = []
    var found: [(substring: SeedSubstring, number: UInt32)] = []
    for (number, candidate) in candidates.enumerated() {
      guard let rows = candidate.rows(in: text, order) else { continue }
      if candidate.symbols.count == 1 {
        characters.append((candidate.symbols[0], UInt32(number)))
        continue
      }
      let substring = SeedSubstring(
        first: UInt32(rows.lowerBound), last: UInt32(rows.upperBound - 1),
        length: UInt16(candidate.symbols.count), bytes: UInt16(candidate.text.count),
        score: candidate.weight)
      found.append((substring, UInt32(number)))
    }
    found.sort {
      ($0.substring.last, $1.substring.length) < ($1.substring.last, $0.substring.length)
    }
    return try linked(
      text, order, found.map(\.substring), found.map(\.number), characters,
      scores: scores(candidates.map(\.weight)), shape)
  }

  private struct Candidate {
    var text: [UInt8]
    var weight: Float
    var symbols: [UInt32]

    /// Where it occurs, of a character an empty range; `nil`: nowhere.
    func rows(
      in text: borrowing UnigramText, _ order: borrowing SuffixOrder
    ) -> Range<Int>? {
      if symbols.isEmpty || symbols.contains(text.alphabet.rare) { return nil }
      if symbols.count == 1 { return 0..<0 }
      let rows = order.rows(beginningWith: symbols, in: text.symbols)
      return rows.isEmpty ? nil : rows
    }
  }
}
