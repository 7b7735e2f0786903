import Tokenization

/// The tokens of a word as it stands in the middle of a text.
struct WordTokens {
  let word: [UInt8]
  let ids: [TokenID]

  /// A word without a blank before it is taken with one, if that makes fewer tokens or as many: most
  /// tokenizers have a token of their own for a word that begins behind a blank.
  init(_ word: [UInt8], by encoder: inout TokenEncoder) throws(Failure) {
    let blank = UInt8(ascii: " ")
    var best: [TokenID] = []
    for text in word.first == blank ? [word] : [[blank] + word, word] {
      var ids: [TokenID] = []
      do throws(TokenizerError) {
        try encoder.encode(text, into: &ids)
      } catch {
        throw Failure(error)
      }
      if best.isEmpty || !ids.isEmpty && ids.count < best.count { best = ids }
    }
    guard !best.isEmpty else {
      throw Failure(.badData, "'\(String(decoding: word, as: UTF8.self))' has no tokens")
    }
    self.word = word
    ids = best
  }
}
