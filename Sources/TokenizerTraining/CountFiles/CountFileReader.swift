import Primitives

/// A file of counts that is being read, word after word: one block is in memory. Owned by one thread.
struct CountFileReader: ~Copyable {
  let path: [UInt8]
  let header: CountHeader
  /// The word that `next` came to.
  private(set) var word: CountedWord
  /// Words so far.
  private var wordCount = 0

  private let file: ReadableFile
  private let size: Int
  /// Where the block begins, and the one behind it.
  private var blockStart = 0
  private var offset: Int
  private var content: CountContent

  private init(
    _ file: consuming ReadableFile, size: Int, header: CountHeader, offset: Int
  ) {
    path = file.path
    self.file = file
    self.size = size
    self.header = header
    self.offset = offset
    word = CountedWord()
    content = CountContent()
  }

  /// - Throws: `notCounts` for another file, `corrupt`, `truncated`, `file`.
  static func opening(_ path: [UInt8]) throws(CountFileError) -> CountFileReader {
    let file = try CountFileError.mapping { () throws(FileError) in
      try ReadableFile(opening: path)
    }
    let size = try CountFileError.mapping { () throws(FileError) in try file.size() }
    let magic = try bytes(of: file, 0..<min(size, CountBlock.magic.count))
    guard magic == CountBlock.magic else { throw .notCounts(path: path) }
    var offset = CountBlock.magic.count
    guard case .content(let text) = try block(of: file, size: size, &offset),
      let header = CountHeader(text)
    else { throw .notCounts(path: path) }
    return CountFileReader(file, size: size, header: header, offset: offset)
  }

  private enum Block {
    case content([UInt8])
    /// The end, and how many words there were.
    case end(words: UInt64)
  }

  private static func bytes(
    of file: borrowing ReadableFile, _ range: Range<Int>
  ) throws(CountFileError) -> [UInt8] {
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { room, count in
      do throws(FileError) {
        count = try file.read(
          into: UnsafeMutableRawBufferPointer(room.extracting(..<range.count)),
          at: range.lowerBound)
      } catch {
        failure = error
      }
    }
    if let failure { throw .file(failure) }
    guard bytes.count == range.count else { throw .truncated(path: file.path) }
    return bytes
  }

  /// The block at a place, which moves behind it.
  private static func block(
    of file: borrowing ReadableFile, size: Int, _ offset: inout Int
  ) throws(CountFileError) -> Block {
    guard size - offset >= CountBlock.prefixLength else { throw .truncated(path: file.path) }
    let start = offset + CountBlock.prefixLength
    let (length, compressed, hash) = CountBlock.numbers(try bytes(of: file, offset..<start)[...])
    if length == 0 {
      guard compressed == 0, start == size else {
        throw .corrupt(path: file.path, offset: offset, expected: "the end of the file")
      }
      return .end(words: hash)
    }
    guard length <= CountBlock.greatestLength else {
      throw .corrupt(path: file.path, offset: offset, expected: "a block of a gigabyte at most")
    }
    guard size - start >= compressed else { throw .truncated(path: file.path) }
    let stored = try bytes(of: file, start..<start + compressed)
    guard CountBlock.hash(stored) == hash,
      let content = CountBlock.content(of: stored, length: length)
    else {
      throw .corrupt(
        path: file.path, offset: offset, expected: "a block whose checksum is that of its bytes")
    }
    offset = start + compressed
    return .content(content)
  }

  /// Goes to the next word; false behind the last.
  /// - Throws: `corrupt`, `truncated`, `file`.
  @inline(__always)
  mutating func next() throws(CountFileError) -> Bool {
    if content.isEmpty {
      guard try readBlock() else { return false }
    } else if !content.read(into: &word, sharesBlock: true) {
      throw corrupt()
    }
    wordCount &+= 1
    return true
  }

  /// Goes to the next block and its first word; false at the end.
  @inline(never)
  private mutating func readBlock() throws(CountFileError) -> Bool {
    let start = offset
    switch try Self.block(of: file, size: size, &offset) {
    case .end(let words):
      guard words == UInt64(wordCount) else {
        throw .corrupt(
          path: path, offset: start, expected: "\(wordCount) words, as there were")
      }
      return false
    case .content(let block):
      blockStart = start
      content.take(block)
      if !content.read(into: &word, sharesBlock: false) { throw corrupt() }
      return true
    }
  }

  @inline(never)
  private func corrupt() -> CountFileError {
    .corrupt(
      path: path, offset: blockStart,
      expected: "words in ascending order with their counts, as toktrain count writes them")
  }
}
