import Primitives

/// What SentencePiece counts twice (0.2.3, `MakeSeedSentencePiecesFromCorpus`): the suffix tree of all
/// sentences has a node where an end of the very last one is an end of others, too, because after
/// it nothing follows. There the number of such ends is added to the occurrences of the text.
struct LastSentenceEnds {
  private let rules: PieceRules
  private let scalars: [UInt32]
  private let byteLengths: [UInt16]

  init(_ alphabet: UnigramAlphabet, _ rules: PieceRules) {
    self.rules = rules
    scalars = alphabet.scalars
    byteLengths = alphabet.texts.map { UInt16($0.count) }
  }

  /// Raises the scores of the ends of a word, and adds those that were no candidates.
  ///
  /// - Parameter word: symbols of the last word.
  func add(
    _ word: [UInt32], of text: borrowing UnigramText, _ order: borrowing SuffixOrder,
    to found: inout [SeedSubstring]
  ) {
    guard word.count >= 2 else { return }
    for length in 2...min(word.count, max(2, rules.maximumLength)) {
      let end = Array(word.suffix(length))
      guard rules.allow(end.map { scalars[Int($0)] }) else { continue }
      let ends = sentenceEnds(with: end, in: text)
      let rows = order.rows(beginningWith: end, in: text)
      guard ends >= 2, let first = rows.first, let last = rows.last else { continue }
      let score = { (occurrences: UInt64) in Float(occurrences) * Float(length) }
      let known = found.firstIndex {
        $0.first == UInt32(first) && $0.last == UInt32(last) && Int($0.length) == length
      }
      if let known {
        found[known].score = score(occurrences(rows, text, order) + ends)
        continue
      }
      let substring = SeedSubstring(
        first: UInt32(first), last: UInt32(last), length: UInt16(length),
        bytes: end.reduce(0) { $0 &+ byteLengths[Int($1)] }, score: score(ends))
      // In the order of their ends, longer ones first.
      let place = found.firstIndex {
        ($0.last, length) > (substring.last, Int($0.length))
      }
      found.insert(substring, at: place ?? found.count)
    }
  }

  /// Sentences that end so.
  private func sentenceEnds(with end: [UInt32], in text: borrowing UnigramText) -> UInt64 {
    let symbols = text.symbols.base
    var total: UInt64 = 0
    for word in 0..<text.wordCount where text.endCounts[word] > 0 {
      let stop = Int(text.starts[word + 1]) - 1
      let start = stop - end.count
      guard start >= Int(text.starts[word]) else { continue }
      if end.indices.allSatisfy({ symbols[start + $0] == end[$0] }) {
        total &+= text.endCounts[word]
      }
    }
    return total
  }

  private func occurrences(
    _ rows: Range<Int>, _ text: borrowing UnigramText, _ order: borrowing SuffixOrder
  ) -> UInt64 {
    var total: UInt64 = 0
    for row in rows {
      // The word of a place: the last that starts at or before it.
      let place = order.places[row]
      var (low, high) = (0, text.wordCount)
      while high - low > 1 {
        let middle = (low + high) / 2
        if text.starts[middle] <= place { low = middle } else { high = middle }
      }
      total &+= text.counts[low]
    }
    return total
  }
}
