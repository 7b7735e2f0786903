/// Rules one after another, as they are read or made.
struct CharsmapRuleList {
  /// Code points of all keys: of what the rules replace.
  private var scalars: [UInt32] = []
  /// Where each key ends in `scalars`.
  private var ends: [Int] = []
  /// The number of what each rule gives.
  private(set) var values: [UInt32] = []

  var count: Int { ends.count }

  /// Adds a rule; `key` is not empty and has no NUL.
  mutating func append(_ key: [UInt32], _ value: UInt32) {
    scalars += key
    ends.append(scalars.count)
    values.append(value)
  }

  func key(_ rule: Int) -> ArraySlice<UInt32> {
    scalars[(rule == 0 ? 0 : ends[rule - 1])..<ends[rule]]
  }

  /// The rules in the order of their keys' code points, which is that of their UTF-8. Of rules with
  /// one key only the last stays.
  func sorted() -> [Int] {
    let words = (0..<count).map { (word: Self.word(key($0)), rule: $0) }
    let order = words.sorted { a, b in
      if a.word != b.word { return a.word < b.word }
      let (left, right) = (key(a.rule), key(b.rule))
      return left == right ? a.rule < b.rule : left.lexicographicallyPrecedes(right)
    }
    return order.indices.compactMap { place in
      let isRepeated =
        place + 1 < order.count && order[place].word == order[place + 1].word
        && key(order[place].rule) == key(order[place + 1].rule)
      return isRepeated ? nil : order[place].rule
    }
  }

  /// The first three code points of a text in 63 bits, which decide nearly all comparisons.
  static func word(_ text: ArraySlice<UInt32>) -> UInt64 {
    var word: UInt64 = 0
    for place in text.startIndex..<text.startIndex + 3 {
      word = word << 21 | (place < text.endIndex ? UInt64(text[place]) : 0)
    }
    return word
  }
}
