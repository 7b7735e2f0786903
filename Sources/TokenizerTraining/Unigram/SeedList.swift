import Primitives

/// Pieces to start from that somebody else found, as a file names them (SentencePiece 0.2.3,
/// `LoadSeedSentencePiecesFromFile`): a line each, the piece with U+2581 for blanks, a tab, how often
/// it occurs. What follows a second tab is not read.
public struct SeedList: Sendable, Equatable {
  public struct Seed: Sendable, Equatable {
    /// UTF-8.
    public var text: [UInt8]
    /// Above 0.
    public var count: Int64
  }

  public private(set) var seeds: [Seed] = []
  /// Of the file.
  public let fingerprint: Fingerprint

  /// - Throws: for the first line that is none of this.
  public init(parsing file: [UInt8]) throws(SentencePieceTrainingError) {
    fingerprint = Fingerprint(of: file)
    var lines = file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // What stands behind the last line feed is a line unless it is empty.
    if lines.last?.isEmpty == true { lines.removeLast() }
    for (index, line) in lines.enumerated() {
      let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      guard fields.count >= 2, !fields[0].isEmpty else {
        throw .badSeed(line: index + 1, "a piece, a tab and a count were expected")
      }
      guard String(validating: fields[0], as: UTF8.self) != nil else {
        throw .badSeed(line: index + 1, "the piece is not valid UTF-8")
      }
      let number = fields[1].last == UInt8(ascii: "\r") ? fields[1].dropLast() : fields[1]
      guard number.allSatisfy({ (48...57).contains($0) }),
        let count = Int64(String(decoding: number, as: UTF8.self)), count > 0,
        count <= Int64.max >> 10
      else {
        throw .badSeed(
          line: index + 1,
          "'\(String(decoding: number, as: UTF8.self))' is no count; a whole number from 1 to 2^53 "
            + "was expected")
      }
      seeds.append(Seed(text: Array(fields[0]), count: count))
    }
    guard !seeds.isEmpty else { throw .badSeed(line: 1, "the file names no piece") }
  }
}

extension SeedPieces {
  /// All characters, and the listed pieces that may be some, by falling weight, equal ones by their
  /// bytes. Those that do not occur are there until the first estimation.
  static func pieces(
    _ text: borrowing UnigramText, _ rules: PieceRules, listed: SeedList, seedSize: Int,
    threads: Int
  ) throws(SentencePieceTrainingError) -> UnigramPieces {
    let order = try SuffixOrder(
      text, ValidLengths(text, rules), limit: rules.maximumLength + 1, threads: threads)
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
      let rows = order.rows(beginningWith: symbols, in: text)
      return rows.isEmpty ? nil : rows
    }
  }
}
