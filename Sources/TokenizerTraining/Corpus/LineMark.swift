/// The line that a byte of a source stands in, for messages. Lines count from 1 and end at LF.
struct LineMark: Sendable {
  /// A byte, and the line that it stands in.
  private(set) var offset: Int
  private(set) var line: Int
  /// Places of the line feeds from `offset` on, as far as they are known.
  private var lineFeeds: [Int] = []

  init(offset: Int, line: Int) {
    self.offset = offset
    self.line = line
  }

  func line(of offset: Int) -> Int { line + lineFeeds.count(where: { $0 < offset }) }

  /// A mark that knows the lines of a block, and moves this one behind it.
  mutating func noting(_ buffer: TextBuffer, origin: Int, to upper: Int) -> LineMark {
    var known = LineMark(offset: offset, line: line)
    var place = max(0, offset - origin)
    while let found = LineFeeds.next(in: buffer.bytes, from: place, to: upper) {
      known.lineFeeds.append(origin + found)
      place = found + 1
    }
    offset = origin + upper
    line += known.lineFeeds.count
    return known
  }

  /// The line of a byte in a file that can be read again; 1 if it cannot.
  static func line(of offset: Int, in source: CorpusSource) -> Int {
    guard case .path(let path) = source.place,
      let file = try? PlainFile(opening: path, size: offset)
    else { return 1 }
    let buffer = TextBuffer(capacity: FileBlocks.defaultBlockSize)
    var line = 1
    var place = 0
    while place < offset {
      let count = min(FileBlocks.defaultBlockSize, offset - place)
      let part = UnsafeMutableRawBufferPointer(start: buffer.bytes, count: count)
      do { try file.read(part, at: place) } catch { break }
      line += LineFeeds.count(in: buffer.bytes, from: 0, to: count)
      place += count
    }
    return line
  }
}
