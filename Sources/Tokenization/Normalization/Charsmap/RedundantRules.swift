/// Finds rules that give nothing which shorter ones do not give (builder.cc,
/// `Builder::RemoveRedundantMap`): without them the rules of NFKC are a tenth fewer.
///
/// Rules of one code point all stay. Of each longer length, one after another, a rule stays unless the
/// rules kept before, none as long, replace its key by the same: at each place the longest one.
struct RedundantRules {
  private let list: CharsmapRuleList
  private var index: RuleIndex

  static func remove(from list: inout CharsmapRuleList) {
    var redundant = RedundantRules(list)
    list.keep(redundant.rulesToKeep())
  }

  private init(_ list: CharsmapRuleList) {
    self.list = list
    index = RuleIndex(capacity: list.count)
  }

  private mutating func rulesToKeep() -> [Bool] {
    var isKept = [Bool](repeating: false, count: list.count)
    var byLength: [[Int]] = []
    for rule in 0..<list.count {
      let length = list.range(of: rule).count
      while byLength.count <= length { byLength.append([]) }
      byLength[length].append(rule)
    }
    list.scalars.withUnsafeBufferPointer { scalars in
      for (length, rules) in byLength.enumerated() {
        for rule in rules where length == 1 || !isCovered(rule, scalars) {
          isKept[rule] = true
          index.insert(scalars.extracting(list.range(of: rule)), list.values[rule])
        }
      }
    }
    return isKept
  }

  /// Whether shorter kept rules replace the key by what the rule gives. Rules of the same length may
  /// be in the index already, but have other keys.
  private func isCovered(_ rule: Int, _ scalars: UnsafeBufferPointer<UInt32>) -> Bool {
    let key = scalars.extracting(list.range(of: rule))
    let expected = list.replacements[Int(list.values[rule])]
    var position = 0
    var matched = 0
    while position < key.count {
      let rest = key.extracting(position...)
      if let found = index.longest(at: rest) {
        let replacement = list.replacements[Int(found.value)]
        guard expected[matched...].starts(with: replacement) else { return false }
        matched += replacement.count
        position += found.length
      } else {
        guard matched < expected.count && expected[matched] == key[position] else { return false }
        matched += 1
        position += 1
      }
    }
    return matched == expected.count
  }
}

/// Rules by key. Keys of up to three code points, nearly all, are words of 63 bits.
private struct RuleIndex {
  /// Open addressing; a key of 0 is free.
  private var keys: [UInt64]
  private var values: [UInt32]
  private let shift: UInt64
  private var long: [[UInt32]: UInt32] = [:]
  private var longest = 0

  init(capacity: Int) {
    let bits = max(4, Int.bitWidth - (capacity * 2).leadingZeroBitCount)
    keys = Array(repeating: 0, count: 1 << bits)
    values = Array(repeating: 0, count: 1 << bits)
    shift = UInt64(64 - bits)
  }

  mutating func insert(_ key: UnsafeBufferPointer<UInt32>, _ value: UInt32) {
    longest = max(longest, key.count)
    if key.count > 3 {
      long[Array(key)] = value
    } else {
      let word = Self.word(key, key.count)
      let slot = slot(of: word)
      keys[slot] = word
      values[slot] = value
    }
  }

  func longest(at text: UnsafeBufferPointer<UInt32>) -> (length: Int, value: UInt32)? {
    var length = min(longest, text.count)
    while length > 3 {
      if let value = long[Array(text.prefix(length))] { return (length, value) }
      length -= 1
    }
    while length > 0 {
      let word = Self.word(text, length)
      let slot = slot(of: word)
      if keys[slot] == word { return (length, values[slot]) }
      length -= 1
    }
    return nil
  }

  private static func word(_ text: UnsafeBufferPointer<UInt32>, _ length: Int) -> UInt64 {
    var word: UInt64 = 0
    for place in 0..<length { word = word << 21 | UInt64(text[place]) }
    return word
  }

  /// Where the word stands or would stand.
  private func slot(of word: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while keys[slot] != 0 && keys[slot] != word { slot = (slot + 1) & (keys.count - 1) }
    return slot
  }
}
