/// The tables of an automaton, class-major: the row depends on the character only, so one load
/// per character is on the chain of states.
///
/// Unchecked Sendable: the memory is written in `init` only.
final class WalkTables: @unchecked Sendable {
  /// One word: bytes from the row to the next state's entry (16 bits), the slot that receives the
  /// place before the character (8), how many slots become final (8).
  struct Step {
    var bits: UInt32

    init(next: Int, store: Int, commit: Int) {
      bits = UInt32(next * Self.size) | UInt32(store) << 16 | UInt32(commit) << 24
    }

    static let size = MemoryLayout<Step>.stride
    @inline(__always) var next: Int { Int(bits & 0xFFFF) }
    @inline(__always) var store: Int { Int(bits >> 16 & 0xFF) }
    @inline(__always) var commit: Int { Int(bits >> 24) }
  }

  /// By class, then state. Behind the classes follow the end of text and a row that changes
  /// nothing.
  let steps: UnsafeRawPointer
  let trie: CharacterTrie
  let pairs: PairTable?
  /// State where a text begins, in bytes of a row.
  let start: Int
  let endOfText: Int
  let hasCuts: Bool
  private let cuts: UnsafeMutablePointer<Bool>
  private let rowSize: Int
  private let classCount: Int
  /// The row of U+FFFD.
  private let replacement: Int

  init(_ automaton: PieceAutomaton, _ classes: CharacterClasses) {
    let stateCount = automaton.steps.count
    classCount = classes.count
    rowSize = stateCount * Step.size
    start = automaton.steps[0][classes.count].next * Step.size
    endOfText = classCount * rowSize
    let steps = UnsafeMutablePointer<Step>.allocate(capacity: stateCount * (classCount + 2))
    for (state, row) in automaton.steps.enumerated() {
      let unchanged = PieceAutomaton.Step(next: state)
      for (number, step) in (row + [unchanged]).enumerated() {
        (steps + number * stateCount + state).initialize(
          to: Step(next: step.next, store: step.store, commit: step.commit))
      }
    }
    self.steps = UnsafeRawPointer(steps)
    cuts = .allocate(capacity: classCount * classCount)
    var any = false
    for first in 0..<classCount {
      for second in 0..<classCount {
        let isCut = automaton.isCut(first, second)
        cuts[first * classCount + second] = isCut
        any = any || isCut
      }
    }
    hasCuts = any
    trie = CharacterTrie(classes, rowSize: rowSize, unfinished: (classCount + 1) * rowSize)
    replacement = classes.number(of: 0xFFFD) * rowSize
    pairs = PairTable(automaton, classes)
  }

  deinit {
    steps.deallocate()
    cuts.deallocate()
  }

  @inline(__always)
  static func step(_ steps: UnsafeRawPointer, _ row: Int, _ state: Int) -> Step {
    (steps + row).load(fromByteOffset: state, as: Step.self)
  }

  /// A character at a place; an ill-formed byte counts as U+FFFD.
  struct Character {
    var row: Int
    var length: Int
    var isWellFormed: Bool
  }

  @inline(__always)
  func character(_ text: UnsafePointer<UInt8>, _ at: Int, _ limit: Int) -> Character {
    var entry = trie.root[Int(text[at])]
    if entry.node == 0 {
      return Character(row: entry.row, length: 1, isWellFormed: text[at] < 0x80)
    }
    let length = Self.wellFormedLength(text + at, limit &- at)
    if length == 1 { return Character(row: replacement, length: 1, isWellFormed: false) }
    for index in 1..<length {
      entry = CharacterTrie.entry(trie.root, text[at &+ index], entry.node)
    }
    return Character(row: entry.row, length: length, isWellFormed: true)
  }

  /// Bytes of the well-formed character that begins with the lead at `text`; 1 if it is none.
  @inline(__always)
  private static func wellFormedLength(_ text: UnsafePointer<UInt8>, _ room: Int) -> Int {
    let lead = UInt32(text[0])
    guard room >= 2, text[1] & 0xC0 == 0x80 else { return 1 }
    if lead < 0xE0 { return 2 }
    guard room >= 3, text[2] & 0xC0 == 0x80 else { return 1 }
    let second = UInt32(text[1] & 0x3F)
    if lead < 0xF0 {
      let block = (lead & 0xF) << 6 | second
      return block >= 0x20 && block & 0x3E0 != 0x360 ? 3 : 1
    }
    guard room >= 4, text[3] & 0xC0 == 0x80 else { return 1 }
    let block = (lead & 7) << 6 | second
    return block >= 0x10 && block < 0x110 ? 4 : 1
  }

  /// Row of the well-formed character that ends before a place.
  func rowBefore(_ text: UnsafePointer<UInt8>, _ at: Int) -> Int? {
    for length in 1...4 where length <= at && text[at - length] & 0xC0 != 0x80 {
      let found = character(text, at - length, at)
      return found.isWellFormed && found.length == length ? found.row : nil
    }
    return nil
  }

  func nextCut(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ lower: Int, _ upper: Int
  ) -> Int? {
    guard hasCuts else { return nil }
    var at = max(lower, 1)
    while at < min(upper, count) {
      if text[at] & 0xC0 != 0x80, let first = rowBefore(text, at) {
        let second = character(text, at, count)
        if second.isWellFormed, cuts[first / rowSize * classCount + second.row / rowSize] {
          return at
        }
      }
      at += 1
    }
    return nil
  }
}
