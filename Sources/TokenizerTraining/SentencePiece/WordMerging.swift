import NativeBridges

/// Words that were counted apart, each once again.
struct WordMerging {
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

  /// Returns the number of the word: how many others came before it.
  mutating func add(
    _ word: UnsafeBufferPointer<UInt8>, _ count: UInt64, endsSentence: Bool
  ) -> Int {
    let slot = slot(of: word)
    if slots[slot] != 0 {
      let number = Int(slots[slot] - 1)
      counts[number] += count
      if endsSentence { endCounts[number] += count }
      return number
    }
    bytes.append(contentsOf: word)
    ends.append(bytes.count)
    counts.append(count)
    endCounts.append(endsSentence ? count : 0)
    slots[slot] = UInt32(counts.count)
    if 2 * counts.count > slots.count { grow() }
    return counts.count - 1
  }

  func number(of word: UnsafeBufferPointer<UInt8>) -> Int? {
    let found = slots[slot(of: word)]
    return found == 0 ? nil : Int(found - 1)
  }

  private func range(of number: Int) -> Range<Int> {
    (number == 0 ? 0 : ends[number - 1])..<ends[number]
  }

  /// Where the word is, or where it belongs.
  private func slot(of word: UnsafeBufferPointer<UInt8>) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: tt_hash64(word.baseAddress, word.count)) & mask
    while slots[slot] != 0 {
      let range = range(of: Int(slots[slot] - 1))
      if range.count == word.count, bytes[range].elementsEqual(word) { break }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: 2 * slots.count)
    for number in counts.indices {
      let free = bytes.withUnsafeBufferPointer { bytes in
        slot(of: bytes.extracting(range(of: number)))
      }
      slots[free] = UInt32(number + 1)
    }
  }

  /// In the order in which they came.
  consuming func wordsAsTheyCame() -> PreTokenCounts {
    PreTokenCounts(bytes: bytes, ends: ends, counts: counts)
  }

  /// By falling count; words of equal count in the order in which they came. `places`: by number.
  consuming func words() -> (words: PreTokenCounts, endCounts: [UInt64], places: [UInt32]) {
    let order = counts.indices.sorted {
      counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1
    }
    var (sortedBytes, sortedEnds): ([UInt8], [Int]) = ([], [])
    sortedBytes.reserveCapacity(bytes.count)
    sortedEnds.reserveCapacity(ends.count)
    var places = [UInt32](repeating: 0, count: order.count)
    for (place, number) in order.enumerated() {
      sortedBytes += bytes[(number == 0 ? 0 : ends[number - 1])..<ends[number]]
      sortedEnds.append(sortedBytes.count)
      places[number] = UInt32(place)
    }
    return (
      PreTokenCounts(bytes: sortedBytes, ends: sortedEnds, counts: order.map { counts[$0] }),
      order.map { endCounts[$0] }, places
    )
  }
}
