import NativeBridges

/// The class bytes of every code point in two stages, as `NormalizationTable` reads them, and what
/// characters become where that depends on them alone.
struct ClassBlocks {
  /// First index in `starts` of the prefixes of characters of one and two bytes: after all code
  /// points / 64.
  static let shortPrefixes = 0x11_0000 / 64
  /// Index of a replacement that is found by arithmetic.
  static let computed: UInt16 = 0
  /// Index of a character whose replacement depends on its neighbors.
  static let contextual: UInt16 = 1

  private(set) var starts: [UInt16]
  private(set) var classes: [UInt8]
  /// Beside each class, the index of a replacement; empty for forms.
  private(set) var indexes: [UInt16]
  private(set) var replacements: [RunReplacement] = []

  private init(hasIndexes: Bool) {
    // Block 0 holds starters only; every prefix selects it until told otherwise.
    classes = Array(repeating: UInt8(TT_CLASS_STARTER), count: 64)
    indexes = hasIndexes ? Array(repeating: Self.computed, count: 64) : []
    starts = Array(repeating: 0, count: Self.shortPrefixes + 32)
  }

  /// The classes of a form.
  init(_ icu: OpaquePointer, foldsCase: Bool) {
    self.init(hasIndexes: false)
    // Left out, since asking ICU is most of the cost of a table: unified ideographs and private
    // use, which by policy never decompose nor combine, the empty planes, and the tags and
    // variation selectors of plane 14, which only case folding drops.
    var touched: [Range<UInt32>] = [
      0x80..<0x800, 0x800..<0x3400, 0x4DC0..<0x4E00, 0xA000..<0xD800, 0xF900..<0x2_0000,
      0x2_F800..<0x3_0000,
    ]
    if foldsCase { touched += [0..<0x80, 0xE_0000..<0xE_1000] }
    var block = classes
    for first in touched.lazy.flatMap({ stride(from: $0.lowerBound, to: $0.upperBound, by: 64) }) {
      if tt_normalizer_classes(icu, first, 64, &block) { append(block, [], first) }
    }
  }

  /// The classes and replacements of a map.
  init(_ map: CharacterMap) {
    self.init(hasIndexes: true)
    var list = MapReplacements(map)
    var facts = [UInt32](repeating: 0, count: 64)
    for range in Self.various {
      for first in stride(from: range.lowerBound, to: range.upperBound, by: 64) {
        if map.askedFacts != 0 { tt_character_facts(first, 64, map.askedFacts, &facts) }
        append(list.block(from: first) { CharacterFacts(facts[$0]) }, first)
      }
    }
    for range in Self.ideographs {
      appendUniform(list.block(from: range.lowerBound) { _ in .none }, range)
    }
    appendUniform(list.block(from: Self.syllables.lowerBound) { _ in .syllable }, Self.syllables)
    for range in Self.privateUse {
      appendUniform(list.block(from: range.lowerBound) { _ in .privateUse }, range)
    }
    replacements = list.replacements
  }

  /// What must be asked about character by character.
  private static let various: [Range<UInt32>] = [
    0..<0x3400, 0x4DC0..<0x4E00, 0xA000..<0xAC00, 0xD780..<0xD800, 0xF900..<0x2_0000,
    0x2_A6C0..<0x2_A700, 0x2_B800..<0x2_B940, 0x2_CE80..<0x2_CEC0, 0x2_F800..<0x3_0000,
    0xE_0000..<0xE_0200, 0xF_FFC0..<0x10_0000, 0x10_FFC0..<0x11_0000,
  ]
  /// Characters of which one stands for all: ideographs, syllables and private use.
  private static let ideographs: [Range<UInt32>] = [
    0x3400..<0x4DC0, 0x4E00..<0xA000, 0x2_0000..<0x2_A6C0, 0x2_A700..<0x2_B800,
    0x2_B940..<0x2_CE80,
  ]
  private static let syllables: Range<UInt32> = 0xAC00..<0xD780
  private static let privateUse: [Range<UInt32>] = [
    0xE000..<0xF900, 0xF_0000..<0xF_FFC0, 0x10_0000..<0x10_FFC0,
  ]

  /// All characters but starters.
  var eventful: CodePointSet {
    let ranges = starts.indices.lazy.filter { starts[$0] != 0 }.flatMap { prefix in
      let first = prefix < Self.shortPrefixes ? prefix : prefix - Self.shortPrefixes
      return (0..<64).lazy.filter { classes[Int(starts[prefix]) + $0] != UInt8(TT_CLASS_STARTER) }
        .map { UInt32(first * 64 + $0) }
    }
    return CodePointSet(scalars: Array(ranges))
  }

  private mutating func appendUniform(_ block: MapBlock, _ range: Range<UInt32>) {
    append(block, range.lowerBound)
    let start = starts[Int(range.lowerBound / 64)]
    for prefix in range.lowerBound / 64..<range.upperBound / 64 { starts[Int(prefix)] = start }
  }

  private mutating func append(_ block: MapBlock, _ first: UInt32) {
    if block.classes.contains(where: { $0 != TT_CLASS_STARTER }) {
      append(block.classes, block.indexes, first)
    }
  }

  /// Lets the prefix of `first` select a block; equal ones are stored once.
  private mutating func append(_ block: [UInt8], _ indexes: [UInt16], _ first: UInt32) {
    let prefix = Int(first / 64)
    starts[first < 0x800 ? Self.shortPrefixes + prefix : prefix] =
      known(block, indexes) ?? added(block, indexes)
  }

  private func known(_ block: [UInt8], _ indexes: [UInt16]) -> UInt16? {
    let size = 64
    return classes.withUnsafeBytes { classes in
      self.indexes.withUnsafeBytes { all in
        block.withUnsafeBytes { block in
          indexes.withUnsafeBytes { own in
            stride(from: 0, to: classes.count, by: size).first { start in
              classes[start..<start + size].elementsEqual(block)
                && (own.isEmpty || all[2 * start..<2 * (start + size)].elementsEqual(own))
            }
          }
        }
      }
    }.map { UInt16($0) }
  }

  private mutating func added(_ block: [UInt8], _ indexes: [UInt16]) -> UInt16 {
    let start = classes.count
    precondition(start <= UInt16.max, "a table has more kinds of blocks than 16 bits can number")
    classes += block
    self.indexes += indexes
    return UInt16(start)
  }
}

/// The classes of 64 code points and the indexes of what they become.
private struct MapBlock {
  var classes = [UInt8](repeating: UInt8(TT_CLASS_STARTER), count: 64)
  var indexes = [UInt16](repeating: ClassBlocks.computed, count: 64)
}

/// Collects what a map makes of characters.
private struct MapReplacements {
  private let map: CharacterMap
  private(set) var replacements: [RunReplacement]

  /// Index of the replacement by nothing.
  private static let nothing: UInt16 = 2
  private static let first: UInt16 = 3

  init(_ map: CharacterMap) {
    self.map = map
    // The first two stand for none.
    replacements = [.nothing, .nothing, .nothing]
  }

  mutating func block(from first: UInt32, facts: (Int) -> CharacterFacts) -> MapBlock {
    var block = MapBlock()
    for offset in 0..<64 {
      let (unitClass, index) = entry(of: first + UInt32(offset), facts(offset))
      block.classes[offset] = unitClass
      block.indexes[offset] = index
    }
    return block
  }

  /// Class and index of a replacement.
  private mutating func entry(of character: UInt32, _ facts: CharacterFacts) -> (UInt8, UInt16) {
    if map.isPlain(character, facts) { return (UInt8(TT_CLASS_STARTER), ClassBlocks.computed) }
    if (0xAC00..<0xD7A4).contains(character)
      || (CharacterMap.isIdeograph(character) && !facts.decomposes)
    {
      // An ideograph that gets blanks, or a syllable that is taken apart.
      return (UInt8(TT_CLASS_CHANGES), ClassBlocks.computed)
    }
    var result: [UInt32] = []
    var ordersMarks = false
    for part in map.decomposed(character, facts) {
      let partFacts = part == character ? facts : CharacterFacts(of: part)
      let rest = map.reduced(part, partFacts)
      ordersMarks = ordersMarks || (!rest.isEmpty && map.combiningClass(partFacts) != 0)
      result += rest
    }
    if ordersMarks { return (UInt8(TT_CLASS_JOINS), ClassBlocks.contextual) }
    if result.isEmpty { return (UInt8(TT_CLASS_DROPPED), Self.nothing) }
    if result == [character] { return (UInt8(TT_CLASS_STARTER), ClassBlocks.computed) }
    return (UInt8(TT_CLASS_CHANGES), index(of: result, for: character))
  }

  private mutating func index(of result: [UInt32], for character: UInt32) -> UInt16 {
    var old: [UInt8] = []
    var new: [UInt8] = []
    UTF8Decoding.append(character, to: &old)
    for part in result { UTF8Decoding.append(part, to: &new) }
    guard new.count <= RunReplacement.capacity, replacements.count < UInt16.max else {
      return ClassBlocks.contextual
    }
    let replacement = old.withUnsafeBufferPointer { old in
      new.withUnsafeBufferPointer { RunReplacement(of: old, is: $0) }
    }
    replacements.append(replacement)
    return UInt16(replacements.count - 1)
  }
}
