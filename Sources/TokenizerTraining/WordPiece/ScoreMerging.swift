import Primitives
import Tokenization

/// Greedy merging by a score of pairs, exact: the best pair becomes a token, until the vocabulary
/// is full or no pair is left that occurs often enough.
///
/// The engine of byte-pair encoding keeps words, counts and lists of positions; here is the order
/// in which pairs are taken. No two pairs make the same text: while no merge crosses its ends, what
/// happens inside a stretch of text depends on the text alone.
struct ScoreMerging<Symbol: SymbolInteger, Criterion: PairCriterion>: ~Copyable {
  private(set) var engine: MergeEngine<Symbol>
  private(set) var ranking: PairRanking<Criterion>
  /// What tokens that continue words begin with, and others may not.
  private let prefix: [UInt8]

  /// - Parameters:
  ///   - engine: with all pairs in sight that reach the minimum count of its limits.
  ///   - prefix: no token that begins words begins with it.
  /// - Returns: `nil` without memory.
  init?(engine: consuming MergeEngine<Symbol>, criterion: Criterion, prefix: [UInt8]) {
    guard
      let ranking = PairRanking<Criterion>(
        criterion: criterion, minimum: engine.floor, symbolLimit: engine.limits.vocabularySize)
    else { return nil }
    self.engine = engine
    self.ranking = ranking
    self.prefix = prefix
    countSymbols()
    addPairs(0..<self.engine.pairs.count)
  }

  mutating func mergeAll(progress: TrainingProgress) {
    let first = engine.spellings.count
    let total = engine.limits.vocabularySize - first
    while let pair = selectPair() {
      merge(pair)
      if engine.merges.count & 511 == 0 {
        progress.report(.merging, engine.spellings.count - first, total)
      }
    }
    progress.report(.merging, engine.spellings.count - first, total)
  }

  /// The best pair, left symbol in the high 32 bits; `nil`: the vocabulary is full, or no pair is
  /// left.
  func selectPair() -> UInt64? {
    engine.spellings.count < engine.limits.vocabularySize ? ranking.best : nil
  }

  mutating func merge(_ pair: UInt64) {
    let (a, b) = (Int(pair >> 32), Int(pair & 0xFFFF_FFFF))
    let row = engine.pairs.find(pair)
    let before = engine.mergedWeight
    let replacement = engine.replace(row)
    let count = Int64(engine.mergedWeight - before)
    let c = Int(engine.merges[engine.merges.count - 1].result)

    ranking.setCount(ranking.count(of: a) - count, of: a)
    ranking.setCount(ranking.count(of: b) - count, of: b)
    ranking.setCount(ranking.count(of: c) + count, of: c)
    ranking.remove(row, pair)
    lowerNeighbours(a, b, replacement)
    ranking.tellGuests(of: a, engine.pairs)
    if a != b { ranking.tellGuests(of: b, engine.pairs) }
    ranking.tellGuests(of: c, engine.pairs)
    addPairs(replacement.born)
  }

  /// (x, a) and (b, y) have lost what (x, c) and (c, y) are born with.
  private mutating func lowerNeighbours(
    _ a: Int, _ b: Int, _ replacement: MergeEngine<Symbol>.Replacement
  ) {
    for index in 0..<replacement.rightCount {
      let row = engine.pairs.find(UInt64(b) &<< 32 | UInt64(engine.right.touched[index]))
      if row >= 0, row < replacement.born.lowerBound { ranking.lower(row, engine.pairs) }
    }
    for index in 0..<replacement.leftCount {
      let row = engine.pairs.find(UInt64(engine.left.touched[index]) &<< 32 | UInt64(a))
      if row >= 0, row < replacement.born.lowerBound { ranking.lower(row, engine.pairs) }
    }
  }

  /// Those born and lowered in one merge, as (c, a) is in a b a b, come with what is left of them.
  private mutating func addPairs(_ rows: Range<Int>) {
    let (spellings, prefix) = (engine.spellings, prefix)
    ranking.add(rows, engine.pairs) { key in
      !spellings.opens(prefix, Int(key >> 32), Int(key & 0xFFFF_FFFF))
    }
  }

  /// Weighted occurrences of all symbols, those of one-symbol words among them.
  private mutating func countSymbols() {
    let separator = Int(engine.words.separator)
    var counts = [Int64](repeating: 0, count: separator + 1)
    for slot in 0..<engine.words.count {
      counts[Int(engine.words.symbols[slot])] &+= Int64(engine.words.weight(at: slot))
    }
    for symbol in 0..<engine.spellings.count {
      ranking.setCount(counts[symbol], of: symbol)
      ranking.tellGuests(of: symbol, engine.pairs)
    }
  }

  /// Whether two tokens stand side by side that the minimum count alone keeps apart.
  var leavesRarePairs: Bool {
    var found = false
    engine.forEachPair { key, _, _ in
      if !engine.spellings.opens(prefix, Int(key >> 32), Int(key & 0xFFFF_FFFF)) { found = true }
    }
    return found
  }
}

extension SymbolSequence {
  /// Occurrences of the word that stands at a slot; of separators it means nothing.
  @inline(__always)
  func weight(at slot: Int) -> UInt64 {
    let block = blocks[slot >> Self.blockShift]
    guard block & Self.mixedBit != 0 else { return UInt64(block) }
    return mixed[Int(block & ~Self.mixedBit) << Self.blockShift | slot & 31]
  }
}

extension TokenSpellings {
  /// Whether the token made of two would begin with the prefix of tokens that continue words while
  /// the left one does not.
  func opens(_ prefix: [UInt8], _ left: Int, _ right: Int) -> Bool {
    let length = lengths[left]
    guard length < prefix.count, length + lengths[right] - prefix.count >= prefix.count else {
      return false
    }
    for index in prefix.indices {
      let byte =
        index < length
        ? bytes[starts[left] + index] : bytes[starts[right] + prefix.count + index - length]
      if byte != prefix[index] { return false }
    }
    return true
  }
}
