/// Pairs by falling count, equal counts in the order of `PairHeap`.
///
/// A heap holds the few frequent pairs. The many rare ones wait in a list for each count, in no
/// order, until their count is the highest: then a level is sorted and served. Counts only fall, so
/// a pair whose count is lower than when it was put in its place just moves to a later list.
struct PairQueue {
  /// Counts below this have lists.
  private static let listedCounts = 1 << 12
  private static let none = UInt32.max

  private var heap: PairHeap
  /// First record of each list, by count.
  private var heads = [UInt32](repeating: none, count: listedCounts)
  /// The record behind each in its list, by record.
  private var links: [UInt32] = []
  /// The count that is served: pairs born with it join the heap, those below it a list.
  private var level = listedCounts
  /// The pairs of the level, the best last.
  private var ready: [PairHeapEntry] = []

  init(order: PairOrder) { heap = PairHeap(order: order) }

  /// Takes the best pair of at least `floor` out and returns the number of its record.
  mutating func next(
    _ pairs: borrowing PairRecords, floor: Int64, _ spellings: borrowing TokenSpellings
  ) -> Int? {
    while true {
      let entry: PairHeapEntry
      if let top = heap.entries.first,
        ready.last.map({ heap.precedes(top, $0, spellings) }) ?? true
      {
        heap.removeTop(spellings)
        entry = top
      } else if let last = ready.popLast() {
        entry = last
      } else {
        guard serveNextLevel(pairs, floor: floor, spellings) else { return nil }
        continue
      }
      let count = pairs.records[entry.record].count
      // A pair can fall below the floor in the merge that bears it.
      guard count >= floor else { continue }
      if count == entry.count { return entry.record }
      put(count, entry.key, entry.record, spellings)
    }
  }

  /// Adds a pair that was born: the one with the next record.
  mutating func push(_ record: PairRecord, number: Int, _ spellings: borrowing TokenSpellings) {
    links.append(Self.none)
    put(record.count, record.key, number, spellings)
  }

  /// Forgets all and takes the records anew: they have other numbers.
  mutating func rebuild(_ pairs: borrowing PairRecords, _ spellings: borrowing TokenSpellings) {
    for count in heads.indices { heads[count] = Self.none }
    links.removeAll(keepingCapacity: true)
    ready.removeAll(keepingCapacity: true)
    level = Self.listedCounts
    var frequent: [PairHeapEntry] = []
    for number in 0..<pairs.count {
      let record = pairs.records[number]
      links.append(Self.none)
      if record.count >= level {
        frequent.append(PairHeapEntry(count: record.count, key: record.key, record: number))
      } else {
        enlist(number, count: record.count)
      }
    }
    heap.rebuild(frequent, spellings)
  }

  private mutating func put(
    _ count: Int64, _ key: UInt64, _ number: Int, _ spellings: borrowing TokenSpellings
  ) {
    if count >= level {
      heap.push(PairHeapEntry(count: count, key: key, record: number), spellings)
    } else {
      enlist(number, count: count)
    }
  }

  private mutating func enlist(_ number: Int, count: Int64) {
    let list = Int(max(count, 0))
    links[number] = heads[list]
    heads[list] = UInt32(truncatingIfNeeded: number)
  }

  /// Sorts the pairs of the next lower count; false when there is none of at least `floor`.
  private mutating func serveNextLevel(
    _ pairs: borrowing PairRecords, floor: Int64, _ spellings: borrowing TokenSpellings
  ) -> Bool {
    while ready.isEmpty {
      level -= 1
      guard level >= floor else {
        level += 1
        return false
      }
      var number = heads[level]
      heads[level] = Self.none
      while number != Self.none {
        let record = pairs.records[Int(number)]
        let following = links[Int(number)]
        if record.count == level {
          ready.append(
            PairHeapEntry(count: record.count, key: record.key, record: Int(number)))
        } else if record.count >= floor {
          enlist(Int(number), count: record.count)
        }
        number = following
      }
    }
    ready.sort { heap.precedes($1, $0, spellings) }
    return true
  }
}
