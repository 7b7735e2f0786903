import Primitives

/// The words that one thread has met. Owned by that thread.
final class WordCounter {
  let short: ShortWordTable
  let long: LongWordTable
  private let batch = WordBatch()
  /// Pre-tokens counted so far and not told, repeats included.
  private var occurrences: UInt64 = 0
  /// The longest word that is not short.
  private(set) var longest: [UInt8] = []

  /// - Parameter expectedWords: distinct words to make room for from the start.
  init(expectedWords: Int) throws(CorpusError) {
    short = try ShortWordTable(expectedWords: expectedWords)
    long = try LongWordTable()
  }

  /// Counts the pieces of `text` that begin at `starts` and end at `ends`.
  /// - Precondition: 16 bytes may be read behind the last end.
  func count(
    _ text: UnsafePointer<UInt8>, starts: UnsafePointer<UInt32>, ends: UnsafePointer<UInt32>,
    pieceCount: Int
  ) throws(CorpusError) {
    occurrences &+= UInt64(pieceCount)
    var first = 0
    while first < pieceCount {
      let size = min(WordBatch.capacity, pieceCount - first)
      let longCount = short.makeKeys(
        of: text, starts: starts + first, ends: ends + first, count: size, in: batch)
      for number in 0..<longCount {
        let piece = first &+ Int(batch.words.longs[number])
        let begin = Int(starts[piece])
        let length = Int(ends[piece]) &- begin
        long.enqueue(text + begin, length: length)
        if length > longest.count { keepLongest(text + begin, length) }
      }
      try short.count(batch)
      try long.countPending()
      first += size
    }
  }

  @inline(never)
  private func keepLongest(_ start: UnsafePointer<UInt8>, _ length: Int) {
    longest = Array(UnsafeBufferPointer(start: start, count: length))
  }

  /// Tells how many pre-tokens were counted since it told last.
  func takeOccurrences() -> UInt64 {
    defer { occurrences = 0 }
    return occurrences
  }
}
