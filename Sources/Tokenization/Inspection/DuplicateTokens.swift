/// Ids whose tokens are the same bytes. Readers refuse them within a vocabulary; an added token may be
/// spelled like another one.
///
/// `<0x41>` beside `A` is no duplicate: the one stands for a byte, the other for a letter.
public enum DuplicateTokens {
  /// Pairs of the first id of a text and a later one, by the later one.
  ///
  /// - Complexity: O(bytes of all tokens).
  public static func pairs(of tokenizer: Tokenizer) -> [(first: TokenID, second: TokenID)] {
    let vocabulary = tokenizer.model.vocabulary
    var tokens: [[UInt8]?] = (0..<tokenizer.idCount).map { vocabulary[TokenID($0)].map(Array.init) }
    var pairs: [(first: TokenID, second: TokenID)] = []
    for token in tokenizer.specialTokens {
      // Two added tokens with one id are one row of every table.
      if tokens[Int(token.id)] == nil { tokens[Int(token.id)] = token.content }
    }
    let all = Vocabulary(tokens: tokens)
    let index = TokenIndex(all)
    for id in 0..<TokenID(all.count) {
      if let text = all[id], let first = index.id(of: text), first != id {
        pairs.append((first, id))
      }
    }
    return pairs
  }
}
