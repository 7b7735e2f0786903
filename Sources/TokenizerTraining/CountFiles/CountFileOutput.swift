import Primitives

/// A file of counts that is being written, word after word.
struct CountFileOutput: ~Copyable {
  private var file: AtomicFile
  private var content: [UInt8] = []
  private var last: [UInt8] = []
  private(set) var wordCount = 0

  /// - Throws: `CountFileError.file`.
  init(_ header: CountHeader, to file: consuming AtomicFile) throws(CountFileError) {
    self.file = file
    let text = header.bytes
    let bytes = CountBlock.magic
    try CountFileError.mapping { () throws(FileError) in try self.file.write(bytes) }
    try write(text)
  }

  /// Writes a word with its count.
  /// - Precondition: it comes behind all before it, by its bytes, and the count is not 0.
  mutating func append(_ word: UnsafeBufferPointer<UInt8>, count: UInt64) throws(CountFileError) {
    var shared = 0
    if !content.isEmpty {
      let most = min(last.count, word.count)
      while shared < most, last[shared] == word[shared] { shared += 1 }
    }
    CountBlock.append(UInt64(shared), to: &content)
    CountBlock.append(UInt64(word.count - shared), to: &content)
    content.append(contentsOf: word[shared...])
    CountBlock.append(count, to: &content)
    last.removeSubrange(shared...)
    last.append(contentsOf: word[shared...])
    wordCount += 1
    if content.count >= CountBlock.targetLength { try flush() }
  }

  private mutating func flush() throws(CountFileError) {
    let block = content
    content.removeAll(keepingCapacity: true)
    last.removeAll(keepingCapacity: true)
    try write(block)
  }

  /// One block.
  private mutating func write(_ content: [UInt8]) throws(CountFileError) {
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
    if !content.isEmpty { try flush() }
    try CountFileError.mapping { () throws(FileError) in
      try file.write(CountBlock.prefix(length: 0, compressed: 0, hash: UInt64(wordCount)))
      try file.commit()
    }
  }
}
