import NativeBridges

/// Where a normalization form may have work to do: one class byte for each code point, read from
/// UTF-8 without decoding it.
///
/// A prefix (all bytes of a character but the last) selects a block of 64 class bytes, the last
/// byte an entry in it. Equal blocks are stored once: some 50 KB a form. The classes follow ICU's
/// version of Unicode; `UnicodeLibrary` names it.
// Unchecked because of the pointers: both are written in init only, before anyone shares the table.
public final class NormalizationTable: @unchecked Sendable {
  let form: NormalizationForm
  /// ICU's data of the form: immutable, static storage.
  let icu: OpaquePointer
  /// Start of the block in `classes`, by code point / 64 for characters of 3 and 4 bytes, and by
  /// the lead's low 5 bits from `shortPrefixes` on for those of 2. Prefixes of no character
  /// (overlong forms, surrogates) select the block of starters: their bytes pass as they are.
  private let blockStarts: UnsafeMutablePointer<UInt16>
  private let classes: UnsafeMutablePointer<UInt8>

  /// The table of a form, built when first asked for, in some 1.2 ms.
  public static func table(for form: NormalizationForm) -> NormalizationTable {
    switch form {
    case .nfc: nfc
    case .nfd: nfd
    case .nfkc: nfkc
    case .nfkd: nfkd
    }
  }

  private static let nfc = NormalizationTable(.nfc, TT_FORM_NFC)
  private static let nfd = NormalizationTable(.nfd, TT_FORM_NFD)
  private static let nfkc = NormalizationTable(.nfkc, TT_FORM_NFKC)
  private static let nfkd = NormalizationTable(.nfkd, TT_FORM_NFKD)

  private init(_ form: NormalizationForm, _ bridged: tt_normalization_form) {
    guard let icu = tt_normalizer_for(bridged) else {
      preconditionFailure("the installed ICU has no data for \(form.rawValue); reinstall ICU")
    }
    self.form = form
    self.icu = icu
    let blocks = ClassBlocks(icu)
    blockStarts = .allocate(capacity: blocks.starts.count)
    blockStarts.initialize(from: blocks.starts, count: blocks.starts.count)
    classes = .allocate(capacity: blocks.classes.count)
    classes.initialize(from: blocks.classes, count: blocks.classes.count)
  }

  deinit {
    blockStarts.deallocate()
    classes.deallocate()
  }

  /// Whether the character that starts at `text` is left alone by the form and joins neither what
  /// precedes nor what follows it, so that text may be cut before it and after it.
  ///
  /// Bytes of no character are inert; a character that goes on after `readable` bytes is not.
  public func isInert(at text: UnsafePointer<UInt8>, readable: Int) -> Bool {
    guard readable > 0 else { return false }
    if text[0] < 0x80 { return tt_normalizer_is_inert(icu, UInt32(text[0])) }
    guard let character = UTF8Decoding.scalar(at: text, readable: readable) else {
      return !UTF8Decoding.isCut(text, readable: readable)
    }
    return tt_normalizer_is_inert(icu, character.value)
  }

  /// Whether the character that starts at `text` stays as it is if what follows it has a boundary
  /// before it: true for most letters, which only a mark behind them changes.
  ///
  /// Bytes of no character are not starters here.
  public func isStarter(at text: UnsafePointer<UInt8>, readable: Int) -> Bool {
    guard readable > 0 else { return false }
    return unit(at: text, end: text + readable).class == Self.starter
      && UTF8Decoding.scalar(at: text, readable: readable) != nil
  }

  /// Whether text may be cut before the character that starts at `text`, whatever precedes it.
  ///
  /// True for every ASCII character and for most others, so a place to cut is always near; a
  /// character that goes on after `readable` bytes has none.
  public func hasBoundary(before text: UnsafePointer<UInt8>, readable: Int) -> Bool {
    guard readable > 0 else { return false }
    let (length, unitClass) = unit(at: text, end: text + readable)
    if length == 1 { return text[0] < 0x80 || !UTF8Decoding.isCut(text, readable: readable) }
    return Self.startsAnew(unitClass)
  }

  /// The class byte of the character that starts at `text`, as the native bridge defines it.
  func classByte(at text: UnsafePointer<UInt8>, readable: Int) -> UInt8 {
    unit(at: text, end: text + readable).class
  }

  /// A stretch of text that has to be normalized, closed at both ends.
  struct Run {
    let start: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>

    var length: Int { end - start }
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: length) }
  }

  /// The first run at or after `start`, which must be a boundary; an empty one at `end` if the rest
  /// passes the quick check of Annex 15, section 9.
  ///
  /// A character that fails, or a mark whose class is below that of the mark before it, opens a run.
  /// It reaches from the last starter to the next character that joins nothing before it.
  func nextRun(from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>) -> Run {
    var position = start
    var boundary = start
    var markEnd = start
    var markClass: UInt8 = 0
    while position < end {
      if position.pointee < 0x80 {
        position = Self.skipASCII(from: position, to: end)
        boundary = position - 1
        if position == end { break }
      }
      let (length, unitClass) = unit(at: position, end: end)
      let next = position + length
      if unitClass == Self.starter {
        boundary = position
        position = next
        continue
      }
      if unitClass < Self.changes && (position != markEnd || unitClass >= markClass) {
        markClass = unitClass
        markEnd = next
        position = next
        continue
      }
      let runStart = unitClass == Self.changes ? position : boundary
      return Run(start: runStart, end: endOfRun(from: next, to: end))
    }
    return Run(start: end, end: end)
  }

  private func endOfRun(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    var position = start
    while position < end {
      let (length, unitClass) = unit(at: position, end: end)
      if Self.startsAnew(unitClass) { break }
      position += length
    }
    return position
  }

  private static let starter = UInt8(TT_CLASS_STARTER)
  private static let changes = UInt8(TT_CLASS_CHANGES)

  @inline(__always)
  private static func startsAnew(_ unitClass: UInt8) -> Bool {
    unitClass == starter || unitClass == changes
  }

  /// Length and class of the character at `text`; a byte that starts none is a starter by itself.
  ///
  /// Only the shape is checked (lead and continuation bytes): overlong forms and surrogates are
  /// starters of their full length, which treats their bytes as the standard's reading would.
  @inline(__always)
  private func unit(
    at text: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>
  ) -> (length: Int, class: UInt8) {
    let lead = Int(text[0])
    if lead < 0xE0 {
      if lead >= 0xC2, end - text >= 2, Self.continues(text[1]) {
        return (
          2, classes[Int(blockStarts[ClassBlocks.shortPrefixes + lead & 31]) + Self.low(text[1])]
        )
      }
    } else if lead < 0xF0 {
      if end - text >= 3, Self.continues(text[1]), Self.continues(text[2]) {
        let prefix = (lead & 15) << 6 | Self.low(text[1])
        return (3, classes[Int(blockStarts[prefix]) + Self.low(text[2])])
      }
    } else if end - text >= 4, Self.continues(text[1]), Self.continues(text[2]),
      Self.continues(text[3])
    {
      let prefix = (lead & 15) << 12 | Self.low(text[1]) << 6 | Self.low(text[2])
      if prefix >= 0x400 && prefix < ClassBlocks.shortPrefixes {
        return (4, classes[Int(blockStarts[prefix]) + Self.low(text[3])])
      }
    }
    return (1, Self.starter)
  }

  @inline(__always)
  private static func continues(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  @inline(__always)
  private static func low(_ byte: UInt8) -> Int { Int(byte & 63) }

  /// The first byte at or after `start` that is not ASCII, or `end`.
  @inline(__always)
  private static func skipASCII(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    let high: UInt64 = 0x8080_8080_8080_8080
    var position = start
    while end - position >= 8 {
      let word = word(at: position) & high
      if word != 0 { return position + word.littleEndian.trailingZeroBitCount >> 3 }
      position += 8
      while end - position >= 32 {
        let words =
          (Self.word(at: position) | Self.word(at: position + 8))
          | (Self.word(at: position + 16) | Self.word(at: position + 24))
        if words & high != 0 { break }
        position += 32
      }
    }
    while position < end && position.pointee < 0x80 { position += 1 }
    return position
  }

  @inline(__always)
  private static func word(at text: UnsafePointer<UInt8>) -> UInt64 {
    UnsafeRawPointer(text).loadUnaligned(as: UInt64.self)
  }
}
