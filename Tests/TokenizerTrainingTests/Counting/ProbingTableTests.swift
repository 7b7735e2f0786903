import Testing

@testable import TokenizerTraining

@Suite("Probing table")
struct ProbingTableTests {
  /// A word that is nothing but a hash of our choice.
  struct Entry: ProbingEntry {
    var number: UInt64
    var hash: UInt64

    static let empty = Entry(number: 0, hash: 0)
    var isEmpty: Bool { number == 0 }
  }

  private func place(of entry: Entry, in table: borrowing ProbingTable<Entry>) -> Int {
    var place = table.home(of: entry.hash)
    while !table.entries[place].isEmpty, table.entries[place].number != entry.number {
      place = table.next(place)
    }
    return place
  }

  @Test(
    "Words stay where probing finds them, however the table grows and their hashes crowd",
    arguments: 0..<12)
  func growth(seed: Int) throws {
    var random = SplitMix(state: UInt64(seed))
    var table = try ProbingTable<Entry>(expected: 0)
    var entries: [Entry] = []
    for number in 1...5000 {
      // Even, or in the first places, or in the last ones, or on few places, or all on one.
      let bits = UInt64(random.below(1 << 32)) << 32 | UInt64(random.below(1 << 32))
      let hash =
        switch (seed % 6, number % 3) {
        case (0, _): bits
        case (1, 0), (4, 0): bits >> 12
        case (2, 0), (4, 1): ~(bits >> 12)
        case (3, 0): bits & 0xC000_0000_0000_00FF
        case (5, _) where number < 1200: UInt64(seed) << 60
        default: bits
        }
      let entry = Entry(number: UInt64(number), hash: hash)
      let free = place(of: entry, in: table)
      #expect(table.entries[free].isEmpty)
      try table.insert(entry, at: free)
      entries.append(entry)
    }
    #expect(table.count == entries.count)
    #expect(table.capacity >= 8192)
    for entry in entries {
      #expect(table.entries[place(of: entry, in: table)].number == entry.number, "seed \(seed)")
    }
    var met = Set<UInt64>()
    for part in 0..<64 {
      table.forEach(inPart: part, of: 64) { entry, hash in
        #expect(hash >> 58 == UInt64(part))
        #expect(met.insert(entry.number).inserted, "seed \(seed)")
      }
    }
    #expect(met.count == entries.count, "seed \(seed)")
  }

  @Test("What is given back is gone, and the parts that are still to be read are whole")
  func release() throws {
    var random = SplitMix(state: 5)
    // 16 MB: some of it huge pages.
    var table = try ProbingTable<Entry>(expected: 1 << 20)
    for number in 1...700_000 {
      let hash = UInt64(random.below(1 << 32)) << 32 | UInt64(random.below(1 << 32))
      let entry = Entry(number: UInt64(number), hash: hash)
      try table.insert(entry, at: place(of: entry, in: table))
    }
    var met = Set<UInt64>()
    for part in 0..<64 {
      table.forEach(inPart: part, of: 64) { entry, _ in met.insert(entry.number) }
      // The last part may have words in the first, each other one in the next.
      table.release(parts: 1..<max(1, part), of: 64)
    }
    #expect(met.count == 700_000)
    // Elsewhere the system may take the memory later.
    #if os(Linux)
      var left = 0
      for part in 0..<64 { table.forEach(inPart: part, of: 64) { _, _ in left += 1 } }
      #expect(left < 350_000)
    #endif
  }
}
