import Primitives

/// Files of counts that are read side by side: the one with the least word is first.
struct CountHeap: ~Copyable {
  /// What all files were made with, and what they counted together.
  let header: CountHeader
  private let readers: UnsafeMutablePointer<CountFileReader>
  private let readerCount: Int
  /// A binary heap of the numbers of readers that have a word, by that word.
  private let heap: UnsafeMutablePointer<Int>
  private var heapCount = 0
  private var current: CountedWord

  /// - Parameter readers: given up.
  private init(
    _ header: CountHeader, _ readers: UnsafeMutablePointer<CountFileReader>, count: Int
  ) {
    self.header = header
    self.readers = readers
    readerCount = count
    heap = .allocate(capacity: max(1, count))
    current = CountedWord()
  }

  /// - Precondition: there is a file.
  /// - Throws: `CountFileError.differs` for files that were counted in different ways.
  static func opening(_ paths: [[UInt8]]) throws(CountFileError) -> CountHeap {
    let readers = UnsafeMutablePointer<CountFileReader>.allocate(capacity: max(1, paths.count))
    var opened = 0
    let header: CountHeader
    do throws(CountFileError) {
      for path in paths {
        (readers + opened).initialize(to: try CountFileReader.opening(path))
        opened += 1
      }
      header = try Self.header(of: readers, count: opened)
    } catch {
      readers.deinitialize(count: opened)
      readers.deallocate()
      throw error
    }
    var heap = CountHeap(header, readers, count: opened)
    for reader in 0..<opened where try readers[reader].next() { heap.push(reader) }
    return heap
  }

  deinit {
    readers.deinitialize(count: readerCount)
    readers.deallocate()
    heap.deallocate()
  }

  private static func header(
    of readers: UnsafeMutablePointer<CountFileReader>, count: Int
  ) throws(CountFileError) -> CountHeader {
    var header = readers[0].header
    for reader in 1..<max(1, count) {
      let other = readers[reader].header
      if let difference = other.configuration.difference(from: header.configuration) {
        throw .differs(path: readers[reader].path, difference)
      }
      guard header.add(other) else { throw .countsTooLarge(word: []) }
    }
    return header
  }

  /// Calls `body` with each word and the sum of its counts, in ascending order of bytes.
  /// - Returns: the number of words.
  mutating func forEachWord(
    _ body: (UnsafeBufferPointer<UInt8>, UInt64) throws(CountFileError) -> Void
  ) throws(CountFileError) -> Int {
    var wordCount = 0
    while heapCount > 0 {
      current.copy(readers[heap[0]].word)
      try advanceFirst()
      while heapCount > 0, readers[heap[0]].word.isSame(as: current) {
        // Both are below 2^63.
        current.count &+= readers[heap[0]].word.count
        guard current.count <= UInt64(Int64.max) else {
          throw .countsTooLarge(
            word: Array(UnsafeBufferPointer(start: current.bytes, count: current.length)))
        }
        try advanceFirst()
      }
      try body(UnsafeBufferPointer(start: current.bytes, count: current.length), current.count)
      wordCount &+= 1
    }
    return wordCount
  }

  /// The first reader goes to its next word, and to the place of that.
  @inline(__always)
  private mutating func advanceFirst() throws(CountFileError) {
    if try !readers[heap[0]].next() {
      heapCount &-= 1
      heap[0] = heap[heapCount]
    }
    siftDown()
  }

  private mutating func push(_ reader: Int) {
    var place = heapCount
    heapCount += 1
    while place > 0 {
      let parent = (place - 1) / 2
      if !readers[reader].word.precedes(readers[heap[parent]].word) { break }
      heap[place] = heap[parent]
      place = parent
    }
    heap[place] = reader
  }

  @inline(__always)
  private mutating func siftDown() {
    let reader = heap[0]
    var place = 0
    while 2 &* place &+ 1 < heapCount {
      var child = 2 &* place &+ 1
      if child &+ 1 < heapCount,
        readers[heap[child &+ 1]].word.precedes(readers[heap[child]].word)
      {
        child &+= 1
      }
      if !readers[heap[child]].word.precedes(readers[reader].word) { break }
      heap[place] = heap[child]
      place = child
    }
    heap[place] = reader
  }
}
