/// Walks a text in chunks and cuts each into pieces.
///
/// A chunk ends where the pattern itself says that nothing reaches across; a text without such a
/// place is one chunk.
struct PieceCutter: ~Copyable {
  /// Usual length of a chunk in bytes: text, ends and ids of one stay in the second-level cache.
  static let chunkLength = 1 << 15
  /// Bytes that may be read behind a piece.
  static let padding = 16
  /// Bytes before a chunk that a pattern may look back at.
  private static let context = 16

  /// Pieces of a stretch of text. Lives until the cutter cuts again.
  struct Chunk {
    /// The stretch in the text.
    var range: Range<Int>
    /// Where the pieces are read: the text itself or a padded copy of its end.
    var bytes: UnsafePointer<UInt8>
    /// Where the first piece begins, and where each ends, from `bytes` on.
    var start: Int
    var ends: UnsafePointer<UInt32>
    /// Number of pieces.
    var count: Int
  }

  private let patterns: [CompiledPattern]
  private var ends = EndBuffer()
  /// Ends of a split before the last, while the next one cuts its pieces.
  private var coarseEnds = EndBuffer()
  private var tail = PaddedBytes()

  init(_ patterns: [CompiledPattern]) { self.patterns = patterns }

  /// The chunk that begins at `lower`.
  mutating func chunk(
    of text: UnsafeBufferPointer<UInt8>, from lower: Int, isPadded: Bool
  ) throws(TokenizerError) -> Chunk {
    guard let base = text.baseAddress else { throw .textTooLong(bytes: 0) }
    var upper = text.count
    if let pattern = patterns.first, text.count - lower > Self.chunkLength * 3 / 2 {
      upper =
        pattern.nextCut(
          in: base, count: text.count, from: lower + Self.chunkLength, to: text.count) ?? upper
    }
    let length = upper - lower
    guard length < UInt32.max / 2 else { throw .textTooLong(bytes: length) }
    let start = min(lower, Self.context)
    var bytes = base + lower - start
    if !isPadded && upper + Self.padding > text.count {
      bytes = tail.copy(text, from: lower - start, padding: 4 * Self.padding)
    }
    let count = cut(
      bytes, from: start, to: start + length, startsDocument: lower == 0,
      endsDocument: upper == text.count)
    return Chunk(
      range: lower..<upper, bytes: bytes, start: start, ends: UnsafePointer(ends.start),
      count: count)
  }

  private mutating func cut(
    _ bytes: UnsafePointer<UInt8>, from lower: Int, to upper: Int, startsDocument: Bool,
    endsDocument: Bool
  ) -> Int {
    guard let pattern = patterns.first else {
      ends.reserve(1)
      ends.start[0] = UInt32(upper)
      return 1
    }
    ends.reserve(upper - lower)
    var count = pattern.pieceEnds(
      of: bytes, from: lower, to: upper, startsDocument: startsDocument,
      endsDocument: endsDocument, into: ends.start)
    for pattern in patterns.dropFirst() {
      swap(&ends, &coarseEnds)
      ends.reserve(upper - lower)
      count = refine(bytes, from: lower, pieces: count, by: pattern)
    }
    return count
  }

  /// Cuts each piece as a document of its own: look-around sees its edges as edges of the text.
  private func refine(
    _ bytes: UnsafePointer<UInt8>, from lower: Int, pieces: Int, by pattern: CompiledPattern
  ) -> Int {
    var start = lower
    var count = 0
    for index in 0..<pieces {
      let end = Int(coarseEnds.start[index])
      count += pattern.pieceEnds(
        of: bytes, from: start, to: end, startsDocument: true, endsDocument: true,
        into: ends.start + count)
      start = end
    }
    return count
  }
}

/// Room for the ends of pieces.
private struct EndBuffer: ~Copyable {
  private(set) var start: UnsafeMutablePointer<UInt32>
  private var capacity: Int

  init() {
    capacity = PieceCutter.chunkLength * 2
    start = .allocate(capacity: capacity)
  }

  deinit { start.deallocate() }

  /// Makes room for a piece a byte; what was written before is lost.
  mutating func reserve(_ count: Int) {
    let room = count + CompiledPattern.spareEnds
    guard room > capacity else { return }
    start.deallocate()
    capacity = room
    start = .allocate(capacity: capacity)
  }
}

/// A copy of the end of a text, with zeros behind it.
private struct PaddedBytes: ~Copyable {
  private var start: UnsafeMutablePointer<UInt8>
  private var capacity = 1024

  init() { start = .allocate(capacity: capacity) }

  deinit { start.deallocate() }

  mutating func copy(
    _ text: UnsafeBufferPointer<UInt8>, from lower: Int, padding: Int
  ) -> UnsafePointer<UInt8> {
    let count = text.count - lower
    if count + padding > capacity {
      start.deallocate()
      capacity = count + padding
      start = .allocate(capacity: capacity)
    }
    if let source = text.baseAddress { start.update(from: source + lower, count: count) }
    (start + count).update(repeating: 0, count: padding)
    return UnsafePointer(start)
  }
}
