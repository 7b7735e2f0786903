/// Rules as they are made: what is replaced, and which of the distinct replacements it gets.
///
/// Keys lie one after another in one array, since a list of NFKC holds 250,000.
struct CharsmapRuleList {
  /// Code points of all keys.
  private(set) var scalars: [UInt32] = []
  /// Where each key ends in `scalars`.
  private(set) var ends: [UInt32] = []
  /// Each rule's replacement, as an index.
  private(set) var values: [UInt32] = []
  private(set) var replacements: [[UInt32]] = []
  private var known: [[UInt32]: UInt32] = [:]

  var count: Int { ends.count }

  /// The index of a replacement, added unless it is there.
  mutating func replacement(_ scalars: [UInt32]) -> UInt32 {
    if let index = known[scalars] { return index }
    let index = UInt32(replacements.count)
    replacements.append(scalars)
    known[scalars] = index
    return index
  }

  /// Adds a rule; `key` is not empty.
  mutating func append(_ key: some Collection<UInt32>, _ value: UInt32) {
    scalars.append(contentsOf: key)
    ends.append(UInt32(scalars.count))
    values.append(value)
  }

  /// Keeps the rules for which `isKept` is true, in their order.
  mutating func keep(_ isKept: [Bool]) {
    var kept = 0
    var end = 0
    for rule in 0..<count {
      let key = range(of: rule)
      guard isKept[rule] else { continue }
      for place in key {
        scalars[end] = scalars[place]
        end += 1
      }
      (ends[kept], values[kept]) = (UInt32(end), values[rule])
      kept += 1
    }
    scalars.removeLast(scalars.count - end)
    ends.removeLast(ends.count - kept)
    values.removeLast(values.count - kept)
  }

  /// Changes every code point of every replacement.
  mutating func mapReplacements(_ change: (UInt32) -> UInt32) {
    let old = replacements
    replacements = []
    known = [:]
    let new = old.map { replacement($0.map(change)) }
    for rule in values.indices { values[rule] = new[Int(values[rule])] }
  }

  func range(of rule: Int) -> Range<Int> {
    (rule == 0 ? 0 : Int(ends[rule - 1]))..<Int(ends[rule])
  }

  /// The rules in the order of their keys' code points, which is that of their UTF-8. Of rules with
  /// one key only the last stays.
  func sorted() -> [Int] {
    // Three code points fill a word of 63 bits; no key contains 0, so shorter ones go first.
    var order = (0..<count).map { rule in
      var word: UInt64 = 0
      let key = range(of: rule)
      for place in key.lowerBound..<key.lowerBound + 3 {
        word = word << 21 | (place < key.upperBound ? UInt64(scalars[place]) : 0)
      }
      return (word: word, rule: UInt32(rule))
    }
    scalars.withUnsafeBufferPointer { scalars in
      order.sort { a, b in
        if a.word != b.word { return a.word < b.word }
        let left = scalars[range(of: Int(a.rule))]
        let right = scalars[range(of: Int(b.rule))]
        return left.elementsEqual(right) ? a.rule < b.rule : left.lexicographicallyPrecedes(right)
      }
    }
    return order.indices.compactMap { place in
      let rule = Int(order[place].rule)
      if place + 1 < order.count, order[place].word == order[place + 1].word,
        scalars[range(of: rule)] == scalars[range(of: Int(order[place + 1].rule))]
      {
        return nil
      }
      return rule
    }
  }
}
