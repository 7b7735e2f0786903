import Primitives

/// Words from a file and their counts, in any order.
struct CountedWords {
  /// Rarer words are left out.
  private let least: UInt64
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [Int] = []
  private(set) var counts: [UInt64] = []
  /// Of all counts, those that are left out among them, below 2^63.
  private(set) var sum: UInt64 = 0
  private var lostWords = 0
  private var lostOccurrences: UInt64 = 0

  var count: Int { counts.count }

  init(least: UInt64 = 1) { self.least = least }

  /// What was left out; `nil` where nothing could be.
  var floor: CountProfile.Floor? {
    least <= 1
      ? nil
      : CountProfile.Floor(
        least: least, lostWords: lostWords, lostOccurrences: lostOccurrences)
  }

  /// - Throws: `CountFileError.countsTooLarge`.
  mutating func append(_ word: UnsafeBufferPointer<UInt8>, count: UInt64) throws(CountFileError) {
    let (sum, overflows) = self.sum.addingReportingOverflow(count)
    if overflows || sum > UInt64(Int64.max) { throw .countsTooLarge(word: Array(word)) }
    self.sum = sum
    if count < least {
      lostWords += 1
      lostOccurrences &+= count
      return
    }
    bytes.append(contentsOf: word)
    ends.append(bytes.count)
    counts.append(count)
  }

  /// Makes sure that words of sentences are UTF-8 but for their mark, as counting leaves them: what
  /// learns pieces relies on it.
  /// - Throws: `CountFileError.illFormedWord`.
  func check(_ sentences: SentenceRules?, path: [UInt8]) throws(CountFileError) {
    guard let sentences else { return }
    var start = 0
    for end in ends {
      let isMarked = sentences.marksFollowers && bytes[end - 1] == SentenceRules.endMark
      let word = bytes[start..<end - (isMarked ? 1 : 0)]
      if !word.withUnsafeBufferPointer({ UTF8Validation.isValid($0) }) {
        throw .illFormedWord(path: path, word: Array(word))
      }
      start = end
    }
  }
}
