import Primitives
import Tokenization

/// The characters of words: how often each occurs, and which word is the first in which it stands
/// behind another.
struct CharacterOccurrences {
  struct Character {
    var scalar: UInt32
    var count: UInt64
    /// Number of the word in which it first continues one; -1: it never does.
    var continuedWord: Int
  }

  /// By code point.
  private(set) var characters: [Character] = []
  private(set) var total: UInt64 = 0
  /// Words that may begin with the prefix.
  private(set) var suspects = 0

  init(_ words: borrowing PreTokenCounts, prefix: [UInt8]) throws(BPETrainingError) {
    let scalarLimit = 0x11_0000
    // Pages of scripts that do not occur stay untouched.
    guard let counts = PageBuffer<UInt64>(count: scalarLimit),
      let firstWords = PageBuffer<Int>(count: scalarLimit)
    else { throw .outOfMemory(bytes: 16 * scalarLimit) }
    var highest = 0
    var place = 0
    for word in 0..<words.wordCount {
      let start = place
      let end = words.ends[word]
      let weight = words.counts[word]
      let (sum, overflows) = weight.multipliedReportingOverflow(by: UInt64(end - start))
      let (all, exceeds) = total.addingReportingOverflow(sum)
      // Counts of pairs are signed, and no pair occurs more often than bytes do.
      guard !overflows, !exceeds, all <= UInt64(Int64.max) else { throw .countsTooLarge }
      words.bytes.withUnsafeBufferPointer { bytes in
        while place < end {
          let (value, length) = CharacterSymbols.scalar(bytes, at: place)
          let scalar = Int(value)
          highest = max(highest, scalar)
          // Bounded by `total`, so it cannot overflow.
          counts[scalar] &+= weight
          total &+= weight
          if place > start {
            let first = firstWords[scalar] &- 1
            if first < 0 || weight >= words.counts[first], first != word {
              if first < 0 || Self.precedes(word, first, in: words) {
                firstWords[scalar] = word &+ 1
              }
            }
          }
          place &+= length
        }
      }
      place = end
      if words.bytes[start] == prefix.first { suspects += 1 }
    }
    for scalar in 0...highest where counts[scalar] > 0 {
      characters.append(
        Character(
          scalar: UInt32(scalar), count: counts[scalar], continuedWord: firstWords[scalar] - 1))
    }
  }

  /// The order of words by which characters that continue words get their ids, whatever the order
  /// in which they are counted: the more frequent first, equal ones by their bytes.
  static func precedes(_ left: Int, _ right: Int, in words: borrowing PreTokenCounts) -> Bool {
    if words.counts[left] != words.counts[right] {
      return words.counts[left] > words.counts[right]
    }
    return words.bytes[words.range(of: left)]
      .lexicographicallyPrecedes(words.bytes[words.range(of: right)])
  }
}

extension PreTokenCounts {
  func range(of word: Int) -> Range<Int> { (word == 0 ? 0 : ends[word - 1])..<ends[word] }
}
