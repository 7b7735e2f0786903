import Primitives

/// What counting in bounded memory asks of the words of a thread.
extension WordCounter {
  var wordCount: Int { short.wordCount + long.wordCount }

  /// Bytes that the tables will take when some words and their bytes have been added, and what brings
  /// them into order.
  func memory(adding words: Int, bytes: Int) -> Int {
    short.memory(holding: short.wordCount + words)
      + long.memory(holding: long.wordCount + words / 8, bytes: long.byteCount + bytes)
      + 2 * MemoryLayout<WordOrder.Entry>.stride * (wordCount + words)
  }

  /// Calls `body` with each word and its count, in ascending order of bytes.
  func forEachAscending<Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>, UInt64) throws(Failure) -> Void
  ) throws(Failure) {
    // Words of the two tables share the numbers: those of the long ones are negative.
    var entries: [WordOrder.Entry] = []
    entries.reserveCapacity(wordCount)
    short.forEachPlace { entries.append(WordOrder.Entry(prefix: $1, word: $0)) }
    long.forEachPlace { entries.append(WordOrder.Entry(prefix: $1, word: ~$0)) }
    WordOrder.sort(&entries) { one, other in
      if one >= 0 && other >= 0 { return short.precedes(one, other) }
      var precedes = false
      withWord(one) { (first, _) in
        withWord(other) { (second, _) in precedes = first.lexicographicallyPrecedes(second) }
      }
      return precedes
    }
    for entry in entries { try withWord(entry.word, body) }
  }

  private func withWord<Failure: Error>(
    _ number: Int, _ body: (UnsafeBufferPointer<UInt8>, UInt64) throws(Failure) -> Void
  ) throws(Failure) {
    if number < 0 {
      let (bytes, count) = long.word(at: ~number)
      return try body(bytes, count)
    }
    let (key, count) = short.word(at: number)
    // A temporary of 16 bytes, which the word never fills.
    try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { (room) throws(Failure) in
      guard let start = room.baseAddress else { return }
      key.write(to: start)
      try body(UnsafeBufferPointer(start: start, count: key.length), count)
    }
  }

  /// Begins again without a word.
  func removeAll() throws(CorpusError) {
    try short.removeAll()
    try long.removeAll()
  }
}
