/// Words of raw text that can be normalized and encoded one by one, with the ids of the whole: so
/// that caches hold raw bytes, and what was seen before is not even normalized again.
///
/// It is for tokenizers that take a text as one, as SentencePiece does. A word begins at a blank
/// behind anything else, with two conditions: what stands before the blank leaves something that
/// does not end in a blank itself, since runs of blanks are one; and no token has the mark of a blank
/// inside. A run of line feeds is a word where no token has one beside another character.
final class RawWords: Sendable {
  /// Finds the words of raw text.
  let preTokenizer: CompiledPreTokenizer
  let borders: WordBorders
  /// Whether the first word of a text is one with a blank before it.
  let putsBlankBefore: Bool
  /// For models that add up scores.
  let scoredIDs: ScoredIDs?
  /// Finds parts of long words.
  let parts: CharacterParts

  /// Longest growth that buffers are made for.
  private static let greatestGrowth = 16

  /// `nil` if the pieces of this tokenizer are not words of that kind, or it cuts by itself.
  init?(
    _ tokenizer: Tokenizer, _ normalizer: CompiledNormalizer, _ model: CompiledModel
  ) throws(PatternError) {
    guard let pairs = Self.pairs(of: tokenizer), Self.cutsNowhereElse(tokenizer.preTokenizer),
      let borders = WordBorders(normalizer, pairs, model), borders.growth <= Self.greatestGrowth
    else { return nil }
    if case .unigram(let model) = model {
      guard Self.hasExactSums(model),
        tokenizer.idCount + ScoredIDs.spare <= Int(PieceCache.greatestID)
      else { return nil }
      scoredIDs = ScoredIDs(model)
    } else {
      scoredIDs = nil
    }
    self.borders = borders
    putsBlankBefore = Self.putsBlankBefore(normalizer)
    preTokenizer = CompiledPreTokenizer(
      try CompiledPattern(borders.pattern, blockWalk: borders.blockWalk()))
    parts = CharacterParts(pairs, fusing: model.hasAllBytes ? nil : model)
  }

  private static func pairs(of tokenizer: Tokenizer) -> CharacterPairs? {
    switch tokenizer.model {
    case .bpe(let model):
      guard let base = model.characterBase, !model.ignoresMerges,
        (model.continuingPrefix ?? []).isEmpty, (model.endOfWordSuffix ?? []).isEmpty
      else { return nil }
      return CharacterPairs(model, base)
    case .unigram(let model):
      return model.rules == .sentencePiece ? CharacterPairs(model) : nil
    case .wordPiece, .wordLevel: return nil
    }
  }

  /// Whether the roundings of sums are those that `UnigramSum` reckons with: scores fall but for those of
  /// user's symbols, and none is so great that a way leaves its zone and comes back.
  private static func hasExactSums(_ model: CompiledUnigram) -> Bool {
    let greatest: Float = 1000
    return abs(model.unknownScore) < greatest && model.scores.allSatisfy { abs($0) < greatest }
      && model.greatestNormalScore <= 0
  }

  private static func putsBlankBefore(_ normalizer: CompiledNormalizer) -> Bool {
    switch normalizer.steps.first {
    case .sentencePiece(let step): step.options.addsDummyPrefix
    case .prepend(let text): normalizer.steps.count == 2 && text == BlankMark.text
    default: false
    }
  }

  /// SentencePiece's own cuts are at marks of blanks, where a word is cut anyway.
  private static func cutsNowhereElse(_ preTokenizer: PreTokenizer) -> Bool {
    preTokenizer.steps.allSatisfy { step in
      if case .sentencePiece(let cuts) = step {
        cuts.whitespace == .begins && !cuts.splitsScripts && !cuts.splitsDigits
      } else {
        false
      }
    }
  }
}
