import Primitives

/// Proves, once, that every walk through a charsmap's trie stays inside it and that its rules replace
/// whole characters by whole characters, so that reading needs no checks.
///
/// What no rule passes is taken out of the trie: after that, a walk cannot be longer than a rule.
struct DoubleArrayCheck {
  private let trie: DoubleArray
  private let children: TrieChildren
  private var strings: ReplacementCheck
  /// For each node and state: 0 not seen, `open` being walked, 1 leads to no end of a rule, else 2
  /// more than the bytes from here to the farthest end.
  private var reach: [UInt16]
  private var isUsed: [Bool]

  private static let open = UInt16.max
  private static let useless: UInt16 = 1
  private static let root = 0

  /// - Parameter strings: NUL-terminated replacements.
  /// - Complexity: O(*n*) in units and bytes.
  static func check(_ trie: DoubleArray, strings: [UInt8]) throws(CharsmapError) {
    var check = DoubleArrayCheck(trie, strings)
    try check.walk()
    try check.refuseBrokenRules()
    check.removeUnused()
  }

  private init(_ trie: DoubleArray, _ strings: [UInt8]) {
    self.trie = trie
    self.strings = ReplacementCheck(strings)
    children = TrieChildren(trie)
    reach = Array(repeating: 0, count: trie.count * UTF8State.allCases.count)
    isUsed = Array(repeating: false, count: trie.count)
  }

  /// A node on the path that is being walked, and its children that are still to be walked.
  private struct Visit {
    let node: Int
    let state: UTF8State
    var rest: Range<Int>
    var farthest: UInt16
  }

  /// Depth first, on a stack of its own, which is never deeper than the longest rule.
  private mutating func walk() throws(CharsmapError) {
    var path = [try visit(Self.root, .start)]
    while var top = path.popLast() {
      guard let place = top.rest.popFirst() else {
        leave(top, to: &path)
        continue
      }
      let node = children.node(at: place)
      let label = UInt8(truncatingIfNeeded: trie.units[node])
      let next = top.state.next(label)
      path.append(top)
      guard let next else { continue }
      switch reach[index(node, next)] {
      case 0:
        guard path.count <= Charsmap.longestText else { throw .ruleTooLong(unit: node) }
        path.append(try visit(node, next))
      case Self.open: throw .ruleTooLong(unit: node)
      case let known: extend(&path, by: known)
      }
      // The stack holds the path; what is behind it is as long as the farthest end of its top.
      if let top = path.last, path.count + Int(top.farthest) > Charsmap.longestText + 3 {
        throw .ruleTooLong(unit: node)
      }
    }
  }

  private func index(_ node: Int, _ state: UTF8State) -> Int {
    node * UTF8State.allCases.count + Int(state.rawValue)
  }

  /// Opens a node: its children stand inside the array, its replacement is text.
  private mutating func visit(_ node: Int, _ state: UTF8State) throws(CharsmapError) -> Visit {
    let unit = trie.units[node]
    let place = node ^ Int(DoubleArray.distance(unit))
    guard place < trie.count else { throw .transitionOutOfRange(unit: node) }
    // The root cannot be taken out of the trie, so it must be nobody's child, not even by a label that
    // no rule has.
    guard place != Int(trie.units[Self.root] & 0xFF) else { throw .ruleTooLong(unit: node) }
    var farthest = Self.useless
    if DoubleArray.endsKey(unit) && node != Self.root {
      guard state == .start else { throw .ruleNotUTF8(unit: node) }
      guard trie.units[place] & DoubleArray.valueMark != 0 else {
        throw .missingReplacement(unit: node)
      }
      try strings.check(at: DoubleArray.value(trie.units[place]), unit: node)
      farthest = 2
    }
    reach[index(node, state)] = Self.open
    return Visit(node: node, state: state, rest: children.places(under: place), farthest: farthest)
  }

  private mutating func leave(_ visit: Visit, to path: inout [Visit]) {
    reach[index(visit.node, visit.state)] = visit.farthest
    if visit.farthest > Self.useless { isUsed[visit.node] = true }
    extend(&path, by: visit.farthest)
  }

  private func extend(_ path: inout [Visit], by farthest: UInt16) {
    guard farthest > Self.useless, let last = path.indices.last else { return }
    path[last].farthest = max(path[last].farthest, farthest + 1)
  }

  /// A rule that no well-formed text can match would be lost in silence.
  private func refuseBrokenRules() throws(CharsmapError) {
    var isSeen = [Bool](repeating: false, count: trie.count)
    for node in 0..<trie.count {
      for state in UTF8State.allCases where reach[index(node, state)] != 0 {
        for child in children[node ^ Int(DoubleArray.distance(trie.units[node]))]
        where state.next(UInt8(truncatingIfNeeded: trie.units[Int(child)])) == nil {
          try refuseRules(from: Int(child), &isSeen)
        }
      }
    }
  }

  private func refuseRules(from node: Int, _ isSeen: inout [Bool]) throws(CharsmapError) {
    var rest = [node]
    while let node = rest.popLast() {
      if isSeen[node] { continue }
      isSeen[node] = true
      let unit = trie.units[node]
      let place = node ^ Int(DoubleArray.distance(unit))
      guard place < trie.count else { continue }
      if DoubleArray.endsKey(unit) && trie.units[place] & DoubleArray.valueMark != 0 {
        throw .ruleNotUTF8(unit: node)
      }
      for child in children[place] { rest.append(Int(child)) }
    }
  }

  private func removeUnused() {
    for node in 0..<trie.count where !isUsed[node] && node != Self.root {
      trie.units[node] |= DoubleArray.valueMark
    }
  }
}

/// Checks the strings behind the trie, each once.
private struct ReplacementCheck {
  private let strings: [UInt8]
  private var isChecked: [Bool]
  /// Whether all strings are UTF-8, one behind the other: then each is that begins with a character.
  private let areText: Bool

  init(_ strings: [UInt8]) {
    self.strings = strings
    isChecked = Array(repeating: false, count: strings.count)
    areText = strings.withUnsafeBufferPointer(UTF8Validation.isValid)
  }

  mutating func check(at offset: Int, unit: Int) throws(CharsmapError) {
    guard offset < strings.count else {
      throw .replacementOutOfRange(unit: unit, offset: offset)
    }
    if isChecked[offset] { return }
    isChecked[offset] = true
    let window = strings[offset...].prefix(Charsmap.longestText + 1)
    guard let end = window.firstIndex(of: 0) else { throw .replacementTooLong(offset: offset) }
    let isText =
      areText
      ? strings[offset] & 0xC0 != 0x80
      : strings[offset..<end].withUnsafeBufferPointer(UTF8Validation.isValid)
    if !isText { throw .replacementNotUTF8(offset: offset) }
  }
}
