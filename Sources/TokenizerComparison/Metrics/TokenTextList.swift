import Primitives
import Tokenization

/// What the tokens of a model decode to behind others, by id.
///
/// So texts can be compared whatever a family spells them with: `Ġthe`, `▁the` and WordPiece's `the` are
/// all " the".
struct TokenTextList: Sendable {
  /// Texts of all tokens, special ones included; holes have none.
  private let texts: Vocabulary
  private let index: TokenIndex
  /// By id, whether it is left out of comparisons of vocabularies.
  private let isSpecial: [Bool]

  init(_ tokenizer: Tokenizer, _ decoder: TokenDecoder) {
    let ids = 0..<TokenID(tokenizer.idCount)
    texts = Vocabulary(tokens: ids.map { decoder.bytes(of: $0).map(Array.init) })
    isSpecial = ids.map { decoder.isSpecial($0) }
    let isSpecial = isSpecial
    index = TokenIndex(
      Vocabulary(
        tokens: ids.map { id in
          isSpecial[Int(id)] ? nil : decoder.bytes(of: id).map(Array.init)
        }))
  }

  /// Ids with a token, special ones included.
  var tokenCount: Int { texts.tokenCount }

  /// Ids of tokens, ascending.
  var ids: [TokenID] { (0..<TokenID(texts.count)).filter { texts[$0] != nil } }

  /// Ids of tokens that are not special, ascending.
  var ordinaryIDs: [TokenID] { ids.filter { !isSpecial[Int($0)] } }

  subscript(id: TokenID) -> ArraySlice<UInt8> { texts[id] ?? [] }

  /// Whether a token that is not special has this text.
  func contains(_ text: ArraySlice<UInt8>) -> Bool { index.id(of: text) != nil }

  /// Whether a token is the first one, by id, with its text.
  func isFirst(_ id: TokenID) -> Bool { index.id(of: self[id]) == id }

  /// Length of each text, by id; 0 for holes.
  var lengths: [UInt32] {
    (0..<TokenID(texts.count)).map { UInt32(truncatingIfNeeded: self[$0].count) }
  }
}
