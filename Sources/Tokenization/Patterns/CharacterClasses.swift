/// Code points by what the sets of a program say about them; class `count` is the end of text.
struct CharacterClasses: Sendable {
  private(set) var runs: [(start: UInt32, number: Int)] = []
  /// Members by class, then set.
  private(set) var members: [[Bool]] = []
  var count: Int { members.count }

  init(of sets: [CodePointSet]) throws(PatternError) {
    var events: [UInt64] = [0]
    for (number, set) in sets.enumerated() {
      for bound in set.bounds { events.append(UInt64(bound) << 16 | UInt64(number + 1)) }
    }
    events.sort()
    // One bit a set.
    var inside = [UInt64](repeating: 0, count: sets.count / 64 + 1)
    var known: [[UInt64]: Int] = [:]
    var index = 0
    while index < events.count {
      let start = events[index] >> 16
      while index < events.count, events[index] >> 16 == start {
        let number = Int(events[index] & 0xFFFF)
        if number > 0 { inside[(number - 1) / 64] ^= 1 << UInt64((number - 1) % 64) }
        index += 1
      }
      guard start < CodePointSet.limit else { break }
      let number = known[inside] ?? members.count
      if number == members.count {
        guard number < Self.most else {
          throw .unsuitable(reason: "it tells too many kinds of characters apart")
        }
        known[inside] = number
        members.append(sets.indices.map { inside[$0 / 64] >> UInt64($0 % 64) & 1 == 1 })
      }
      if runs.last?.number != number { runs.append((UInt32(start), number)) }
    }
  }

  private static let most = 250

  /// The same with classes merged and numbered anew; `members` are those of one of each.
  func renumbered(_ numbers: [Int]) -> CharacterClasses {
    var result = self
    result.runs = []
    for (start, number) in runs where result.runs.last?.number != numbers[number] {
      result.runs.append((start, numbers[number]))
    }
    for (old, new) in numbers.dropLast().enumerated() { result.members[new] = members[old] }
    result.members.removeLast(members.count - (numbers[members.count]))
    return result
  }

  func number(of scalar: UInt32) -> Int { runs[runIndex(of: scalar)].number }

  /// The run that holds a code point.
  func runIndex(of scalar: UInt32) -> Int {
    var (low, high) = (0, runs.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if runs[middle].start <= scalar { low = middle } else { high = middle }
    }
    return low
  }
}
