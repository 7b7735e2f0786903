/// What each code point does in the rules of a trie, and the `CharsmapTable` that says so.
struct CharsmapRoles {
  /// First index in the blocks of the prefixes of characters of one and two bytes: after all code
  /// points / 64.
  static let shortPrefixes = 0x11_0000 / 64

  private typealias Entry = CharsmapTable.Entry
  private typealias Number = CharsmapTable.Number

  /// Flags and replacement of code points that are not plain.
  private struct Role {
    var begins = false
    var joins = false
    var isOpaque = false
    var replacement: [UInt8]?
  }

  private let marksSpaces: Bool
  private var roles: [UInt32: Role] = [:]

  init(_ rules: CompiledRules?, marksSpaces: Bool) {
    self.marksSpaces = marksSpaces
    if marksSpaces { roles[0x20] = Role() }
    if let rules { collect(rules) }
  }

  mutating func makeOpaque(_ scalar: UInt32) { roles[scalar, default: Role()].isOpaque = true }

  /// Notes the first and second characters of all rules.
  private mutating func collect(_ rules: CompiledRules) {
    let children = TrieChildren(rules.trie)
    var isSeen: Set<Int> = []
    let root = Int(DoubleArray.distance(rules.trie.units[0]))
    for first in TrieCharacters(at: root, children, rules.trie).characters {
      var role = roles[first.scalar] ?? Role()
      if let value = first.value { role.replacement = Array(rules.replacement(value)) }
      role.begins = !children[first.place].isEmpty
      roles[first.scalar] = role
      // Equal ends of rules share their nodes.
      guard role.begins && isSeen.insert(first.place).inserted else { continue }
      for second in TrieCharacters(at: first.place, children, rules.trie).characters {
        roles[second.scalar, default: Role()].joins = true
      }
    }
  }

  struct Table {
    /// Number of the block of each prefix.
    fileprivate(set) var blocks: [UInt16]
    fileprivate(set) var numbers: [UInt16]
    fileprivate(set) var entries: [CharsmapTable.Entry]
    /// Numbers of the first 128 code points.
    fileprivate(set) var asciiNumbers: [UInt16]
  }

  func table() -> Table {
    var entries = [Entry](repeating: Entry(), count: Int(Number.first))
    var pages: [UInt32: [UInt16]] = [:]
    var knownEntries: [[UInt64]: UInt16] = [:]
    for (scalar, role) in roles.sorted(by: { $0.key < $1.key }) {
      let number = number(of: role, scalar, in: &entries, &knownEntries)
      pages[scalar / 64, default: Array(repeating: Number.plain, count: 64)][Int(scalar % 64)] =
        number
    }
    let illFormed = [UInt16](repeating: Number.illFormed, count: 64)
    var numbers = [UInt16](repeating: Number.plain, count: 64) + illFormed
    var blocks = [UInt16](repeating: 0, count: Self.shortPrefixes + 32)
    // Overlong forms of three bytes, and surrogates.
    for prefix in Array(0..<0x20) + Array(0x360..<0x380) { blocks[prefix] = 1 }
    var known: [[UInt16]: UInt16] = [:]
    for (page, block) in pages.sorted(by: { $0.key < $1.key }) {
      let place = known[block] ?? UInt16(numbers.count / 64)
      if known.updateValue(place, forKey: block) == nil { numbers += block }
      blocks[page < 0x20 ? Self.shortPrefixes + Int(page) : Int(page)] = place
    }
    return Table(
      blocks: blocks, numbers: numbers, entries: entries,
      asciiNumbers: (0..<128).map { pages[$0 / 64]?[Int($0 % 64)] ?? Number.plain })
  }

  /// The entry of a role; equal ones have one number.
  private func number(
    of role: Role, _ scalar: UInt32, in entries: inout [Entry],
    _ known: inout [[UInt64]: UInt16]
  ) -> UInt16 {
    let replacement = role.replacement
    let unknown = role.joins ? Number.unknownJoining : Number.unknown
    if role.isOpaque { return unknown }
    if marksSpaces && replacement ?? (scalar == 0x20 ? [0x20] : nil) == [0x20] {
      return role.begins || role.joins ? unknown : Number.space
    }
    var entry = Entry()
    if role.begins { entry.high |= UInt64(Entry.begins) << 56 }
    if role.joins { entry.high |= UInt64(Entry.joins) << 56 }
    if let replacement {
      // Spaces within a replacement are for the one who handles spaces.
      if replacement.count > Entry.capacity || marksSpaces && replacement.contains(0x20) {
        return unknown
      }
      for (index, byte) in replacement.enumerated() {
        if index < 8 {
          entry.low |= UInt64(byte) << UInt64(index * 8)
        } else {
          entry.high |= UInt64(byte) << UInt64(index * 8 - 64)
        }
      }
      entry.high |= UInt64(Entry.replaces | UInt8(replacement.count)) << 56
    } else if role.begins && !role.joins {
      // No rule of its own, and no second character: plain until a second character follows.
      return Number.plain
    }
    if let number = known[[entry.low, entry.high]] { return number }
    guard entries.count <= Int(UInt16.max) else { return unknown }
    entries.append(entry)
    known[[entry.low, entry.high]] = UInt16(entries.count - 1)
    return UInt16(entries.count - 1)
  }
}

/// The characters that follow a place of a trie between characters.
struct TrieCharacters {
  struct Character {
    let scalar: UInt32
    /// Offset of the replacement of the rule that ends with the character.
    let value: Int?
    /// Where its children stand.
    let place: Int
  }

  private(set) var characters: [Character] = []
  private let children: TrieChildren
  private let trie: DoubleArray

  init(at place: Int, _ children: TrieChildren, _ trie: DoubleArray) {
    self.children = children
    self.trie = trie
    follow(place, scalar: 0, more: nil)
  }

  /// Recursive, at most four bytes deep. `more`: continuation bytes still due; nil at a lead.
  private mutating func follow(_ place: Int, scalar: UInt32, more: Int?) {
    for child in children[place] {
      let unit = trie.units[Int(child)]
      let label = unit & 0xFF
      let below = Int(child) ^ Int(DoubleArray.distance(unit))
      let due: Int
      let bits: UInt32
      if let more {
        due = more - 1
        bits = label & 63
      } else {
        due = label < 0x80 ? 0 : label < 0xE0 ? 1 : label < 0xF0 ? 2 : 3
        bits = label & (due == 0 ? 0x7F : 0x3F >> UInt32(due))
      }
      let value = scalar << 6 | bits
      if due > 0 {
        follow(below, scalar: value, more: due)
      } else {
        characters.append(
          Character(
            scalar: value,
            value: DoubleArray.endsKey(unit) ? DoubleArray.value(trie.units[below]) : nil,
            place: below))
      }
    }
  }
}
