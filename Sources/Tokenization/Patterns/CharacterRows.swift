/// Leads from the bytes of a character to its row in a table, one load a byte: a trie whose nodes
/// hold 64 entries, one for each continuation byte; the root has 256.
///
/// Unchecked Sendable: the memory is written in `init` only.
final class CharacterRows: @unchecked Sendable {
  /// One word: bytes from the table's begin to the row that the byte leads to (low half), and from
  /// the root to where the entries of the next byte would begin if it were 0 (high half; none for
  /// the last byte). Right for well-formed characters.
  struct Entry {
    var bits: UInt64

    static let size = MemoryLayout<Entry>.stride

    init(row: Int, node: Int) { bits = UInt64(row) | UInt64(node) << 32 }

    @inline(__always) var row: Int { Int(bits & 0xFFFF_FFFF) }
    @inline(__always) var node: Int { Int(bits >> 32) }
  }

  struct Character {
    var row: Int
    var length: Int
    var isWellFormed: Bool
  }

  let root: UnsafePointer<Entry>
  /// Bytes of a row.
  let rowSize: Int
  /// The row of the end of text, behind those of the classes.
  let endOfText: Int
  /// The row of U+FFFD.
  private let replacement: Int

  /// Behind the row of the end of text stands that of the bytes of a character before its last.
  init(_ classes: CharacterClasses, rowSize: Int) {
    var builder = Builder(classes: classes, rowSize: rowSize)
    builder.build()
    let memory = UnsafeMutablePointer<Entry>.allocate(capacity: builder.entries.count)
    memory.initialize(from: builder.entries, count: builder.entries.count)
    root = UnsafePointer(memory)
    self.rowSize = rowSize
    endOfText = classes.count * rowSize
    replacement = classes.number(of: 0xFFFD) * rowSize
  }

  deinit { root.deallocate() }

  /// What a byte leads to, at the root or at the node that the byte before has led to.
  @inline(__always)
  static func entry(_ root: UnsafePointer<Entry>, _ byte: UInt8, _ node: Int) -> Entry {
    UnsafeRawPointer(root + Int(byte)).load(fromByteOffset: node, as: Entry.self)
  }

  /// The character at a place; an ill-formed byte counts as U+FFFD.
  @inline(__always)
  func character(_ text: UnsafePointer<UInt8>, _ at: Int, _ limit: Int) -> Character {
    var entry = root[Int(text[at])]
    if entry.node == 0 {
      return Character(row: entry.row, length: 1, isWellFormed: text[at] < 0x80)
    }
    let length = Self.wellFormedLength(text + at, limit &- at)
    if length == 1 { return Character(row: replacement, length: 1, isWellFormed: false) }
    for index in 1..<length { entry = Self.entry(root, text[at &+ index], entry.node) }
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

  private struct Builder {
    let classes: CharacterClasses
    let rowSize: Int
    var entries: [Entry] = []
    /// Nodes of one class throughout, by class and level.
    var uniform: [Int: Int] = [:]

    mutating func build() {
      entries.reserveCapacity(1 << 15)
      entries = Array(repeating: leaf(classes.number(of: 0xFFFD)), count: 256)
      for byte in UInt32(0)..<128 { entries[Int(byte)] = leaf(classes.number(of: byte)) }
      for lead in UInt32(0xC2)...0xF4 {
        let node =
          switch lead {
          case ..<0xE0: node(level: 1, first: (lead - 0xC0) << 6)
          case ..<0xF0: node(level: 2, first: (lead - 0xE0) << 12)
          default: node(level: 3, first: (lead - 0xF0) << 18)
          }
        entries[Int(lead)] = inner(node)
      }
    }

    private func leaf(_ number: Int) -> Entry { Entry(row: number * rowSize, node: 0) }

    private func inner(_ node: Int) -> Entry {
      Entry(row: (classes.count + 1) * rowSize, node: node)
    }

    /// The node of the characters from `first` on that have `level` more bytes.
    private mutating func node(level: Int, first: UInt32) -> Int {
      let step = UInt32(1) << UInt32(6 * (level - 1))
      var run = classes.runIndex(of: first)
      let number = classes.runs[run].number
      let isUniform =
        run + 1 == classes.runs.count || classes.runs[run + 1].start >= first + 64 * step
      if isUniform, let known = uniform[number * 4 + level] { return known }
      let start = entries.count
      let node = (start - 0x80) * Entry.size
      if isUniform { uniform[number * 4 + level] = node }
      if level == 1 {
        for scalar in first..<first + 64 {
          while run + 1 < classes.runs.count, classes.runs[run + 1].start <= scalar { run += 1 }
          entries.append(leaf(classes.runs[run].number))
        }
        return node
      }
      entries.append(contentsOf: repeatElement(leaf(number), count: 64))
      for index in 0..<64 {
        let next = self.node(level: level - 1, first: first + UInt32(index) * step)
        entries[start + index] = inner(next)
      }
      return node
    }
  }
}
