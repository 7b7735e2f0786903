/// Why text or ids cannot be taken through a tokenizer.
public enum TokenizerError: Error, Equatable, CustomStringConvertible {
  /// A pattern does not come to an end on a text, or the text is too long for it.
  case pattern(PatternError)
  /// Text cannot be normalized or cut by any means.
  case preparation(TextPreparationError)
  /// No token has this id. `position`: its place in the sequence, from 0.
  case unknownID(id: TokenID, position: Int)
  /// A special token was allowed that the tokenizer does not have.
  case unknownSpecialToken(name: [UInt8])
  /// The vocabulary lacks the token for words that it cannot spell.
  case absentUnknownToken(token: [UInt8])
  /// A text has characters or words without a token, and the model has no token for such.
  case noUnknownToken
  /// A special token stands in the text, where none is allowed. `offset`: its first byte.
  case specialTokenInText(token: [UInt8], offset: Int)
  /// Fewer ids are allowed than the post-processor adds.
  case lengthTooShort(longest: Int, added: Int)
  /// The second text is to be cut, and there is none.
  case strategyWithoutPair
  /// The text that is to be cut has too few ids to make up for the other one.
  case textTooShortToCut(isFirst: Bool, count: Int, excess: Int)
  /// Neighbouring parts have as many ids in common as one may have.
  case strideTooLong(stride: Int, length: Int)
  /// Padding to more ids than anybody wants.
  case paddingTooLong(length: Int)
  /// The post-processor cannot be applied to one text, or to a pair.
  case unfitPostProcessor(isPair: Bool)
  /// A way of encoding by chance that is not for the model, or with a number out of its range.
  case unfitSampling(Sampling.Method)
  /// Asked for what only unigram models have: several ways through a text, each with a score.
  case noLattice
  /// A vocabulary with more ids than 2^24.
  case vocabularyTooLarge(count: Int)

  public var description: String {
    switch self {
    case .pattern(let error):
      "\(error)"
    case .preparation(let error):
      "\(error)"
    case .unknownID(let id, let position):
      "id \(id) at position \(position) has no token; the ids may belong to another vocabulary"
    case .unknownSpecialToken(let name):
      "the tokenizer has no special token \(quoted(name)); inspect it to see which it has"
    case .absentUnknownToken(let token):
      "the vocabulary has no token \(quoted(token)), which words that it cannot spell become; "
        + "add it, or name another as the unknown token"
    case .noUnknownToken:
      "the text has something that the vocabulary cannot spell, and the model has no token for that; "
        + "give the model an unknown token, or bytes to fall back to"
    case .specialTokenInText(let token, let offset):
      "the text has the special token \(quoted(token)) at byte \(offset); allow it, take it as text, or "
        + "take it out"
    case .lengthTooShort(let longest, let added):
      "\(longest) ids at most, but the post-processor alone adds \(added); allow more"
    case .strategyWithoutPair:
      "the second text is to be cut, but there is only one; cut the first or the longest"
    case .textTooShortToCut(let isFirst, let count, let excess):
      "the \(isFirst ? "first" : "second") text has \(count) ids, and \(excess) are too many; allow more, "
        + "or cut the longest text first"
    case .strideTooLong(let stride, let length):
      "parts of \(length) ids cannot have \(stride) in common; give a smaller stride, or allow more ids"
    case .paddingTooLong(let length):
      "padding to \(length) ids; give at most \(Padding.greatestLength)"
    case .unfitPostProcessor(let isPair):
      "the post-processor asks for more texts or fewer parts than \(isPair ? "a pair" : "one text") "
        + "gives; correct its template, or encode without special tokens"
    case .unfitSampling(.dropout(let probability)):
      (0...1).contains(probability)
        ? "merges can be left out by chance only in byte-pair encodings, which this model is not; "
          + "unigram models have other ways of sampling"
        : "a merge cannot be left out with probability \(probability); give a number from 0 to 1"
    case .unfitSampling(.ways(let alpha, let candidates)):
      alpha.isFinite && alpha >= 0 && (0...Sampling.mostCandidates).contains(candidates ?? 0)
        ? "only unigram models have ways to draw from, and this model is of another kind; byte-pair "
          + "encodings can leave out merges by chance"
        : "sampling takes an alpha of 0 or more, and at most \(Sampling.mostCandidates) candidates"
    case .noLattice:
      "only unigram models give scores to several ways through a text, and this model is of another "
        + "kind; give a unigram model"
    case .vocabularyTooLarge(let count):
      "a vocabulary of \(count) ids; up to \(PieceCache.greatestID + 1) can be encoded"
    }
  }
}
