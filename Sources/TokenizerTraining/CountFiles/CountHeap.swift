import Primitives

/// Files of counts that are read side by side: the one with the least word is first.
struct CountHeap {
  /// What all files were made with, and what they counted together.
  let header: CountHeader
  /// A binary heap by `CountFileReader.compare`. Files that have ended are gone.
  private var readers: [CountFileReader] = []

  /// - Precondition: there is a file.
  /// - Throws: `CountFileError.differs` for files that were counted in different ways.
  init(opening paths: [[UInt8]]) throws(CountFileError) {
    var opened: [CountFileReader] = []
    for path in paths { opened.append(try CountFileReader(opening: path)) }
    var header = opened[0].header
    for reader in opened.dropFirst() {
      if let difference = reader.header.configuration.difference(from: header.configuration) {
        throw .differs(path: reader.path, difference)
      }
      guard header.add(reader.header.summary) else { throw .countsTooLarge(word: []) }
    }
    self.header = header
    for reader in opened where try reader.next() { push(reader) }
  }

  /// Calls `body` with each word and the sum of its counts, in ascending order of bytes.
  /// - Returns: the number of words.
  mutating func forEachWord(
    _ body: (UnsafeBufferPointer<UInt8>, UInt64) throws(CountFileError) -> Void
  ) throws(CountFileError) -> Int {
    var wordCount = 0
    var equal: [CountFileReader] = []
    while let least = pop() {
      var sum = least.count
      equal.append(least)
      while let next = readers.first, next.compare(least) == 0, let next = pop() {
        // Both are below 2^63.
        sum &+= next.count
        equal.append(next)
        if sum > UInt64(Int64.max) { throw .countsTooLarge(word: least.withWord { Array($0) }) }
      }
      try least.withWord { (word) throws(CountFileError) in try body(word, sum) }
      wordCount += 1
      for reader in equal where try reader.next() { push(reader) }
      equal.removeAll(keepingCapacity: true)
    }
    return wordCount
  }

  private mutating func push(_ reader: CountFileReader) {
    var place = readers.count
    readers.append(reader)
    while place > 0 {
      let parent = (place - 1) / 2
      if readers[parent].compare(reader) <= 0 { break }
      readers.swapAt(place, parent)
      place = parent
    }
  }

  private mutating func pop() -> CountFileReader? {
    guard let least = readers.first, let last = readers.popLast() else { return nil }
    if readers.isEmpty { return least }
    readers[0] = last
    var place = 0
    while 2 * place + 1 < readers.count {
      var child = 2 * place + 1
      if child + 1 < readers.count, readers[child + 1].compare(readers[child]) < 0 { child += 1 }
      if last.compare(readers[child]) <= 0 { break }
      readers.swapAt(place, child)
      place = child
    }
    return least
  }
}
