import NativeBridges

/// Normalized bytes and, when recorded, the edits that lead back to the source.
///
/// Grows as needed and keeps its memory between texts; `padding` bytes after the end are readable.
// Unchecked because of the pointers: this value alone owns their memory, cannot be copied, and
// writes through them only in mutating functions.
public struct NormalizedText: ~Copyable, @unchecked Sendable {
  /// Readable bytes, all zero, that follow the last one.
  public static let padding = 64

  private var base: UnsafeMutablePointer<UInt8>
  /// Bytes before the padding.
  private var capacity: Int
  /// Length in bytes.
  public private(set) var count = 0
  private var edits = EditList()
  /// Whether characters were dropped before the first one, which shall stand for them.
  private var dropsAtStart = false
  private var cursor = SourceCursor()
  /// Bytes at the start of the source that belong to no range.
  var sourceStart = 0

  public init() {
    capacity = 0
    base = .allocate(capacity: Self.padding)
    base.initialize(repeating: 0, count: Self.padding)
  }

  deinit { base.deallocate() }

  /// Calls `body` with the bytes; `padding` more are readable after them.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeBufferPointer(start: base, count: count))
  }

  /// The bytes; `padding` more are readable after them. They live until the text is written again.
  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

  /// The source bytes that a range of the result stems from, if edits were recorded.
  ///
  /// The rule of every step: a byte that stays stems from itself; all bytes of a changed stretch stem
  /// from all of its source; what was dropped belongs to the whole character before it, at the start
  /// of the text to the first one; white space taken from the ends of a document belongs to nothing;
  /// what SentencePiece adds, without a source, stems from an empty range where it stands; what others
  /// put before a text or a word, from its first character. So ranges of the result that cover it in order
  /// give source ranges that ascend, stay inside the text and cover it but for those ends, overlapping
  /// in changes and in such characters only.
  /// - Complexity: constant, amortized over calls in ascending order; else linear in the edits.
  public mutating func sourceRange(of range: Range<Int>) -> Range<Int> {
    var cursor = cursor
    defer { self.cursor = cursor }
    return sourceRange(of: range, from: &cursor)
  }

  /// As `sourceRange(of:)`, for a reader that keeps its own place and only borrows the text.
  public func sourceRange(of range: Range<Int>, from cursor: inout SourceCursor) -> Range<Int> {
    let range = edits.sourceRange(of: range, from: &cursor)
    return sourceStart + range.lowerBound..<sourceStart + range.upperBound
  }

  /// Empties text and edits, keeping the memory.
  mutating func removeAll() {
    count = 0
    edits.removeAll()
    dropsAtStart = false
    cursor = SourceCursor()
    sourceStart = 0
  }

  /// Appends `start..<end`; the source is readable up to `limit`.
  @inline(__always)
  mutating func append(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>,
    readableTo limit: UnsafePointer<UInt8>
  ) {
    let length = end - start
    reserve(length)
    // Runs often stand close together: a fixed copy of 32 bytes beats a call to memcpy.
    if length <= 32 && limit - start >= 32 {
      let block = UnsafeRawPointer(start).loadUnaligned(as: SIMD32<UInt8>.self)
      UnsafeMutableRawPointer(base + count).storeBytes(of: block, as: SIMD32<UInt8>.self)
    } else {
      (base + count).update(from: start, count: length)
    }
    count &+= length
  }

  /// The same with A to Z as a to z.
  @inline(__always)
  mutating func appendLowered(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>,
    readableTo limit: UnsafePointer<UInt8>
  ) {
    let length = end - start
    reserve(length)
    let target = UnsafeMutableRawPointer(base + count)
    if length <= 32 && limit - start >= 32 {
      Self.lower32(from: start, to: target)
    } else {
      var done = 0
      while length &- done >= 32 {
        Self.lower32(from: start + done, to: target + done)
        done &+= 32
      }
      while done < length {
        let byte = start[done]
        target.storeBytes(
          of: byte &- 0x41 < 26 ? byte | 0x20 : byte, toByteOffset: done, as: UInt8.self)
        done &+= 1
      }
    }
    count &+= length
  }

  /// With the highest bit of each byte apart, + 0x3F sets it from A on, + 0x25 behind Z.
  @inline(__always)
  private static func lower32(
    from source: UnsafePointer<UInt8>, to target: UnsafeMutableRawPointer
  ) {
    let words = UnsafeRawPointer(source).loadUnaligned(as: SIMD4<UInt64>.self)
    let low = words & 0x7F7F_7F7F_7F7F_7F7F
    let capitals =
      (low &+ 0x3F3F_3F3F_3F3F_3F3F) & ~(low &+ 0x2525_2525_2525_2525) & ~words
      & 0x8080_8080_8080_8080
    target.storeBytes(of: words | capitals &>> 2, as: SIMD4<UInt64>.self)
  }

  @inline(__always)
  mutating func append(_ replacement: RunReplacement) {
    reserve(Int(replacement.length))
    let target = UnsafeMutableRawPointer(base + count)
    target.storeBytes(of: replacement.low, as: UInt64.self)
    target.storeBytes(of: replacement.middle, toByteOffset: 8, as: UInt64.self)
    target.storeBytes(of: replacement.high, toByteOffset: 16, as: UInt64.self)
    count &+= Int(replacement.length)
  }

  /// Appends the first `length` of 16 bytes, given as two words in the order of memory.
  @inline(__always)
  mutating func append(_ low: UInt64, _ high: UInt64, length: Int) {
    reserve(16)
    let target = UnsafeMutableRawPointer(base + count)
    target.storeBytes(of: low, as: UInt64.self)
    target.storeBytes(of: high, toByteOffset: 8, as: UInt64.self)
    count &+= length
  }

  /// Takes the occurrences of `suffix` from the end. What they stem from belongs to no range.
  mutating func removeAll(atEnd suffix: [UInt8]) {
    while count >= suffix.count,
      suffix.indices.allSatisfy({ base[count - suffix.count + $0] == suffix[$0] })
    {
      count -= suffix.count
    }
    edits.removeAll(from: count)
  }

  /// Notes that `old` bytes of the source left nothing at a place of the result: they belong to the
  /// character before, at the start to none.
  private mutating func recordDeletion(of old: Int, at position: Int) {
    var start = position
    while start > 0 && start > position - 4 {
      start -= 1
      if base[start] & 0xC0 != 0x80 { break }
    }
    edits.appendDeletion(of: old, at: position, behind: start)
  }

  /// Notes that the last `new` bytes replace `old` bytes of the source, ends that are the same in
  /// both excepted.
  @inline(__always)
  mutating func recordEdit(old: Int, new: Int, samePrefix: Int, sameSuffix: Int) {
    let same = samePrefix &+ sameSuffix
    let position = count &- new &+ samePrefix
    if new == same {
      dropsAtStart = dropsAtStart || position == 0
      recordDeletion(of: old &- same, at: position)
    } else {
      edits.append(at: position, old: old &- same, new: new &- same)
    }
  }

  /// Notes that the last `new` bytes are put before a text that follows, and stem from its first
  /// character.
  mutating func recordAddition(of new: Int, before text: UnsafeBufferPointer<UInt8>) {
    guard let start = text.baseAddress else { return }
    let first = UTF8Decoding.scalar(at: start, readable: text.count)?.length ?? 1
    edits.appendAddition(at: count - new, new: new, before: first)
  }

  /// Notes the parts of the last `new` bytes that differ from the run that they replace, as ICU
  /// tells them apart.
  mutating func recordEdits(_ parts: UnsafeBufferPointer<tt_edit>, new: Int) {
    for part in parts {
      let position = count - new + Int(part.result)
      if part.result_count == 0 {
        dropsAtStart = dropsAtStart || position == 0
        recordDeletion(of: Int(part.source_count), at: position)
      } else {
        edits.append(at: position, old: Int(part.source_count), new: Int(part.result_count))
      }
    }
  }

  /// Becomes a text with another before it, whose bytes stem from the first character, as those of
  /// the character do: each of these from itself.
  mutating func set(
    _ prefix: [UInt8], before text: UnsafeBufferPointer<UInt8>, recordingEdits: Bool
  ) {
    removeAll()
    guard let start = text.baseAddress, !text.isEmpty else { return }
    prefix.withUnsafeBufferPointer { prefix in
      if let start = prefix.baseAddress {
        append(from: start, to: start + prefix.count, readableTo: start + prefix.count)
      }
    }
    if recordingEdits { recordAddition(of: prefix.count, before: text) }
    append(from: start, to: start + text.count, readableTo: start + text.count)
    pad()
  }

  /// Becomes the spelling of each byte of a text in the byte alphabet, which stems from the byte's
  /// character.
  mutating func spellBytes(of text: UnsafeBufferPointer<UInt8>, recordingEdits: Bool) {
    removeAll()
    guard let start = text.baseAddress else { return }
    reserve(2 * text.count)
    ByteAlphabet.encoded.withUnsafeBufferPointer { alphabet in
      var target = base
      for position in 0..<text.count {
        let spelling = alphabet[Int(start[position])]
        UnsafeMutableRawPointer(target).storeBytes(
          of: UInt16(truncatingIfNeeded: spelling), as: UInt16.self)
        target += Int(spelling >> 16)
      }
      count = target - base
    }
    if recordingEdits { recordSpellings(of: text) }
    pad()
  }

  private mutating func recordSpellings(of text: UnsafeBufferPointer<UInt8>) {
    guard let start = text.baseAddress else { return }
    var position = 0
    var result = 0
    while position < text.count {
      let length = UTF8Decoding.scalar(at: start + position, readable: text.count - position)?
        .length
      let new = (0..<(length ?? 1)).reduce(0) {
        $0 + Int(ByteAlphabet.encoded[Int(start[position + $1])] >> 16)
      }
      if new > 1 { edits.append(at: result, old: length ?? 1, new: new) }
      position += length ?? 1
      result += new
    }
  }

  /// Zeroes the padding; the text is complete.
  mutating func pad() {
    reserve(0)
    (base + count).initialize(repeating: 0, count: Self.padding)
    if dropsAtStart && count > 0 {
      edits.firstCharacter = UTF8Decoding.scalar(at: base, readable: count)?.length ?? 1
    }
  }

  @inline(__always)
  private mutating func reserve(_ more: Int) {
    if capacity &- count < more { grow(by: more) }
  }

  private mutating func grow(by more: Int) {
    capacity = max(count + more, capacity + capacity / 2, 1024)
    let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + Self.padding)
    grown.initialize(from: base, count: count)
    base.deallocate()
    base = grown
  }
}
