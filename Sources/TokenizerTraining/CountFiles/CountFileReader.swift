import Primitives

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file of counts that is being read, word after word: one block is in memory. Owned by one thread.
final class CountFileReader {
  let path: [UInt8]
  let header: CountHeader
  /// How often the word that `next` came to occurs.
  private(set) var count: UInt64 = 0
  /// Words so far.
  private(set) var wordCount = 0

  private let file: ReadableFile
  private let size: Int
  /// Where the block begins, and the one behind it.
  private var blockStart = 0
  private var offset: Int
  private var content: [UInt8] = []
  private var place = 0

  /// The word, and its first eight bytes as a number that orders words as they do.
  private var word: UnsafeMutablePointer<UInt8>
  private var length = 0
  private var capacity = 256
  private var prefix: UInt64 = 0

  /// - Throws: `notCounts` for another file, `corrupt`, `truncated`, `file`.
  init(opening path: [UInt8]) throws(CountFileError) {
    self.path = path
    let file = try CountFileError.mapping { () throws(FileError) in try ReadableFile(opening: path)
    }
    size = try CountFileError.mapping { () throws(FileError) in try file.size() }
    let magic = try Self.bytes(of: file, 0..<min(size, CountBlock.magic.count))
    guard magic == CountBlock.magic else { throw .notCounts(path: path) }
    offset = CountBlock.magic.count
    guard case .content(let text) = try Self.block(of: file, size: size, &offset),
      let header = CountHeader(text)
    else { throw .notCounts(path: path) }
    self.header = header
    self.file = file
    word = .allocate(capacity: capacity)
  }

  deinit { word.deallocate() }

  // MARK: - Blocks

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

  // MARK: - Words

  /// Goes to the next word; false behind the last.
  /// - Throws: `corrupt`, `truncated`, `file`.
  func next() throws(CountFileError) -> Bool {
    if place < content.count {
      try read(sharesBlock: true)
    } else {
      let start = offset
      switch try Self.block(of: file, size: size, &offset) {
      case .end(let words):
        guard words == UInt64(wordCount) else {
          throw corrupt("\(wordCount) words, as there were")
        }
        return false
      case .content(let block):
        content = block
        place = 0
        blockStart = start
        try read(sharesBlock: false)
      }
    }
    wordCount += 1
    return true
  }

  private func corrupt(_ expected: String) -> CountFileError {
    .corrupt(path: path, offset: blockStart, expected: expected)
  }

  /// Reads a word. Ascending order is what all that adds up files relies on.
  private func read(sharesBlock: Bool) throws(CountFileError) {
    guard let shared = number(), let rest = number(), shared <= (sharesBlock ? UInt64(length) : 0),
      rest > 0, rest <= UInt64(content.count - place)
    else { throw corrupt("words as toktrain count writes them") }
    guard isAscending(shared: Int(shared), rest: Int(rest), sharesBlock: sharesBlock) else {
      throw corrupt("words in ascending order")
    }
    take(shared: Int(shared), rest: Int(rest))
    guard let count = number(), count > 0 else { throw corrupt("a count of 1 or more") }
    self.count = count
  }

  private func isAscending(shared: Int, rest: Int, sharesBlock: Bool) -> Bool {
    if sharesBlock { return shared == length || content[place] > word[shared] }
    return content.withUnsafeBufferPointer { content in
      guard let start = content.baseAddress else { return false }
      let order = memcmp(word, start + place, min(length, rest))
      return order < 0 || order == 0 && length < rest
    }
  }

  private func take(shared: Int, rest: Int) {
    if shared + rest > capacity {
      capacity = max(2 * capacity, shared + rest)
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
      larger.update(from: word, count: shared)
      word.deallocate()
      word = larger
    }
    for index in 0..<rest { word[shared + index] = content[place + index] }
    length = shared + rest
    place += rest
    prefix = 0
    for index in 0..<8 { prefix = prefix << 8 | (index < length ? UInt64(word[index]) : 0) }
  }

  /// A number of 7 bits a byte; `nil` where none ends in the block or it is 2^63 or more.
  private func number() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 56, by: 7) {
      guard place < content.count else { return nil }
      let byte = content[place]
      place += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  /// Lends the word.
  func withWord<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeBufferPointer(start: word, count: length))
  }

  /// Less than 0, 0 or more than 0: the order of words by their bytes.
  func compare(_ other: CountFileReader) -> Int {
    if prefix != other.prefix { return prefix < other.prefix ? -1 : 1 }
    let order = memcmp(word, other.word, min(length, other.length))
    return order != 0 ? Int(order) : length - other.length
  }
}
