/// Finds special and added tokens in text: the leftmost, and of those that begin there the longest
/// (`find_matches` in `added_vocabulary.rs` of Hugging Face's library, 0.23).
///
/// Complexity: O(bytes) for all matches of a text together, whatever the number of tokens.
struct SpecialTokenMatcher: Sendable {
  /// An occurrence; blanks that the token takes along are inside.
  struct Match: Equatable {
    var range: Range<Int>
    var id: TokenID
    /// Where the search goes on: behind the token, before the blanks that it took along.
    var next: Int
  }

  /// What is asked of a token beside its text.
  private struct Rule {
    let id: TokenID
    let length: Int
    let isSpecial: Bool
    let singleWord: Bool
    let stripsLeft: Bool
    let stripsRight: Bool
  }

  private let automaton: TokenAutomaton
  /// By the order of their texts.
  private let rules: [Rule]
  /// Whether special tokens are text like any other, but hide what they contain.
  private let hidesSpecialTokens: Bool

  /// Of tokens that have the same text the first one counts.
  init(_ tokens: [SpecialToken]) {
    var order = tokens.indices.filter { !tokens[$0].content.isEmpty }
    order.sort { first, second in
      let (text, other) = (tokens[first].content, tokens[second].content)
      if text == other { return first < second }
      return text.lexicographicallyPrecedes(other)
    }
    var texts: [[UInt8]] = []
    var rules: [Rule] = []
    for token in order.lazy.map({ tokens[$0] }) where texts.last != token.content {
      texts.append(token.content)
      rules.append(
        Rule(
          id: token.id, length: token.content.count, isSpecial: token.isSpecial,
          singleWord: token.singleWord, stripsLeft: token.stripsLeft,
          stripsRight: token.stripsRight))
    }
    self.init(TokenAutomaton(texts), rules, hidesSpecialTokens: false)
  }

  private init(_ automaton: TokenAutomaton, _ rules: [Rule], hidesSpecialTokens: Bool) {
    self.automaton = automaton
    self.rules = rules
    self.hidesSpecialTokens = hidesSpecialTokens
    isEmpty = hidesSpecialTokens ? rules.allSatisfy(\.isSpecial) : rules.isEmpty
  }

  /// The same, with special tokens passed over where they stand, as a whole.
  var hidingSpecialTokens: SpecialTokenMatcher {
    SpecialTokenMatcher(automaton, rules, hidesSpecialTokens: true)
  }

  /// Whether there is nothing to find.
  let isEmpty: Bool

  /// The first token at or after `start`. `floor`: blanks before it belong to an earlier match; a token
  /// may begin before it all the same, if it consists of such blanks.
  func firstMatch(
    in text: UnsafeBufferPointer<UInt8>, from start: Int, floor: Int
  ) -> Match? {
    var position = start
    while let (index, end) = automaton.firstMatch(in: text, from: position) {
      let rule = rules[index]
      let range = end - rule.length..<end
      // A token inside a word is passed over as a whole, as in Hugging Face's library.
      if hidesSpecialTokens && rule.isSpecial
        || rule.singleWord && !standsAlone(range, in: text)
      {
        position = end
        continue
      }
      return Match(range: extended(range, by: rule, in: text, floor), id: rule.id, next: end)
    }
    return nil
  }

  /// - Throws: `TokenizerError.specialTokenInText` for the first token in a text.
  func refuse(_ text: UnsafeBufferPointer<UInt8>) throws(TokenizerError) {
    guard let (index, end) = automaton.firstMatch(in: text, from: 0) else { return }
    let start = end - rules[index].length
    throw .specialTokenInText(token: Array(text[start..<end]), offset: start)
  }

  private func standsAlone(_ range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    let before = TextScalars.scalar(before: range.lowerBound, in: text)
    let after = TextScalars.scalar(at: range.upperBound, in: text)
    return !(before.map(TextScalars.isWord) ?? false) && !(after.map(TextScalars.isWord) ?? false)
  }

  private func extended(
    _ range: Range<Int>, by rule: Rule, in text: UnsafeBufferPointer<UInt8>, _ floor: Int
  ) -> Range<Int> {
    var (lower, upper) = (range.lowerBound, range.upperBound)
    if rule.stripsLeft {
      lower = max(lower, floor)
      while lower > floor, let scalar = TextScalars.scalar(before: lower, in: text),
        scalar.properties.isWhitespace
      {
        lower -= UTF8.width(scalar)
      }
    }
    if rule.stripsRight {
      // All blanks up to the floor were walked over before: once is enough.
      upper = max(upper, floor)
      while let scalar = TextScalars.scalar(at: upper, in: text), scalar.properties.isWhitespace {
        upper += UTF8.width(scalar)
      }
    }
    return lower..<max(lower, upper)
  }
}

/// Characters beside a place in UTF-8 text; ill-formed bytes are none.
enum TextScalars {
  static func scalar(at position: Int, in text: UnsafeBufferPointer<UInt8>) -> Unicode.Scalar? {
    guard position < text.count else { return nil }
    let end = min(position + 4, text.count)
    var iterator = text[position..<end].makeIterator()
    var decoder = UTF8()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
    return scalar
  }

  static func scalar(
    before position: Int, in text: UnsafeBufferPointer<UInt8>
  ) -> Unicode.Scalar? {
    var start = position - 1
    while start > 0, position - start < 4, text[start] & 0xC0 == 0x80 { start -= 1 }
    guard start >= 0, let scalar = scalar(at: start, in: text),
      start + UTF8.width(scalar) == position
    else { return nil }
    return scalar
  }

  /// What regular expressions call `\w`, in the pinned version of Unicode: that of whoever runs this
  /// may know more letters.
  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    CodePointSet.wordWithJoiners.contains(scalar.value)
  }
}

extension UTF8 {
  /// Bytes of a character.
  static func width(_ scalar: Unicode.Scalar) -> Int {
    scalar.value < 0x80 ? 1 : scalar.value < 0x800 ? 2 : scalar.value < 0x10000 ? 3 : 4
  }
}
