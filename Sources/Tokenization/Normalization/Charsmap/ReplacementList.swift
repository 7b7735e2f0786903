/// The distinct replacements of a set of rules, by number.
struct ReplacementList {
  private var texts: [[UInt32]] = []
  private var numbers: [[UInt32]: UInt32] = [:]

  /// The number of a text of code points, which is added unless it is there.
  mutating func number(of text: [UInt32]) -> UInt32 {
    if let number = numbers[text] { return number }
    let number = UInt32(texts.count)
    texts.append(text)
    numbers[text] = number
    return number
  }

  /// Those that a tree of rules uses, in the order of their code points, each ended by NUL, and where
  /// each begins.
  func strings(of tree: RuleTree) -> (bytes: [UInt8], offsets: [UInt32]) {
    var isUsed = [Bool](repeating: false, count: texts.count)
    for node in tree.nodes where node.value != RuleTree.none { isUsed[Int(node.value)] = true }
    var bytes: [UInt8] = []
    var offsets = [UInt32](repeating: 0, count: texts.count)
    let order = texts.indices.filter { isUsed[$0] }.map {
      (word: CharsmapRuleList.word(texts[$0][...]), number: $0)
    }
    for (_, number) in order.sorted(by: { a, b in
      a.word == b.word
        ? texts[a.number].lexicographicallyPrecedes(texts[b.number]) : a.word < b.word
    }) {
      offsets[number] = UInt32(bytes.count)
      for scalar in texts[number] { UTF8Decoding.append(scalar, to: &bytes) }
      bytes.append(0)
    }
    return (bytes, offsets)
  }
}
