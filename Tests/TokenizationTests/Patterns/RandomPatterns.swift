/// Patterns and texts made by chance, from a seed.
struct RandomPatterns {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }

  private static let atoms = [
    "a", "b", "A", "1", "'", " ", "é", "中", ".", "[ab]", "[^a]", #"\p{L}"#, #"\p{N}"#, #"\s"#,
    #"\S"#, #"\w"#, #"\d"#, #"[^\s\p{L}]"#, #"\p{Lu}"#, #"\n"#,
  ]
  private static let quantifiers = [
    "", "", "", "", "", "?", "+", "*", "{1,2}", "{2}", "{2,}", "+?", "??", "*?", "++", "?+", "*+",
  ]
  private static let assertions = [
    #"(?!\S)"#, #"(?=\s)"#, "(?!a)", "(?=[ab]|$)", #"\b"#, #"\B"#, "$", #"\z"#, "(?<=a)",
    #"(?<!\s)"#, #"(?<=^|b)"#,
  ]

  private mutating func piece(_ depth: Int) -> String {
    if depth > 0, below(10) < 3 {
      let inner = (0...below(3)).map { _ in sequence(depth - 1) }.joined(separator: "|")
      return pick(["(?:", "(?:", "(?:", "(?>"]) + inner + ")"
        + pick(["", "", "", "?", "+", "{1,2}", "+?", "*", "++", "?+"])
    }
    return pick(Self.atoms) + pick(Self.quantifiers)
  }

  private mutating func sequence(_ depth: Int) -> String {
    var text = (0...below(3)).map { _ in piece(depth) }.joined()
    if below(5) == 0 { text += pick(Self.assertions) }
    if below(10) == 0 { text = pick(Self.assertions) + text }
    return text
  }

  /// A pattern that may leave gaps and match nothing.
  mutating func pattern() -> String {
    var branches = (0...below(3)).map { _ in sequence(2) }
    if below(3) == 0 { branches.append(pick([#"[\s\S]"#, #"\s+|\S+"#, #"\w+|\s"#])) }
    return branches.joined(separator: "|")
  }

  private static let alphabet = Array("aabbAB11'  é中\u{301}.\t\n\u{10400}".unicodeScalars)

  /// A text of at most `longest` scalars.
  mutating func text(longest: Int) -> [Unicode.Scalar] {
    (0..<below(longest + 1)).map { _ in pick(Self.alphabet) }
  }
}
