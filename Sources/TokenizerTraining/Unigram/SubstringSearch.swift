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
/// There the tree is one of bytes over all sentences with a 0 behind each. So a substring counts where
/// what follows it begins with two different bytes at least: the first byte of a character, or the 0.
/// And its occurrences at ends of sentences count once more where the 0 is a node, too: where the
/// sentences behind those begin with different bytes.
///
/// One pass over the rows with a stack of open intervals (Abouelhoda, Kurtz, Ohlebusch 2004).
struct SubstringSearch {
  /// What stands behind some occurrences of a substring.
  private struct Follow {
    /// First bytes; 0 at the end of a sentence.
    var bytes = ByteRange()
    /// How often a sentence ends there, and first bytes of the sentences behind those.
    var ends: UInt64 = 0
    var endBytes = ByteRange()

    @inline(__always)
    mutating func formUnion(_ other: Follow) {
      bytes.formUnion(other.bytes)
      ends &+= other.ends
      endBytes.formUnion(other.endBytes)
    }

    /// What `occurrences` count for; 0: they are no node.
    @inline(__always)
    func weight(_ occurrences: UInt64) -> UInt64 {
      (bytes.differ ? occurrences : 0) &+ (endBytes.differ && ends > 1 ? ends : 0)
    }
  }

  /// An interval of rows with so many symbols in common that is not over yet.
  private struct Open {
    var first: Int
    var depth: Int
    /// Occurrences of all rows before `first`.
    var before: UInt64
    var follow: Follow
  }

  /// The text as the pass sees it. Pointers are those of whoever owns the text.
  private struct Places {
    let symbols: UnsafePointer<UInt32>
    let words: UnsafePointer<UInt32>
    let counts: UnsafePointer<UInt64>
    let endCounts: UnsafePointer<UInt64>
    let follows: UnsafePointer<ByteRange>
    let endFollows: UnsafePointer<ByteRange>
    /// First byte by symbol.
    let leads: UnsafePointer<UInt8>

    @inline(__always)
    func count(_ place: UInt32) -> UInt64 { counts[Int(words[Int(place)])] }

    /// What stands at a place, behind a substring.
    @inline(__always)
    func follow(_ place: Int) -> Follow {
      let symbol = symbols[place]
      if symbol != 0 { return Follow(bytes: ByteRange(leads[Int(symbol)])) }
      let word = Int(words[place])
      var follow = Follow()
      if endCounts[word] > 0 {
        follow = Follow(
          bytes: ByteRange(0), ends: endCounts[word], endBytes: endFollows[word])
      }
      if counts[word] > endCounts[word] { follow.bytes.formUnion(follows[word]) }
      return follow
    }
  }

  private let leads: [UInt8]
  private let byteLengths: [UInt16]

  init(_ alphabet: UnigramAlphabet) {
    let texts = alphabet.texts
    leads = texts.map { $0.first ?? 0xE2 }
    byteLengths = texts.map { UInt16($0.count) }
  }

  /// In the order of their ends, longer ones first: those of equal length in bytes by their bytes.
  func substrings(
    of text: borrowing UnigramText, _ lengths: borrowing ValidLengths,
    _ order: borrowing SuffixOrder
  ) throws(SentencePieceTrainingError) -> [SeedSubstring] {
    let words = try Self.wordNumbers(text)
    var found: [SeedSubstring] = []
    leads.withUnsafeBufferPointer { leads in
      guard let leads = leads.baseAddress else { return }
      let places = Places(
        symbols: text.symbols.base, words: words.base, counts: text.counts.base,
        endCounts: text.endCounts.base, follows: text.follows.base,
        endFollows: text.endFollows.base, leads: leads)
      var open = [Open(first: 0, depth: 0, before: 0, follow: Follow())]
      var total: UInt64 = 0
      for row in 0...order.count {
        let shared = Self.common(row, order)
        var first = row - 1
        var before = row > 0 ? total &- places.count(order.places[row - 1]) : 0
        while let top = open.last, shared < top.depth {
          open.removeLast()
          first = top.first
          before = top.before
          add(
            first..<row, length: top.depth, weight: top.follow.weight(total &- before), order,
            places, lengths, to: &found)
          guard let next = open.last, shared > next.depth else { continue }
          open.append(
            Open(
              first: first, depth: shared, before: before,
              follow: places.follow(Int(order.places[first]) + shared)))
        }
        guard row < order.count else { break }
        let place = Int(order.places[row])
        if shared > 0, let top = open.last {
          if shared > top.depth {
            open.append(
              Open(
                first: first, depth: shared, before: before,
                follow: places.follow(Int(order.places[first]) + shared)))
          }
          open[open.count - 1].follow.formUnion(places.follow(place + shared))
        }
        let occurrences = places.count(order.places[row])
        total &+= occurrences
        // A word's end that stands in no other may be a node, too.
        let length = Int(lengths.lengths[place])
        if places.symbols[place + length] == 0, length > shared,
          length > Self.common(row + 1, order)
        {
          add(
            row..<row + 1, length: length,
            weight: places.follow(place + length).weight(occurrences), order, places, lengths,
            to: &found)
        }
      }
    }
    return found
  }

  /// Symbols that a row has in common with the one before it; single ones are nobody's concern here.
  @inline(__always)
  private static func common(_ row: Int, _ order: borrowing SuffixOrder) -> Int {
    guard row > 0, row < order.count else { return 0 }
    let common = Int(order.common[row])
    return common < 2 ? 0 : common
  }

  /// The number of the word at each place, the symbol behind it included.
  private static func wordNumbers(
    _ text: borrowing UnigramText
  ) throws(SentencePieceTrainingError) -> PageBuffer<UInt32> {
    guard let words = PageBuffer<UInt32>(count: text.count) else {
      throw .outOfMemory(bytes: 4 * text.count)
    }
    for word in 0..<text.wordCount {
      for place in Int(text.starts[word])..<Int(text.starts[word + 1]) {
        words[place] = UInt32(truncatingIfNeeded: word)
      }
    }
    return words
  }

  /// Adds the substring that some rows begin with, if it may be a piece.
  @inline(__always)
  private func add(
    _ rows: Range<Int>, length: Int, weight: UInt64, _ order: borrowing SuffixOrder,
    _ places: Places, _ lengths: borrowing ValidLengths, to found: inout [SeedSubstring]
  ) {
    let place = Int(order.places[rows.lowerBound])
    guard weight > 0, length <= Int(lengths.lengths[place]),
      lengths.mayEnd(places.symbols, from: place, count: length)
    else { return }
    var bytes: UInt16 = 0
    for index in place..<place + length { bytes &+= byteLengths[Int(places.symbols[index])] }
    found.append(
      SeedSubstring(
        first: UInt32(truncatingIfNeeded: rows.lowerBound),
        last: UInt32(truncatingIfNeeded: rows.upperBound - 1), length: UInt16(length),
        bytes: bytes, score: Float(weight) * Float(length)))
  }
}
