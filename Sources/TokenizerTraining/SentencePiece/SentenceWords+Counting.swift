import NativeBridges
import Tokenization

/// From counted words to those that pieces are learned from.
extension SentenceWords {
  /// - Parameters:
  ///   - counted: words as `SentenceCounter` leaves them.
  ///   - marksEnds: whether words at the end of a sentence carry `SentenceRules.endMark`.
  ///   - metaPieces: texts that no piece reaches into: the longest at each place from left to right
  ///     becomes one boundary.
  init(counted: consuming PreTokenCounts, marksEnds: Bool, metaPieces: [[UInt8]]) {
    let needles = Needles(metaPieces)
    guard marksEnds || Self.occurs(needles, in: counted) else {
      self.init(words: counted, endCounts: [])
      return
    }
    var table = WordMerging(expected: counted.wordCount, bytes: counted.bytes.count)
    var begin = 0
    counted.bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      var changed: [UInt8] = []
      for word in 0..<counted.wordCount {
        let end = counted.ends[word]
        let isLast = marksEnds && bytes[end - 1] == SentenceRules.endMark
        let content = begin..<(isLast ? end - 1 : end)
        let weight = counted.counts[word]
        if needles.next(in: base, from: content.lowerBound, to: content.upperBound) != nil {
          Self.replace(needles, in: base, content, into: &changed)
          changed.withUnsafeBufferPointer { table.add($0, weight, endsSentence: isLast) }
        } else if !content.isEmpty {
          table.add(bytes.extracting(content), weight, endsSentence: isLast)
        }
        begin = end
      }
    }
    let (words, endCounts) = table.words()
    self.init(words: words, endCounts: marksEnds ? endCounts : [])
  }

  private static func occurs(_ needles: Needles, in counted: borrowing PreTokenCounts) -> Bool {
    // Words stand side by side here: what is found may reach across two, which costs time only.
    counted.bytes.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { needles.next(in: $0, from: 0, to: bytes.count) != nil } ?? false
    }
  }

  private static func replace(
    _ needles: Needles, in text: UnsafePointer<UInt8>, _ range: Range<Int>,
    into changed: inout [UInt8]
  ) {
    changed.removeAll(keepingCapacity: true)
    var place = range.lowerBound
    while let found = needles.next(in: text, from: place, to: range.upperBound) {
      changed += UnsafeBufferPointer(start: text + place, count: found.lowerBound - place)
      changed.append(UInt8(PieceRules.boundary))
      place = found.upperBound
    }
    changed += UnsafeBufferPointer(start: text + place, count: range.upperBound - place)
  }
}

/// Words that were counted apart, each once again.
private struct WordMerging {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var counts: [UInt64] = []
  private var endCounts: [UInt64] = []
  /// 1 + number of a word by hash; 0: free. At most half full.
  private var slots: [UInt32]

  init(expected: Int, bytes count: Int) {
    var size = 16
    while size < 2 * expected { size *= 2 }
    slots = Array(repeating: 0, count: size)
    bytes.reserveCapacity(count)
    ends.reserveCapacity(expected)
  }

  mutating func add(_ word: UnsafeBufferPointer<UInt8>, _ count: UInt64, endsSentence: Bool) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: tt_hash64(word.baseAddress, word.count)) & mask
    while slots[slot] != 0 {
      let number = Int(slots[slot] - 1)
      let start = number == 0 ? 0 : ends[number - 1]
      if ends[number] - start == word.count,
        bytes[start..<ends[number]].elementsEqual(word)
      {
        counts[number] += count
        if endsSentence { endCounts[number] += count }
        return
      }
      slot = (slot + 1) & mask
    }
    bytes.append(contentsOf: word)
    ends.append(bytes.count)
    counts.append(count)
    endCounts.append(endsSentence ? count : 0)
    slots[slot] = UInt32(counts.count)
  }

  /// By falling count; words of equal count in the order in which they came.
  consuming func words() -> (words: PreTokenCounts, endCounts: [UInt64]) {
    let order = counts.indices.sorted {
      counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1
    }
    var (sortedBytes, sortedEnds): ([UInt8], [Int]) = ([], [])
    sortedBytes.reserveCapacity(bytes.count)
    sortedEnds.reserveCapacity(ends.count)
    for number in order {
      sortedBytes += bytes[(number == 0 ? 0 : ends[number - 1])..<ends[number]]
      sortedEnds.append(sortedBytes.count)
    }
    return (
      PreTokenCounts(bytes: sortedBytes, ends: sortedEnds, counts: order.map { counts[$0] }),
      order.map { endCounts[$0] }
    )
  }
}
