/// Walks a text in chunks and cuts each into pieces. One for each thread.
///
/// A chunk ends where the pre-tokenizer itself says that nothing reaches across; a text without such
/// a place is one chunk.
public struct PieceCutter: ~Copyable {
  /// Usual length of a chunk in bytes: text, ends and ids of one stay in the second-level cache.
  public static let chunkLength = 1 << 15
  /// Bytes that may be read behind a text.
  public static let padding = 16
  /// Longest stretch without a place to cut, in bytes: ends carry a flag. Edits may make three of one.
  private static let longest = Int(CompiledPattern.matchMark) - 2 * context
  /// Bytes before a chunk that a pattern may look back at.
  private static let context = 16

  /// Pieces of a stretch of text. Lives until the cutter cuts again.
  public struct Chunk {
    /// The stretch in the text.
    public var range: Range<Int>
    /// Where the pieces are read: the text itself, a padded copy of its end, or the text as the
    /// steps changed it. 16 bytes may be read behind the last piece.
    public var bytes: UnsafePointer<UInt8>
    /// Where each piece begins and ends, from `bytes` on; ascending.
    public var starts: UnsafePointer<UInt32>
    public var ends: UnsafePointer<UInt32>
    /// Number of pieces.
    public var count: Int

    /// Bytes up to the end of the last piece: no less than all pieces have together.
    public var length: Int { count > 0 ? Int(ends[count - 1]) : 0 }

    /// What the text went through since; the first has what stands at `origin` as its source.
    fileprivate var editors: [TextEditor]
    /// What is to be added to a place in the unchanged bytes for its place in the text.
    fileprivate var shift: Int

    /// The bytes of the text that a range of `bytes` stems from. Fastest in ascending order.
    public func sourceRange(of range: Range<Int>) -> Range<Int> {
      var range = range
      for editor in editors.reversed() { range = editor.sourceRange(of: range) }
      return range.lowerBound + shift..<range.upperBound + shift
    }
  }

  /// A stage with the scratch that it needs.
  private enum Stage {
    case automaton(CompiledPattern, PieceFilter)
    case icu(ICUMatcher, PieceFilter)
    case walk(TextWalk, PieceFilter)
    case edit(TextEditor)
    case words(WordBreaker)
  }

  private let preTokenizer: CompiledPreTokenizer
  private let stages: [Stage]
  private let editors: [TextEditor]
  private var pieces = PieceList(capacity: 2 * chunkLength)
  /// Pieces of the stage before, while the next one cuts them.
  private var coarse = PieceList(capacity: 2 * chunkLength)
  /// Where words meet.
  private var borders = PieceList(capacity: 0)
  private var tail = PaddedBytes()

  public init(_ preTokenizer: CompiledPreTokenizer) {
    self.preTokenizer = preTokenizer
    var stages: [Stage] = []
    var editors: [TextEditor] = []
    for stage in preTokenizer.stages {
      switch stage {
      case .cut(.pattern(.automaton(let pattern)), let filter):
        stages.append(.automaton(pattern, filter))
      case .cut(.pattern(.icu(let pattern)), let filter):
        stages.append(.icu(ICUMatcher(pattern), filter))
      case .cut(.walk(let walk), let filter): stages.append(.walk(walk, filter))
      case .words: stages.append(.words(WordBreaker()))
      case .edit(let edit):
        let editor = TextEditor(edit)
        editors.append(editor)
        stages.append(.edit(editor))
      }
    }
    self.stages = stages
    self.editors = editors
  }

  /// The chunk of text[lower..<limit] that begins at `lower`.
  ///
  /// - Parameters:
  ///   - startsDocument: false if `lower` is a cut, the end of another chunk.
  ///   - endsDocument: false if `limit` is a cut: what stands behind it in `text` is seen.
  ///   - startsText: whether the document is the first of its text, special tokens included.
  ///   - isPadded: whether `padding` bytes may be read behind `text`.
  /// - Throws: `PatternError` for a text on which a pattern does not come to an end, or that is too
  ///   long to be cut in one; places are those of `text`.
  public mutating func chunk(
    of text: UnsafeBufferPointer<UInt8>, from lower: Int, to limit: Int, startsDocument: Bool,
    endsDocument: Bool, startsText: Bool, isPadded: Bool
  ) throws(PatternError) -> Chunk {
    guard let base = text.baseAddress, lower < limit else { throw .textTooLong(bytes: 0) }
    var upper = limit
    if limit - lower > Self.chunkLength * 3 / 2 {
      upper =
        preTokenizer.nextCut(
          in: base, count: text.count, from: lower + Self.chunkLength, to: limit) ?? limit
    }
    let length = upper - lower
    guard length < (editors.isEmpty ? Self.longest : Self.longest / 4) else {
      throw .textTooLong(bytes: length)
    }
    let start = startsDocument ? 0 : min(lower, Self.context)
    var source = TextEditor.Source(
      bytes: base + lower - start, readable: start + length + Self.padding, start: start,
      startsDocument: startsDocument, endsDocument: endsDocument && upper == limit,
      startsText: startsText && startsDocument,
      linesAreDocuments: preTokenizer.linesAreDocuments)
    if !isPadded && upper + Self.padding > text.count {
      source.bytes = tail.copy(text, from: lower - start, padding: 4 * Self.padding)
    }
    do throws(PatternError) {
      try cut(&source, to: start + length)
    } catch {
      throw error.moved(by: lower - start)
    }
    return Chunk(
      range: lower..<upper, bytes: source.bytes, starts: pieces.starts,
      ends: UnsafePointer(pieces.ends), count: pieces.count, editors: editors,
      shift: lower - start)
  }

  private mutating func cut(
    _ source: inout TextEditor.Source, to end: Int
  ) throws(PatternError) {
    pieces.reset(room: 1, contiguousFrom: source.start)
    pieces.ends[0] = UInt32(end)
    pieces.count = 1
    for stage in stages {
      switch stage {
      case .edit(let editor): editor.apply(to: &pieces, of: &source)
      case .automaton(let pattern, let filter):
        swap(&pieces, &coarse)
        refine(source, by: pattern, filter)
        (source.startsDocument, source.endsDocument) = (true, true)
      case .icu(let matcher, let filter):
        swap(&pieces, &coarse)
        try refine(filter, room: 2) { (lower, upper, ends) throws(PatternError) in
          try matcher.pieceEnds(of: source.bytes, from: lower, to: upper, into: ends)
        }
        (source.startsDocument, source.endsDocument) = (true, true)
      case .words(let breaker):
        guard WordBreaker.mayConcern(source.bytes, from: source.start, to: pieces.end) else {
          continue
        }
        swap(&pieces, &coarse)
        try cutAtWords(source, breaker)
      case .walk(let walk, let filter):
        swap(&pieces, &coarse)
        try refine(filter, room: 1) { (lower, upper, ends) in
          walk.pieceEnds(of: source.bytes, from: lower, to: upper, into: ends)
        }
        (source.startsDocument, source.endsDocument) = (true, true)
      }
    }
  }

  /// Cuts each coarse piece as a document of its own: look-around sees its edges as edges of the
  /// text. The first cut has one piece, or one that stands between others in the text.
  private mutating func refine(
    _ source: TextEditor.Source, by pattern: CompiledPattern, _ filter: PieceFilter
  ) {
    let bytes = source.bytes
    let (coarseStarts, coarseEnds, coarseCount) = (coarse.starts, coarse.ends, coarse.count)
    guard coarseCount > 0 else { return pieces.reset(room: 0, contiguousFrom: 0) }
    let room =
      Int(coarseEnds[coarseCount - 1]) - Int(coarseStarts[0]) + CompiledPattern.spareEnds
    var count = 0
    if filter.keepsAll && coarse.isContiguous {
      pieces.reset(room: room, contiguousFrom: Int(coarseStarts[0]))
      for index in 0..<coarseCount {
        count &+= pattern.pieceEnds(
          of: bytes, from: Int(coarseStarts[index]), to: Int(coarseEnds[index]),
          startsDocument: source.startsDocument, endsDocument: source.endsDocument,
          into: pieces.ends + count)
      }
    } else {
      let starts = pieces.reset(withStartsFor: room)
      for index in 0..<coarseCount {
        let ends = pieces.ends + count
        if filter.keepsMatchesOnly,
          let found = pattern.matches(
            in: bytes, from: Int(coarseStarts[index]), to: Int(coarseEnds[index]),
            starts: starts + count, ends: ends)
        {
          count &+= found
          continue
        }
        let found = pattern.markedPieceEnds(
          of: bytes, from: Int(coarseStarts[index]), to: Int(coarseEnds[index]),
          startsDocument: source.startsDocument, endsDocument: source.endsDocument, into: ends)
        count &+= filter.apply(
          ends, count: found, from: coarseStarts[index], starts: starts + count)
      }
    }
    pieces.count = count
  }

  /// Cuts coarse pieces where words meet in them.
  private mutating func cutAtWords(
    _ source: TextEditor.Source, _ breaker: WordBreaker
  ) throws(PatternError) {
    let end = coarse.end
    borders.reset(room: end - source.start, contiguousFrom: source.start)
    let borderCount = try breaker.borders(
      of: source.bytes, from: source.start, to: end, into: borders.ends)
    let starts = pieces.reset(withStartsFor: coarse.count + borderCount)
    var border = 0
    var count = 0
    for index in 0..<coarse.count {
      var start = coarse.starts[index]
      let end = coarse.ends[index]
      while border < borderCount, borders.ends[border] <= start { border &+= 1 }
      while border < borderCount, borders.ends[border] < end {
        starts[count] = start
        start = borders.ends[border]
        pieces.ends[count] = start
        count &+= 1
        border &+= 1
      }
      starts[count] = start
      pieces.ends[count] = end
      count &+= 1
    }
    pieces.count = count
  }

  /// As `refine` by what finds the ends of the pieces of a stretch, at most `room` a byte and one more.
  private mutating func refine(
    _ filter: PieceFilter, room: Int,
    pieceEnds: (Int, Int, UnsafeMutablePointer<UInt32>) throws(PatternError) -> Int
  ) throws(PatternError) {
    let (coarseStarts, coarseEnds, coarseCount) = (coarse.starts, coarse.ends, coarse.count)
    guard coarseCount > 0 else { return pieces.reset(room: 0, contiguousFrom: 0) }
    let starts = pieces.reset(
      withStartsFor: room * (Int(coarseEnds[coarseCount - 1]) - Int(coarseStarts[0]))
        + coarseCount)
    var count = 0
    for index in 0..<coarseCount {
      let ends = pieces.ends + count
      let found = try pieceEnds(Int(coarseStarts[index]), Int(coarseEnds[index]), ends)
      count += filter.apply(ends, count: found, from: coarseStarts[index], starts: starts + count)
    }
    pieces.count = count
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
