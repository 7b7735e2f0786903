import Primitives
import Tokenization

/// A substring that may become a piece: the rows of `SuffixOrder` that begin with it.
struct SeedSubstring {
  var first: UInt32
  var last: UInt32
  /// Symbols.
  var length: UInt16
  /// Bytes of UTF-8.
  var bytes: UInt16
  /// Occurrences times characters, rounded as SentencePiece rounds.
  var score: Float
}

/// Finds the substrings that SentencePiece starts from (0.2.3, `MakeSeedSentencePiecesFromCorpus`):
/// the inner nodes of the suffix tree of all sentences, seen from the distinct words.
///
/// There the tree is one of bytes over whole sentences. So a substring counts where what follows it
/// begins with two different bytes at least: the first byte of a character inside a word, that of the
/// mark of a blank where another word follows, 0 at the end of a sentence.
///
/// One pass over the rows with a stack of open intervals (Abouelhoda, Kurtz, Ohlebusch 2004).
struct SubstringSearch {
  /// An interval of rows with so many symbols in common that is not over yet.
  private struct Open {
    var first: Int
    var depth: Int
    /// Occurrences of all rows before `first`.
    var before: UInt64
    /// Least and greatest first byte of what follows.
    var least: UInt8
    var greatest: UInt8
  }

  /// Least and greatest first byte of what follows a word; where nothing does, least > greatest.
  private struct Follow {
    var least: UInt8 = .max
    var greatest: UInt8 = 0
  }

  private let leads: [UInt8]
  private let byteLengths: [UInt16]
  private let followsBlank: Bool

  init(_ alphabet: UnigramAlphabet, _ rules: PieceRules) {
    let texts = alphabet.texts
    leads = texts.map { $0.first ?? 0xE2 }
    byteLengths = texts.map { UInt16($0.count) }
    // A word behind which blanks stand is followed by anything.
    followsBlank = !rules.putsSpacesBehindWords
  }

  /// In the order of their ends, longer ones first: those of equal length in bytes by their bytes.
  func substrings(
    of text: borrowing UnigramText, _ lengths: borrowing ValidLengths,
    _ order: borrowing SuffixOrder
  ) throws(SentencePieceTrainingError) -> [SeedSubstring] {
    guard let wordOf = PageBuffer<UInt32>(count: text.count) else {
      throw .outOfMemory(bytes: 4 * text.count)
    }
    for word in 0..<text.wordCount {
      for place in Int(text.starts[word])..<Int(text.starts[word + 1]) {
        wordOf[place] = UInt32(truncatingIfNeeded: word)
      }
    }
    let (symbols, places, common) = (
      UnsafePointer(text.symbols.base), order.places.base, order.common.base
    )
    let (counts, endCounts, longest) = (
      text.counts.base, text.endCounts.base, lengths.lengths.base
    )
    let wordAt = wordOf.base
    let count = order.count
    var found: [SeedSubstring] = []
    leads.withUnsafeBufferPointer { leads in
      func follow(_ place: Int) -> Follow {
        let symbol = symbols[place]
        if symbol != 0 {
          let lead = leads[Int(symbol)]
          return Follow(least: lead, greatest: lead)
        }
        let word = Int(wordAt[place])
        var follow = Follow()
        if endCounts[word] > 0 { follow = Follow(least: 0, greatest: 0) }
        let others = counts[word] &- endCounts[word]
        if others > 0 {
          follow.least = min(follow.least, followsBlank ? 0xE2 : 1)
          follow.greatest = followsBlank || others == 1 ? 0xE2 : 0xFF
        }
        return follow
      }
      var open = [Open(first: 0, depth: 0, before: 0, least: 0, greatest: 0)]
      var total: UInt64 = 0
      for row in 0...count {
        // What rows `row - 1` and `row` have in common.
        // Single symbols are nobody's concern here.
        let raw = row > 0 && row < count ? Int(common[row]) : 0
        let shared = raw < 2 ? 0 : raw
        var first = row - 1
        var before = row > 0 ? total &- counts[Int(wordAt[Int(places[row - 1])])] : 0
        while let top = open.last, shared < top.depth {
          open.removeLast()
          first = top.first
          before = top.before
          if top.least != top.greatest {
            let place = Int(places[first])
            if top.depth <= Int(longest[place]),
              lengths.mayEnd(symbols, from: place, count: top.depth)
            {
              found.append(
                substring(
                  symbols + place, rows: first..<row, length: top.depth,
                  occurrences: total &- before))
            }
          }
          guard let next = open.last, shared > next.depth else { continue }
          let follow = follow(Int(places[first]) + shared)
          open.append(
            Open(
              first: first, depth: shared, before: before, least: follow.least,
              greatest: follow.greatest))
        }
        guard row < count else { break }
        let place = Int(places[row])
        if shared > 0, let top = open.last {
          if shared > top.depth {
            let follow = follow(Int(places[first]) + shared)
            open.append(
              Open(
                first: first, depth: shared, before: before, least: follow.least,
                greatest: follow.greatest))
          }
          let follow = follow(place + shared)
          open[open.count - 1].least = min(open[open.count - 1].least, follow.least)
          open[open.count - 1].greatest = max(open[open.count - 1].greatest, follow.greatest)
        }
        let occurrences = counts[Int(wordAt[place])]
        total &+= occurrences
        // A word's end that stands in no other: it is a node where the word both ends sentences and
        // does not.
        let length = Int(longest[place])
        let next = row + 1 < count ? Int(common[row + 1]) : 0
        if symbols[place + length] == 0, length > shared, length > next {
          let follow = follow(place + length)
          if follow.least < follow.greatest,
            lengths.mayEnd(symbols, from: place, count: length)
          {
            found.append(
              substring(
                symbols + place, rows: row..<row + 1, length: length, occurrences: occurrences))
          }
        }
      }
    }
    return found
  }

  private func substring(
    _ symbols: UnsafePointer<UInt32>, rows: Range<Int>, length: Int, occurrences: UInt64
  ) -> SeedSubstring {
    var bytes: UInt16 = 0
    for index in 0..<length { bytes &+= byteLengths[Int(symbols[index])] }
    return SeedSubstring(
      first: UInt32(truncatingIfNeeded: rows.lowerBound),
      last: UInt32(truncatingIfNeeded: rows.upperBound - 1), length: UInt16(length), bytes: bytes,
      score: Float(occurrences) * Float(length))
  }
}
