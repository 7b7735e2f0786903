import NativeBridges

/// Where a normalization step may have work to do: one class byte for each code point, read from
/// UTF-8 without decoding it.
///
/// A prefix (all bytes of a character but the last) selects a block of 64 class bytes, the last
/// byte an entry in it. Equal blocks are stored once: some 50 KB a form. The classes follow ICU's
/// version of Unicode; `UnicodeLibrary` names it.
// Unchecked because of the pointers: all are written in init only, before anyone shares the table.
public final class NormalizationTable: @unchecked Sendable {
  /// What defines a run's result.
  enum Definition {
    /// ICU's data of the form: immutable, static storage.
    case form(OpaquePointer, composes: Bool)
    case map(CharacterMap)
  }

  let definition: Definition
  /// Whether what becomes of a character depends on it alone, so that runs are single characters.
  let isMap: Bool
  /// Whether jamo become syllables; if not, syllables become jamo.
  let composes: Bool
  /// Whether A to Z become small: the copies between the runs do that.
  let lowersASCII: Bool
  /// Whether some of the characters below U+0020, and U+007F, change.
  private let changesControls: Bool
  /// Start of the block in `classes`, by code point / 64 for characters of 3 and 4 bytes, and by
  /// the lead's low 5 bits from `shortPrefixes` on for those of 2; ASCII has the first two there.
  /// Prefixes of no character (overlong forms, surrogates) select the block of starters: their
  /// bytes pass as they are.
  private let blockStarts: UnsafeMutablePointer<UInt16>
  private let classes: UnsafeMutablePointer<UInt8>
  /// Of maps: beside each class the index of a replacement, and the replacements.
  private let indexes: UnsafeMutablePointer<UInt16>
  private let replacements: UnsafeMutablePointer<RunReplacement>
  /// All but starters, where the processor finds them 64 bytes at a time.
  private let eventful: BlockClasses?

  /// - Parameter icu: its data of the form.
  convenience init(_ form: NormalizationForm, _ icu: OpaquePointer) {
    let foldsCase = form == .nfkcCasefold
    self.init(
      .form(icu, composes: form.composes), ClassBlocks(icu, foldsCase: foldsCase),
      lowersASCII: foldsCase)
  }

  convenience init(_ map: CharacterMap) {
    self.init(
      .map(map), ClassBlocks(map), lowersASCII: !map.rules.isDisjoint(with: [.lower, .fold]),
      changesControls: !map.rules.isDisjoint(with: [.clean, .nmt]))
  }

  private init(
    _ definition: Definition, _ blocks: ClassBlocks, lowersASCII: Bool,
    changesControls: Bool = false
  ) {
    self.definition = definition
    switch definition {
    case .form(_, let composes): (isMap, self.composes) = (false, composes)
    case .map: (isMap, composes) = (true, false)
    }
    self.lowersASCII = lowersASCII
    self.changesControls = changesControls
    blockStarts = Self.allocated(blocks.starts)
    classes = Self.allocated(blocks.classes)
    indexes = Self.allocated(blocks.indexes)
    replacements = Self.allocated(blocks.replacements)
    eventful = BlockKernel.best.flatMap { BlockClasses(blocks.eventful, .empty, .empty, $0) }
  }

  private static func allocated<Element>(_ array: [Element]) -> UnsafeMutablePointer<Element> {
    let copy = UnsafeMutablePointer<Element>.allocate(capacity: array.count)
    copy.initialize(from: array, count: array.count)
    return copy
  }

  deinit {
    blockStarts.deallocate()
    classes.deallocate()
    indexes.deallocate()
    replacements.deallocate()
  }

  /// Whether the character that starts at `text` is left alone by the step and joins neither what
  /// precedes nor what follows it, so that text may be cut before it and after it.
  ///
  /// Bytes of no character are inert; a character that goes on after `readable` bytes is not.
  public func isInert(at text: UnsafePointer<UInt8>, readable: Int) -> Bool {
    guard readable > 0 else { return false }
    guard let character = UTF8Decoding.scalar(at: text, readable: readable) else {
      return !UTF8Decoding.isCut(text, readable: readable)
    }
    return switch definition {
    case .form(let icu, _): tt_normalizer_is_inert(icu, character.value)
    case .map: classByte(at: text, readable: readable) == Self.starter
    }
  }

  /// Whether the character that starts at `text` stays as it is if what follows it has a boundary
  /// before it: true for most letters, which only a mark behind them changes.
  ///
  /// Bytes of no character are not starters here.
  public func isStarter(at text: UnsafePointer<UInt8>, readable: Int) -> Bool {
    guard readable > 0 else { return false }
    let unitClass = classByte(at: text, readable: readable)
    return (unitClass == Self.starter || unitClass == Self.opaque)
      && UTF8Decoding.scalar(at: text, readable: readable) != nil
  }

  /// Whether text may be cut before the character that starts at `text`, whatever precedes it.
  ///
  /// True for every ASCII character and for most others, so a place to cut is always near; a
  /// character that goes on after `readable` bytes has none.
  public func hasBoundary(before text: UnsafePointer<UInt8>, readable: Int) -> Bool {
    guard readable > 0 else { return false }
    let unit = unit(at: text, end: text + readable)
    if unit.length == 1 { return text[0] < 0x80 || !UTF8Decoding.isCut(text, readable: readable) }
    return Self.startsAnew(classes[unit.place])
  }

  /// The class byte of the character that starts at `text`, as the native bridge defines it.
  func classByte(at text: UnsafePointer<UInt8>, readable: Int) -> UInt8 {
    let place = text[0] < 0x80 ? asciiPlace(text[0]) : unit(at: text, end: text + readable).place
    return classes[place]
  }

  /// A stretch of text that has to be normalized, closed at both ends.
  struct Run {
    let start: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>
    /// Where the class of the character that opened the run stands.
    fileprivate let place: Int

    var length: Int { end - start }
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: length) }
  }

  /// The first run at or after `start`, which must be a boundary; an empty one at `end` if the rest
  /// passes the quick check of Annex 15, section 9.
  ///
  /// A character that fails, or a mark whose class is below that of the mark before it, opens a run.
  /// It reaches from the last starter to the next character that joins nothing before it. Runs of
  /// maps are single characters, or marks to be ordered.
  func nextRun(from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>) -> Run {
    var position = start
    var boundary = start
    var markEnd = start
    var markClass: UInt8 = 0
    var starters = 0
    while position < end {
      if position.pointee < 0x80 {
        let behind = skipInertASCII(from: position, to: end)
        if behind > position { boundary = behind - 1 }
        position = behind
        if position == end { break }
        if position.pointee < 0x80 {
          return Run(start: position, end: position + 1, place: asciiPlace(position.pointee))
        }
      }
      let (length, place) = unit(at: position, end: end)
      let next = position + length
      let unitClass = classes[place]
      if unitClass == Self.starter {
        boundary = position
        position = next
        starters &+= 1
        if starters == Self.startersBeforeSkip {
          starters = 0
          if let last = lastStarter(from: position, to: end) { (position, boundary) = (last, last) }
        }
        continue
      }
      starters = 0
      if unitClass < Self.opaque && (position != markEnd || unitClass >= markClass) {
        markClass = unitClass
        markEnd = next
        position = next
        continue
      }
      if unitClass == Self.opaque {
        boundary = next
        position = next
        continue
      }
      if isMap {
        let runEnd = unitClass == Self.joins ? endOfMarks(from: next, to: end) : next
        return Run(start: position, end: runEnd, place: place)
      }
      let runStart = unitClass == Self.changes ? position : boundary
      return Run(start: runStart, end: endOfRun(from: next, to: end), place: place)
    }
    return Run(start: end, end: end, place: 0)
  }

  /// The first byte at or after `start` that is not ASCII, or a control that changes, or `end`.
  @inline(__always)
  private func skipInertASCII(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    guard changesControls else { return ASCIIRun.end(from: start, to: end) }
    var position = start
    while true {
      position = ASCIIRun.printableEnd(from: position, to: end)
      if position == end || position.pointee >= 0x80
        || classes[asciiPlace(position.pointee)] != Self.starter
      {
        return position
      }
      position += 1
    }
  }

  /// Starters in a row after which more are expected: in some scripts every third character is none.
  private static let startersBeforeSkip = 12
  /// Bytes for which it is worth a call.
  private static let shortestSkip = 128

  /// A starter behind `start` with none but starters between: the last of these, or one near it.
  @inline(__always)
  private func lastStarter(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8>? {
    guard let eventful, end - start >= Self.shortestSkip else { return nil }
    var last = start + eventful.skip(start, count: end - start - 3)
    while last > start {
      last -= 1
      // What begins a character, or is one by itself.
      if !Self.continues(last.pointee) { return last }
    }
    return nil
  }

  private func endOfRun(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    var position = start
    while position < end {
      let unit = unit(at: position, end: end)
      if Self.startsAnew(classes[unit.place]) { break }
      position += unit.length
    }
    return position
  }

  /// Where the marks that a map has to order end; dropped characters between them do not part them.
  private func endOfMarks(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    var position = start
    while position < end {
      let unitClass = classByte(at: position, readable: end - position)
      if unitClass != Self.joins && unitClass != Self.dropped { break }
      position += unit(at: position, end: end).length
    }
    return position
  }

  /// What a map makes of a run; nil where that depends on neighbors.
  @inline(__always)
  func replacement(of run: Run) -> RunReplacement? {
    let index = indexes[run.place]
    if index > ClassBlocks.contextual { return replacements[Int(index)] }
    return index == ClassBlocks.computed ? computedReplacement(of: run) : nil
  }

  /// A syllable's jamo, or an ideograph with its blanks.
  private func computedReplacement(of run: Run) -> RunReplacement {
    Hangul.decomposed(run) ?? RunReplacement(spacing: run)
  }

  private static let starter = UInt8(TT_CLASS_STARTER)
  private static let opaque = UInt8(TT_CLASS_OPAQUE)
  private static let dropped = UInt8(TT_CLASS_DROPPED)
  private static let changes = UInt8(TT_CLASS_CHANGES)
  private static let joins = UInt8(TT_CLASS_JOINS)

  @inline(__always)
  private static func startsAnew(_ unitClass: UInt8) -> Bool {
    unitClass == starter || unitClass == changes || unitClass == opaque
  }

  /// Where the class of an ASCII character stands.
  @inline(__always)
  private func asciiPlace(_ byte: UInt8) -> Int {
    Int(blockStarts[ClassBlocks.shortPrefixes + Int(byte >> 6)]) + Self.low(byte)
  }

  /// Length of the character at `text` and place of its class; a byte that starts none, or ASCII,
  /// is a starter by itself.
  ///
  /// Only the shape is checked (lead and continuation bytes): overlong forms and surrogates are
  /// starters of their full length, which treats their bytes as the standard's reading would.
  @inline(__always)
  private func unit(
    at text: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>
  ) -> (length: Int, place: Int) {
    let lead = Int(text[0])
    if lead < 0xE0 {
      if lead >= 0xC2, end - text >= 2, Self.continues(text[1]) {
        return (2, Int(blockStarts[ClassBlocks.shortPrefixes + lead & 31]) + Self.low(text[1]))
      }
    } else if lead < 0xF0 {
      if end - text >= 3, Self.continues(text[1]), Self.continues(text[2]) {
        let prefix = (lead & 15) << 6 | Self.low(text[1])
        return (3, Int(blockStarts[prefix]) + Self.low(text[2]))
      }
    } else if end - text >= 4, Self.continues(text[1]), Self.continues(text[2]),
      Self.continues(text[3])
    {
      let prefix = (lead & 15) << 12 | Self.low(text[1]) << 6 | Self.low(text[2])
      if prefix >= 0x400 && prefix < ClassBlocks.shortPrefixes {
        return (4, Int(blockStarts[prefix]) + Self.low(text[3]))
      }
    }
    return (1, 0)
  }

  @inline(__always)
  private static func continues(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  @inline(__always)
  private static func low(_ byte: UInt8) -> Int { Int(byte & 63) }
}
