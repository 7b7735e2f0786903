/// Where rules may have work to do: for each code point what its own rule gives, read from UTF-8
/// without decoding it.
///
/// Nearly all text is *plain*: characters that have no rule of their own and are not the second of
/// any rule. A rule of several characters therefore shows at its second one, and "a", with which 30
/// rules of NFKC begin, costs nothing before a "b".
///
/// A prefix (all bytes of a character but the last) selects a block of 64 numbers, the last byte the
/// number of an entry in it. Equal blocks are stored once.
// Unchecked because of the pointers: written in init only, before anyone shares the table.
final class CharsmapTable: @unchecked Sendable {
  /// What a character becomes, in two words: up to 15 bytes, and in the highest byte their number
  /// and flags.
  struct Entry: Equatable {
    static let capacity = 15
    /// The character has a rule, and the entry holds what it gives.
    static let replaces: UInt8 = 1 << 4
    /// Longer rules begin with the character: only the trie knows.
    static let begins: UInt8 = 1 << 5
    /// The character is the second of some rule.
    static let joins: UInt8 = 1 << 6

    var low: UInt64 = 0
    var high: UInt64 = 0

    var flags: UInt8 { UInt8(truncatingIfNeeded: high >> 56) & 0xF0 }
    var length: Int { Int(truncatingIfNeeded: high >> 56) & 15 }
  }

  /// Numbers of entries with a meaning of their own.
  enum Number {
    static let plain: UInt16 = 0
    /// Bytes that are no character though they look like one: surrogates, overlong forms.
    static let illFormed: UInt16 = 1
    /// A space, or a character whose only rule gives one.
    static let space: UInt16 = 2
    /// A character for which the trie must be asked.
    static let unknown: UInt16 = 3
    /// The same, which may also be the second of a rule.
    static let unknownJoining: UInt16 = 4
    static let first: UInt16 = 5
  }

  let rules: CompiledRules?
  /// Number of the block of 64 in `numbers`, by prefix as in `NormalizationTable`.
  private let blocks: UnsafeMutablePointer<UInt16>
  private let numbers: UnsafeMutablePointer<UInt16>
  let entries: UnsafeMutablePointer<Entry>
  let ascii: ASCIIRanges

  /// - Parameters:
  ///   - marksSpaces: whether U+0020 is special even without a rule.
  ///   - opaque: code points for which the trie must always be asked.
  init(_ charsmap: Charsmap, marksSpaces: Bool, opaque: [UInt32] = []) {
    rules = charsmap.rules
    var roles = CharsmapRoles(charsmap.rules, marksSpaces: marksSpaces)
    for scalar in opaque { roles.makeOpaque(scalar) }
    let table = roles.table()
    blocks = .allocate(capacity: table.blocks.count)
    blocks.initialize(from: table.blocks, count: table.blocks.count)
    numbers = .allocate(capacity: table.numbers.count)
    numbers.initialize(from: table.numbers, count: table.numbers.count)
    entries = .allocate(capacity: table.entries.count)
    entries.initialize(from: table.entries, count: table.entries.count)
    ascii = ASCIIRanges((0..<128).filter { table.asciiNumbers[$0] != Number.plain })
  }

  deinit {
    blocks.deallocate()
    numbers.deallocate()
    entries.deallocate()
  }

  /// Whether a character has no rule of its own and is not the second of any.
  func isPlain(_ character: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let start = character.baseAddress, !character.isEmpty else { return false }
    return unit(at: start, to: start + character.count) == (character.count, Number.plain)
  }

  /// Length of the character at `text` and number of its entry; an ill-formed byte by itself.
  @inline(__always)
  func unit(
    at text: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> (length: Int, number: UInt16) {
    let lead = Int(text[0])
    var prefix = 0
    var length = 1
    if lead < 0xE0 {
      if lead < 0x80 {
        return (
          1, numbers[Int(blocks[CharsmapRoles.shortPrefixes + lead >> 6]) << 6 + lead & 63]
        )
      }
      guard lead >= 0xC2, end - text >= 2, Self.continues(text[1]) else {
        return (1, Number.illFormed)
      }
      prefix = CharsmapRoles.shortPrefixes + lead & 31
      length = 2
    } else if lead < 0xF0 {
      guard end - text >= 3, Self.continues(text[1]), Self.continues(text[2]) else {
        return (1, Number.illFormed)
      }
      prefix = (lead & 15) << 6 | Self.low(text[1])
      length = 3
    } else {
      guard end - text >= 4, Self.continues(text[1]), Self.continues(text[2]),
        Self.continues(text[3])
      else { return (1, Number.illFormed) }
      prefix = (lead & 15) << 12 | Self.low(text[1]) << 6 | Self.low(text[2])
      guard prefix >= 0x400 && prefix < CharsmapRoles.shortPrefixes else {
        return (1, Number.illFormed)
      }
      length = 4
    }
    let number = numbers[Int(blocks[prefix]) << 6 + Self.low(text[length - 1])]
    return (number == Number.illFormed ? 1 : length, number)
  }

  @inline(__always)
  private static func continues(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

  @inline(__always)
  private static func low(_ byte: UInt8) -> Int { Int(byte & 63) }
}
