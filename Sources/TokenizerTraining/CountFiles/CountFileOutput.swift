import Primitives

/// A file of counts that is being written, word after word.
struct CountFileOutput: ~Copyable {
  private var file: AtomicFile
  private var content: UnsafeMutablePointer<UInt8>
  private var capacity = 2 * CountBlock.targetLength
  private var length = 0
  private var last = CountedWord()
  private(set) var wordCount = 0

  /// Bytes that the numbers of a word take at most.
  private static let numbers = 30

  /// - Throws: `CountFileError.file`.
  init(_ header: CountHeader, to file: consuming AtomicFile) throws(CountFileError) {
    self.file = file
    content = .allocate(capacity: capacity)
    let text = header.bytes
    let bytes = CountBlock.magic
    try CountFileError.mapping { () throws(FileError) in try self.file.write(bytes) }
    try text.withUnsafeBufferPointer { (text) throws(CountFileError) in try write(text) }
  }

  deinit { content.deallocate() }

  /// Writes a word with its count.
  /// - Precondition: it comes behind all before it, by its bytes, and the count is not 0.
  @inline(__always)
  mutating func append(_ word: UnsafeBufferPointer<UInt8>, count: UInt64) throws(CountFileError) {
    guard let start = word.baseAddress else { return }
    let shared = length == 0 ? 0 : last.sharedLength(with: start, count: word.count)
    let rest = word.count &- shared
    let needed = rest &+ Self.numbers &+ CountedWord.slack
    if needed > capacity &- length { reserve(needed) }
    put(UInt64(truncatingIfNeeded: shared))
    put(UInt64(truncatingIfNeeded: rest))
    (content + length).update(from: start + shared, count: rest)
    length &+= rest
    put(count)
    last.copy(from: start, count: word.count, keeping: shared)
    wordCount &+= 1
    if length >= CountBlock.targetLength { try flush() }
  }

  @inline(__always)
  private mutating func put(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      content[length] = UInt8(truncatingIfNeeded: rest) | 0x80
      length &+= 1
      rest &>>= 7
    }
    content[length] = UInt8(truncatingIfNeeded: rest)
    length &+= 1
  }

  @inline(never)
  private mutating func reserve(_ needed: Int) {
    capacity = max(2 * capacity, length + needed)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: content, count: length)
    content.deallocate()
    content = larger
  }

  @inline(never)
  private mutating func flush() throws(CountFileError) {
    let block = UnsafeBufferPointer(start: content, count: length)
    length = 0
    try write(block)
  }

  /// One block.
  private mutating func write(_ content: UnsafeBufferPointer<UInt8>) throws(CountFileError) {
    guard let compressed = CountBlock.compressed(content) else { throw .outOfMemory }
    let prefix = CountBlock.prefix(
      length: content.count, compressed: compressed.count, hash: CountBlock.hash(compressed))
    try CountFileError.mapping { () throws(FileError) in
      try file.write(prefix)
      try file.write(compressed)
    }
  }

  /// Writes what is left and puts the file in its place.
  consuming func finish() throws(CountFileError) {
    if length > 0 { try flush() }
    let end = CountBlock.prefix(length: 0, compressed: 0, hash: UInt64(wordCount))
    try CountFileError.mapping { () throws(FileError) in
      try file.write(end)
      try file.commit()
    }
  }
}
