import Primitives
import Tokenization

/// Words as rows of symbols, each with a 0 behind it.
///
/// A character that begins a word is another symbol than the same character behind it. So what
/// begins a word and what continues one never share a suffix's beginning, and one tree holds both.
struct TopDownText: ~Copyable {
  let symbols: PageBuffer<UInt32>
  /// Place of each word, and behind the last one the end.
  let starts: PageBuffer<UInt32>
  /// Occurrences of each word.
  let counts: [UInt64]
  let spelling: PieceSpelling
  /// Symbols of the longest word.
  let longestWord: Int

  /// Nodes of a tree of all suffixes have 31 bits: two for each symbol.
  private static let mostSymbols = 1 << 29

  init(_ words: borrowing PreTokenCounts, _ spelling: PieceSpelling) throws(BPETrainingError) {
    let length = words.bytes.count(where: { $0 & 0xC0 != 0x80 }) + words.wordCount
    guard length <= Self.mostSymbols else {
      throw .tooManySymbols(length, maximum: Self.mostSymbols)
    }
    guard let symbols = PageBuffer<UInt32>(count: length),
      let starts = PageBuffer<UInt32>(count: words.wordCount + 1)
    else { throw .outOfMemory(bytes: 4 * (length + words.wordCount)) }
    var place = 0
    var longest = 0
    words.bytes.withUnsafeBufferPointer { bytes in
      var begin = 0
      for word in 0..<words.wordCount {
        let start = place
        starts[word] = UInt32(truncatingIfNeeded: start)
        spelling.characters.forEach(in: bytes.extracting(begin..<words.ends[word])) { number in
          symbols[place] = spelling.symbol(number, begins: place == start)
          place &+= 1
        }
        longest = max(longest, place - start)
        place &+= 1
        begin = words.ends[word]
      }
    }
    starts[words.wordCount] = UInt32(place)
    self.symbols = symbols
    self.starts = starts
    self.spelling = spelling
    counts = words.counts
    longestWord = longest
  }

  /// All suffixes of all words in order; `nil` without memory.
  func suffixOrder(threads: Int) -> SuffixOrder? {
    let base = symbols.base
    return SuffixOrder(
      symbols, greatest: spelling.greatestSymbol, limit: longestWord, threads: threads,
      isStart: { base[$0] != 0 })
  }
}
