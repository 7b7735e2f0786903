/// The tokens of a tokenizer as its decoder sees them.
struct TokenSpellings {
  private let tokenizer: Tokenizer
  /// Added tokens by id, as they stand in normalized text where they are looked for there.
  private var added: [TokenID: [UInt8]] = [:]
  private let holdsBytes: Bool
  private let spellsAddedTokens: Bool

  init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
    holdsBytes = tokenizer.model.holdsBytes
    spellsAddedTokens = tokenizer.normalizer.steps.contains(.byteLevel)
    let isNormalized = tokenizer.specialTokens.contains(where: \.normalized)
    // Text that cannot be normalized cannot be encoded: then there are no such tokens to decode.
    let normalizer =
      isNormalized && !tokenizer.normalizer.steps.isEmpty
      ? try? CompiledNormalizer(tokenizer.normalizer) : nil
    for token in tokenizer.specialTokens {
      added[token.id] =
        token.normalized
        ? (try? normalizer?.normalize(token.content)) ?? token.content : token.content
    }
  }

  /// What tokens leave after some steps.
  ///
  /// An added token that no vocabulary has is text: its characters are not taken for bytes, as
  /// Hugging Face's library does with those that happen to be of the byte alphabet.
  func table(
    _ steps: [Detokenizer], _ position: DecodingChain.Position
  ) throws(PatternError) -> TokenTextTable {
    var rest = steps[...]
    var readsBytes = false
    if case .byteLevel = rest.first {
      readsBytes = true
      rest = rest.dropFirst()
    }
    let chain = try DecodingChain(rest)
    var spellings = TokenTexts()
    var isPresent: [Bool] = []
    isPresent.reserveCapacity(tokenizer.idCount)
    for id in 0..<TokenID(tokenizer.idCount) {
      isPresent.append(true)
      if let token = tokenizer.model.vocabulary[id], holdsBytes || added[id] == nil {
        switch (readsBytes, holdsBytes) {
        case (true, true), (false, false): spellings.append(token)
        case (true, false): spellings.append(ByteAlphabet.bytes(spelled: token) ?? Array(token))
        case (false, true): spellings.append(added[id] ?? ByteAlphabet.spelling(of: token))
        }
      } else if let text = added[id] {
        let isSpelled = tokenizer.model.vocabulary[id] != nil || spellsAddedTokens
        spellings.append(readsBytes && isSpelled ? ByteAlphabet.bytes(spelled: text) ?? text : text)
      } else {
        spellings.append([])
        isPresent[Int(id)] = false
      }
    }
    let texts = try chain.apply(to: spellings, position)
    return TokenTextTable(count: texts.count) { id, bytes in
      bytes.append(contentsOf: texts[Int(id)])
      return isPresent[Int(id)]
    }
  }
}
