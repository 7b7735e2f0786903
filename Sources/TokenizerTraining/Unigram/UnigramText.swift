import Primitives
import Tokenization

/// The distinct words as rows of dense symbols, each with a 0 behind it: what Unigram training reads.
///
/// Symbols are characters numbered from 1 by code point, so rows compare as their bytes do. All
/// characters without a piece are one symbol. Words stand by falling count, equal counts by symbols:
/// SentencePiece's order, which its sums in single precision depend on.
struct UnigramText: ~Copyable {
  let symbols: PageBuffer<UInt32>
  /// Place of each word, and behind the last one the end.
  let starts: PageBuffer<UInt32>
  let counts: PageBuffer<UInt64>
  /// How often each word was the last of its sentence.
  let endCounts: PageBuffer<UInt64>
  /// First bytes of what follows each word inside sentences.
  let follows: PageBuffer<ByteRange>
  /// First bytes of the sentences that follow those which each word ends; 0: of none.
  let endFollows: PageBuffer<ByteRange>
  let wordCount: Int
  let alphabet: UnigramAlphabet
  /// Occurrences of all words.
  let totalCount: UInt64
  /// Occurrences of all characters.
  let characterCount: UInt64
  /// Characters of the longest word.
  let longestWord: Int

  /// Places of all symbols, those behind words among them.
  var count: Int { symbols.count }

  init(_ source: SentenceWords, _ characters: RequiredCharacters)
    throws(SentencePieceTrainingError)
  {
    alphabet = UnigramAlphabet(characters)
    var words = try WordRows(source, alphabet)
    if !source.isInOrder { words.mergeEqual(sharing: alphabet.rare) }
    let order =
      source.isInOrder ? words.givenOrder : words.order(symbolCount: alphabet.count)
    let places = order.reduce(0) { $0 + words.range(of: Int($1)).count + 1 }
    let most = Int(Int32.max)
    guard places <= most else { throw .tooManySymbols(places, maximum: most) }
    guard let symbols = PageBuffer<UInt32>(count: places),
      let starts = PageBuffer<UInt32>(count: order.count + 1),
      let counts = PageBuffer<UInt64>(count: order.count),
      let endCounts = PageBuffer<UInt64>(count: order.count),
      let follows = PageBuffer<ByteRange>(count: order.count),
      let endFollows = PageBuffer<ByteRange>(count: order.count)
    else { throw .outOfMemory(bytes: 4 * places + 24 * order.count) }
    var place = 0
    var longest = 0
    var total: UInt64 = 0
    var characterTotal: UInt64 = 0
    var isTooLarge = false
    for (index, word) in order.enumerated() {
      let range = words.range(of: Int(word))
      let count = words.counts[Int(word)]
      starts[index] = UInt32(place)
      for from in range {
        symbols[place] = words.symbols[from]
        place += 1
      }
      place += 1
      counts[index] = count
      endCounts[index] = min(count, words.endCounts[Int(word)])
      follows[index] = words.follows[Int(word)]
      endFollows[index] = words.endFollows[Int(word)]
      longest = max(longest, range.count)
      let (weight, exceeds) = count.multipliedReportingOverflow(by: UInt64(range.count))
      let (sum, overflows) = characterTotal.addingReportingOverflow(weight)
      isTooLarge = isTooLarge || exceeds || overflows || sum > UInt64(Int64.max)
      characterTotal = sum
      total &+= count
    }
    if isTooLarge { throw .countsTooLarge }
    starts[order.count] = UInt32(place)
    self.symbols = symbols
    self.starts = starts
    self.counts = counts
    self.endCounts = endCounts
    self.follows = follows
    self.endFollows = endFollows
    wordCount = order.count
    totalCount = total
    characterCount = characterTotal
    longestWord = longest
  }
}

/// Words on their way to their order.
private struct WordRows {
  var symbols: [UInt32] = []
  var ends: [Int] = []
  var counts: [UInt64] = []
  var endCounts: [UInt64] = []
  var follows: [ByteRange]
  var endFollows: [ByteRange]

  init(_ source: SentenceWords, _ alphabet: UnigramAlphabet) throws(SentencePieceTrainingError) {
    let words = source.words
    let blank = [ByteRange(0xE2)]
    follows = Self.ranges(
      source.followers, alphabet, words.wordCount, source.followers.isEmpty ? blank : [])
    endFollows = Self.ranges(
      source.endFollowers, alphabet, words.wordCount, source.hasAllEndFollowers ? [] : blank)
    symbols.reserveCapacity(words.bytes.count)
    ends.reserveCapacity(words.wordCount)
    words.bytes.withUnsafeBufferPointer { bytes in
      var begin = 0
      for word in 0..<words.wordCount {
        let end = words.ends[word]
        alphabet.characters.forEach(in: bytes.extracting(begin..<end)) { number in
          symbols.append(alphabet.symbol(ofNumber: number))
        }
        ends.append(symbols.count)
        begin = end
      }
    }
    counts = words.counts
    endCounts =
      source.endCounts.isEmpty
      ? Array(repeating: 0, count: words.wordCount) : source.endCounts
    guard endCounts.count == counts.count, words.wordCount < Int(Int32.max) else {
      throw .tooManySymbols(symbols.count, maximum: Int(Int32.max))
    }
  }

  /// First bytes by word; `always`: of what follows all.
  private static func ranges(
    _ followers: [WordFollower], _ alphabet: UnigramAlphabet, _ count: Int, _ always: [ByteRange]
  ) -> [ByteRange] {
    var ranges = [ByteRange](repeating: always.first ?? ByteRange(), count: count)
    for follower in followers {
      let byte = follower.scalar == WordFollower.nothing ? 0 : alphabet.lead(of: follower.scalar)
      ranges[Int(follower.word)].formUnion(ByteRange(byte))
    }
    return ranges
  }

  func range(of word: Int) -> Range<Int> { (word == 0 ? 0 : ends[word - 1])..<ends[word] }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    let (first, second) = (range(of: a), range(of: b))
    return symbols[first].lexicographicallyPrecedes(symbols[second])
  }

  /// Words that differ only in characters without a piece are one word.
  mutating func mergeEqual(sharing rare: UInt32) {
    var changed = counts.indices.filter { symbols[range(of: $0)].contains(rare) }
    changed.sort { precedes($0, $1) || (!precedes($1, $0) && $0 < $1) }
    guard var kept = changed.first else { return }
    for word in changed.dropFirst() {
      guard symbols[range(of: kept)].elementsEqual(symbols[range(of: word)]) else {
        kept = word
        continue
      }
      counts[kept] = Self.sum(counts[kept], counts[word])
      endCounts[kept] = Self.sum(endCounts[kept], endCounts[word])
      follows[kept].formUnion(follows[word])
      endFollows[kept].formUnion(endFollows[word])
      counts[word] = 0
    }
  }

  private static func sum(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (sum, overflows) = a.addingReportingOverflow(b)
    return overflows ? .max : sum
  }

  private struct Entry {
    var count: UInt64
    var key: UInt64
    var word: UInt32
  }

  /// The words with a text, as they stand.
  var givenOrder: [UInt32] {
    counts.indices.filter { !range(of: $0).isEmpty }.map { UInt32($0) }
  }

  /// The words with a count and a text, by falling count, equal counts by symbols.
  func order(symbolCount: Int) -> [UInt32] {
    let bits = UInt64.bitWidth - symbolCount.leadingZeroBitCount
    let perKey = 64 / bits
    var entries: [Entry] = []
    entries.reserveCapacity(counts.count)
    for word in counts.indices where counts[word] > 0 && !range(of: word).isEmpty {
      var key: UInt64 = 0
      var shift = 64 - bits
      for place in range(of: word).prefix(perKey) {
        key |= UInt64(symbols[place]) << UInt64(shift)
        shift -= bits
      }
      entries.append(Entry(count: counts[word], key: key, word: UInt32(word)))
    }
    entries.sort { a, b in
      if a.count != b.count { return a.count > b.count }
      if a.key != b.key { return a.key < b.key }
      return precedes(Int(a.word), Int(b.word))
    }
    return entries.map(\.word)
  }
}
