import NativeBridges

/// Where a reader sees one character end and another begin (Unicode Standard Annex 29, section 3.1),
/// with the data of Unicode 17.
// Unchecked because of the pointers: written in init only.
final class GraphemeBreaks: @unchecked Sendable {
  /// Made when first asked for, in some milliseconds.
  static let shared = GraphemeBreaks()

  /// The block of 64 in `classes` of each code point / 64.
  private let blocks: UnsafeMutablePointer<UInt16>
  private let classes: UnsafeMutablePointer<UInt8>

  private static let extend = UInt8(TT_GRAPHEME_EXTEND)
  private static let zeroWidthJoiner = UInt8(TT_GRAPHEME_ZWJ)
  private static let control = UInt8(TT_GRAPHEME_CONTROL)
  private static let pictograph = UInt8(TT_GRAPHEME_PICTOGRAPH)
  /// Two classes of our own, since ICU 72 does not have rule GB9c.
  private static let linker: UInt8 = 15
  private static let consonant: UInt8 = 16

  private init() {
    var pages = [UInt16](repeating: 0, count: 0x11_0000 / 64)
    // Block 0 is for pages of characters that do nothing special.
    var all = [UInt8](repeating: UInt8(TT_GRAPHEME_OTHER), count: 64)
    var known: [[UInt8]: UInt16] = [all: 0]
    let later = Self.laterClasses
    var block = all
    for page in pages.indices where !Self.isPlain(page) {
      tt_grapheme_classes(UInt32(page * 64), 64, &block)
      for (place, value) in later[page] ?? [] { block[place] = value }
      pages[page] = known[block] ?? UInt16(all.count / 64)
      if known.updateValue(pages[page], forKey: block) == nil { all += block }
    }
    blocks = .allocate(capacity: pages.count)
    blocks.initialize(from: pages, count: pages.count)
    classes = .allocate(capacity: all.count)
    classes.initialize(from: all, count: all.count)
  }

  deinit {
    blocks.deallocate()
    classes.deallocate()
  }

  /// Ideographs, private use and empty planes, which have no class; asking ICU is most of the work.
  private static func isPlain(_ page: Int) -> Bool {
    switch page * 64 {
    case 0x3400..<0x4DC0, 0x4E00..<0xA000, 0xE000..<0xF900, 0x2_0000..<0xE_0000, 0xE_1000...: true
    default: false
    }
  }

  /// Classes that ICU does not know, by code point / 64, and their places there; of several for one
  /// place the last counts.
  private static var laterClasses: [Int: [(place: Int, class: UInt8)]] {
    var classes: [Int: [(place: Int, class: UInt8)]] = [:]
    func add(_ scalars: some Sequence<UInt32>, _ value: UInt8, unlessKnown: Bool = false) {
      for scalar in scalars
      where !(unlessKnown && tt_is_assigned_until(scalar, LaterUnicode.newest)) {
        classes[Int(scalar / 64), default: []].append((Int(scalar % 64), value))
      }
    }
    add(LaterUnicode.formerPrefixes, UInt8(TT_GRAPHEME_OTHER))
    add(LaterUnicode.prefixes, UInt8(TT_GRAPHEME_PREPEND), unlessKnown: true)
    add(LaterUnicode.marks.joined(), extend, unlessKnown: true)
    add(LaterUnicode.conjunctConsonants.joined(), consonant)
    add(LaterUnicode.conjunctLinkers, linker)
    return classes
  }

  /// The class of the character at `text`; what is no character stands by itself.
  @inline(__always)
  private func `class`(at text: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>) -> UInt8 {
    guard let scalar = UTF8Decoding.scalar(at: text, readable: end - text) else {
      return Self.control
    }
    return classes[Int(blocks[Int(scalar.value >> 6)]) << 6 + Int(scalar.value & 63)]
  }

  /// Whether there is a border before the character at `text`.
  ///
  /// - Parameter start: a border before `text`; what precedes it is not looked at.
  /// - Complexity: constant, but for pictographs behind a joiner and consonants behind a linker, where
  ///   the marks before those are passed.
  func hasBreak(
    before text: UnsafePointer<UInt8>, from start: UnsafePointer<UInt8>,
    to end: UnsafePointer<UInt8>
  ) -> Bool {
    guard text > start, text < end else { return true }
    let next = self.class(at: text, to: end)
    let before = Self.character(before: text, from: start)
    let previous = self.class(at: before, to: text)
    switch (Int(previous), Int(next)) {
    case (TT_GRAPHEME_CR, TT_GRAPHEME_LF): return false
    case (TT_GRAPHEME_CONTROL...TT_GRAPHEME_LF, _), (_, TT_GRAPHEME_CONTROL...TT_GRAPHEME_LF):
      return true
    case (_, TT_GRAPHEME_EXTEND...TT_GRAPHEME_SPACING_MARK), (_, Int(Self.linker)): return false
    case (TT_GRAPHEME_PREPEND, _): return false
    case (TT_GRAPHEME_L, TT_GRAPHEME_L), (TT_GRAPHEME_L, TT_GRAPHEME_V),
      (TT_GRAPHEME_L, TT_GRAPHEME_LV), (TT_GRAPHEME_L, TT_GRAPHEME_LVT),
      (TT_GRAPHEME_LV, TT_GRAPHEME_V), (TT_GRAPHEME_LV, TT_GRAPHEME_T),
      (TT_GRAPHEME_V, TT_GRAPHEME_V), (TT_GRAPHEME_V, TT_GRAPHEME_T),
      (TT_GRAPHEME_LVT, TT_GRAPHEME_T), (TT_GRAPHEME_T, TT_GRAPHEME_T):
      return false
    case (TT_GRAPHEME_ZWJ, TT_GRAPHEME_PICTOGRAPH): return !followsPictograph(before, from: start)
    case (TT_GRAPHEME_EXTEND...TT_GRAPHEME_ZWJ, Int(Self.consonant)),
      (Int(Self.linker), Int(Self.consonant)):
      return !followsLinkedConsonant(text, from: start)
    case (TT_GRAPHEME_REGIONAL_INDICATOR, TT_GRAPHEME_REGIONAL_INDICATOR):
      // Pairs from the first on; a border where it is the wrong one parts what is long anyway.
      return false
    default: return true
    }
  }

  /// Whether a character joins whatever follows it.
  func isPrefix(_ character: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let start = character.baseAddress, !character.isEmpty else { return false }
    return self.class(at: start, to: start + character.count) == UInt8(TT_GRAPHEME_PREPEND)
  }

  /// Where the character that ends at `text` begins; at most `start`.
  static func character(
    before text: UnsafePointer<UInt8>, from start: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8> {
    var before = text - 1
    while before > start && before.pointee & 0xC0 == 0x80 && text - before < 4 { before -= 1 }
    return UTF8Decoding.scalar(at: before, readable: text - before)?.length == text - before
      ? before : text - 1
  }

  /// Rule GB11: a pictograph, marks, and the joiner at `joiner`.
  private func followsPictograph(
    _ joiner: UnsafePointer<UInt8>, from start: UnsafePointer<UInt8>
  ) -> Bool {
    var position = joiner
    while position > start {
      let before = Self.character(before: position, from: start)
      let kind = self.class(at: before, to: position)
      if kind == Self.pictograph { return true }
      if kind != Self.extend && kind != Self.linker { return false }
      position = before
    }
    return false
  }

  /// Rule GB9c: a consonant, and marks with a linker among them and no non-joiner, before `text`.
  private func followsLinkedConsonant(
    _ text: UnsafePointer<UInt8>, from start: UnsafePointer<UInt8>
  ) -> Bool {
    var position = text
    var isLinked = false
    while position > start {
      let before = Self.character(before: position, from: start)
      switch self.class(at: before, to: position) {
      case Self.linker: isLinked = true
      case Self.extend
      where UTF8Decoding.scalar(at: before, readable: position - before)?.value == 0x200C:
        return false
      case Self.extend, Self.zeroWidthJoiner: break
      case Self.consonant: return isLinked
      default: return false
      }
      position = before
    }
    return false
  }
}
