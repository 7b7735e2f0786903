/// Leads from the bytes of a character to its row in a table, one load a byte.
///
/// Nodes hold 64 entries, one for each continuation byte; the root has 256. The trie knows
/// well-formed characters only.
///
/// Unchecked Sendable: the memory is written in `init` only.
final class CharacterTrie: @unchecked Sendable {
  /// One word: bytes from the table's begin to the row that the byte leads to (low half), and from
  /// the root to where the entries of the next byte would begin if it were 0 (high half; none for
  /// the last byte).
  struct Entry {
    var bits: UInt64

    static let size = MemoryLayout<Entry>.stride

    init(row: Int, node: Int) { bits = UInt64(row) | UInt64(node) << 32 }

    @inline(__always) var row: Int { Int(bits & 0xFFFF_FFFF) }
    @inline(__always) var node: Int { Int(bits >> 32) }
  }

  let root: UnsafePointer<Entry>

  /// `unfinished` is the row of the bytes of a character before its last.
  init(_ classes: CharacterClasses, rowSize: Int, unfinished: Int) {
    var builder = Builder(classes: classes, rowSize: rowSize, unfinished: unfinished)
    builder.build()
    let memory = UnsafeMutablePointer<Entry>.allocate(capacity: builder.entries.count)
    memory.initialize(from: builder.entries, count: builder.entries.count)
    root = UnsafePointer(memory)
  }

  deinit { root.deallocate() }

  /// What a byte leads to, at the root or at the node that the byte before has led to.
  @inline(__always)
  static func entry(_ root: UnsafePointer<Entry>, _ byte: UInt8, _ node: Int) -> Entry {
    UnsafeRawPointer(root + Int(byte)).load(fromByteOffset: node, as: Entry.self)
  }

  private struct Builder {
    let classes: CharacterClasses
    let rowSize: Int
    let unfinished: Int
    var entries: [Entry] = []
    /// Nodes of one class throughout, by class and level.
    var uniform: [Int: Int] = [:]

    mutating func build() {
      entries = Array(repeating: leaf(classes.number(of: 0xFFFD)), count: 256)
      for byte in UInt32(0)..<128 { entries[Int(byte)] = leaf(classes.number(of: byte)) }
      for lead in UInt32(0xC2)...0xF4 {
        let node =
          switch lead {
          case ..<0xE0: node(level: 1, first: (lead - 0xC0) << 6)
          case ..<0xF0: node(level: 2, first: (lead - 0xE0) << 12)
          default: node(level: 3, first: (lead - 0xF0) << 18)
          }
        entries[Int(lead)] = Entry(row: unfinished, node: node)
      }
    }

    private func leaf(_ number: Int) -> Entry { Entry(row: number * rowSize, node: 0) }

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
      entries.append(contentsOf: repeatElement(leaf(number), count: 64))
      for index in 0..<64 {
        let scalar = first + UInt32(index) * step
        if level > 1 {
          let next = self.node(level: level - 1, first: scalar)
          entries[start + index] = Entry(row: unfinished, node: next)
        } else if !isUniform {
          while run + 1 < classes.runs.count, classes.runs[run + 1].start <= scalar { run += 1 }
          entries[start + index] = leaf(classes.runs[run].number)
        }
      }
      return node
    }
  }
}
