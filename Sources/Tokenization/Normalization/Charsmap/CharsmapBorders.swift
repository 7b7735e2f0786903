/// What the rules of a charsmap do where words meet: all that must be known to normalize words apart.
struct CharsmapBorders {
  /// Characters of ASCII that become one space and do nothing else.
  private(set) var spaces: [UInt32] = []
  /// Other characters that become nothing, or text that ends in a space.
  private(set) var weakEnds: [UInt32] = []
  /// ASCII that stands first in a rule, or further inside one.
  private(set) var firsts: Set<UInt8> = []
  private(set) var inner: Set<UInt8> = []
  /// Whether a rule of several characters gives nothing, or text that ends in a space.
  private(set) var hasWeakSequences = false
  /// Most bytes that a rule makes of each byte that it takes, rounded up; at least 1.
  private(set) var growth = 1

  /// - Complexity: O(*n*) in the units of the trie.
  init(_ rules: CompiledRules?) {
    guard let rules else {
      spaces = [0x20]
      return
    }
    let children = TrieChildren(rules.trie)
    var isSeen = [Bool](repeating: false, count: rules.trie.count)
    var open: [Int] = []
    let root = Int(DoubleArray.distance(rules.trie.units[0]))
    for first in TrieCharacters(at: root, children, rules.trie).characters {
      if first.scalar < 0x80 { firsts.insert(UInt8(first.scalar)) }
      if !isSeen[first.place] {
        isSeen[first.place] = true
        open.append(first.place)
      }
      guard let value = first.value else { continue }
      let replacement = rules.replacement(value)
      let length = UnicodeScalar(first.scalar).map { UTF8.width($0) } ?? 1
      growth = max(growth, (replacement.count + length - 1) / length)
      if first.scalar < 0x80, replacement.elementsEqual([0x20]), children[first.place].isEmpty {
        spaces.append(first.scalar)
      } else if Self.isWeak(replacement) {
        weakEnds.append(first.scalar)
      }
    }
    if !firsts.contains(0x20) { spaces.append(0x20) }
    while let place = open.popLast() {
      for child in children[place] {
        let unit = rules.trie.units[Int(child)]
        if unit & 0xFF < 0x80 { inner.insert(UInt8(unit & 0xFF)) }
        let below = Int(child) ^ Int(DoubleArray.distance(unit))
        if DoubleArray.endsKey(unit) {
          let replacement = rules.replacement(DoubleArray.value(rules.trie.units[below]))
          if Self.isWeak(replacement) { hasWeakSequences = true }
          // A key has two bytes at least.
          growth = max(growth, (replacement.count + 1) / 2)
        }
        if !isSeen[below] {
          isSeen[below] = true
          open.append(below)
        }
      }
    }
  }

  /// Spaces that rules have inside only end what stands before them.
  mutating func dropInnerSpaces() {
    weakEnds += spaces.filter { inner.contains(UInt8($0)) }
    spaces.removeAll { inner.contains(UInt8($0)) }
  }

  private static func isWeak(_ replacement: UnsafeBufferPointer<UInt8>) -> Bool {
    replacement.last ?? 0x20 == 0x20
  }
}
