import Primitives

/// Words from a file and their counts, in any order.
struct CountedWords {
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [Int] = []
  private(set) var counts: [UInt64] = []
  /// Of all counts, below 2^63.
  private(set) var sum: UInt64 = 0

  var count: Int { counts.count }

  /// - Throws: `CountFileError.countsTooLarge`.
  mutating func append(_ word: UnsafeBufferPointer<UInt8>, count: UInt64) throws(CountFileError) {
    let (sum, overflows) = self.sum.addingReportingOverflow(count)
    if overflows || sum > UInt64(Int64.max) { throw .countsTooLarge(word: Array(word)) }
    self.sum = sum
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
