/// Finds special and added tokens in text: the leftmost, and of those that begin there the longest
/// (`find_matches` in `added_vocabulary.rs` of Hugging Face's library, 0.23).
///
/// Complexity of a scan: O(*n*) where few bytes begin a token; at worst O(*n* × longest token).
struct SpecialTokenMatcher: Sendable {
  /// An occurrence; blanks that the token takes along are inside.
  struct Match: Equatable {
    var range: Range<Int>
    var id: TokenID
    /// Where the search goes on: behind the token, before the blanks that it took along.
    var next: Int
  }

  /// By content, in the order of bytes: tokens that begin alike stand together.
  private let tokens: [SpecialToken]
  /// Ids of tokens that are text like any other, but hide what they contain.
  private let hidden: Set<TokenID>
  /// For each first byte, the tokens that begin with it.
  private let ranges: [Range<Int>]

  /// - Parameter hidden: ids of tokens that are passed over where they stand, as a whole.
  init(_ tokens: [SpecialToken], hidden: Set<TokenID> = []) {
    self.hidden = hidden
    let tokens = tokens.filter { !$0.content.isEmpty }.sorted {
      $0.content.lexicographicallyPrecedes($1.content)
    }
    var ranges = [Range<Int>](repeating: 0..<0, count: 256)
    for (index, token) in tokens.enumerated() {
      let first = Int(token.content[0])
      ranges[first] = (ranges[first].isEmpty ? index : ranges[first].lowerBound)..<index + 1
    }
    self.tokens = tokens
    self.ranges = ranges
  }

  var isEmpty: Bool { tokens.isEmpty }

  /// The first token at or after `start`. `floor`: blanks before it belong to an earlier match; a token
  /// may begin before it all the same, if it consists of such blanks.
  func firstMatch(
    in text: UnsafeBufferPointer<UInt8>, from start: Int, floor: Int
  ) -> Match? {
    var position = start
    while position < text.count {
      let candidates = ranges[Int(text[position])]
      if !candidates.isEmpty, let token = longest(in: text, at: position, candidates) {
        let end = position + token.content.count
        // A token inside a word is passed over as a whole, as in Hugging Face's library.
        if hidden.contains(token.id)
          || token.singleWord && !standsAlone(position..<end, in: text)
        {
          position = end
          continue
        }
        return Match(
          range: extended(position..<end, for: token, in: text, floor), id: token.id, next: end)
      }
      position += 1
    }
    return nil
  }

  private func longest(
    in text: UnsafeBufferPointer<UInt8>, at position: Int, _ candidates: Range<Int>
  ) -> SpecialToken? {
    // Among tokens that begin alike, a longer one comes after its prefixes.
    for index in candidates.reversed() {
      let content = tokens[index].content
      if content.count <= text.count - position,
        text[position..<position + content.count].elementsEqual(content)
      {
        return tokens[index]
      }
    }
    return nil
  }

  private func standsAlone(_ range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Bool {
    let before = TextScalars.scalar(before: range.lowerBound, in: text)
    let after = TextScalars.scalar(at: range.upperBound, in: text)
    return !(before.map(TextScalars.isWord) ?? false) && !(after.map(TextScalars.isWord) ?? false)
  }

  private func extended(
    _ range: Range<Int>, for token: SpecialToken, in text: UnsafeBufferPointer<UInt8>, _ floor: Int
  ) -> Range<Int> {
    var (lower, upper) = (range.lowerBound, range.upperBound)
    if token.stripsLeft {
      lower = max(lower, floor)
      while lower > floor, let scalar = TextScalars.scalar(before: lower, in: text),
        scalar.properties.isWhitespace
      {
        lower -= UTF8.width(scalar)
      }
    }
    if token.stripsRight {
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

  /// What regular expressions call `\w`.
  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isAlphabetic || scalar.properties.isJoinControl { return true }
    switch scalar.properties.generalCategory {
    case .decimalNumber, .nonspacingMark, .spacingMark, .enclosingMark, .connectorPunctuation:
      return true
    default: return false
    }
  }
}

extension UTF8 {
  /// Bytes of a character.
  fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
    scalar.value < 0x80 ? 1 : scalar.value < 0x800 ? 2 : scalar.value < 0x10000 ? 3 : 4
  }
}
