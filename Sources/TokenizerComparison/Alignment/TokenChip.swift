/// What a row shows as one piece: a token, or several that share a character.
struct TokenChip: Equatable {
  /// Half-open, in bytes of the text; never empty.
  var range: Range<Int>
  /// Places in the list of the side's tokens.
  var tokens: ClosedRange<Int>

  /// The chips of a side, ascending. Tokens that stand for no text are in none, but for those between
  /// two of one chip.
  ///
  /// - Parameter tokens: those of one text, by ascending starts, as encoders give them.
  static func chips(of tokens: [SampleToken]) -> [TokenChip] {
    var chips: [TokenChip] = []
    for (place, token) in tokens.enumerated() where !token.range.isEmpty {
      if let last = chips.last, token.start < last.range.upperBound {
        let end = max(last.range.upperBound, token.end)
        chips[chips.count - 1].range = last.range.lowerBound..<end
        chips[chips.count - 1].tokens = last.tokens.lowerBound...place
      } else {
        chips.append(TokenChip(range: token.range, tokens: place...place))
      }
    }
    return chips
  }
}
