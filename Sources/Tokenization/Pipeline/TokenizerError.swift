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
  /// The post-processor cannot be applied to one text, or to a pair.
  case unfitPostProcessor(isPair: Bool)
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
    case .unfitPostProcessor(let isPair):
      "the post-processor asks for more texts or fewer parts than \(isPair ? "a pair" : "one text") "
        + "gives; correct its template, or encode without special tokens"
    case .vocabularyTooLarge(let count):
      "a vocabulary of \(count) ids; up to \(PieceCache.greatestID + 1) can be encoded"
    }
  }
}
