/// What must be known to normalize the words of a text one by one.
extension SentencePieceNormalizer {
  /// Where a text may be parted at blanks; `nil` where rules, symbols or settings of the normalizer
  /// look across them.
  var wordBorders: CharsmapBorders? {
    guard options.escapesSpaces, !options.putsSpacesBehindWords else { return nil }
    var borders = CharsmapBorders(table.rules)
    borders.dropInnerSpaces()
    guard !borders.hasWeakSequences, borders.spaces.contains(0x20),
      (symbols?.members ?? []).isDisjoint(with: borders.spaces + [BlankMark.scalar])
    else { return nil }
    return borders
  }
}
