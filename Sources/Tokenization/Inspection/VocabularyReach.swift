/// Which tokens of a vocabulary a text can become.
///
/// Both answers are certain: a token is reached if a text was found that becomes it, and unreachable
/// if the model, the cuts or the normalization rule it out whatever the text (`UnreachableProof`).
/// What neither shows is left in doubt. A text is any string of bytes, UTF-8 or not; special tokens in
/// it are text.
public struct VocabularyReach: Sendable, Equatable {
  /// Number of tokens that a text was found for.
  public let reachedCount: Int
  /// Tokens that no text becomes, ascending.
  public let unreachable: [TokenID]
  /// Tokens of which neither is shown, ascending.
  public let doubtful: [TokenID]
  /// Number of tokens that are not made from text at all: special ones, and the unknown token.
  public let exemptCount: Int

  /// - Throws: `TokenizerError.pattern` where a pattern that normalizes special tokens does not come
  ///   to an end.
  /// - Complexity: O(bytes of all tokens) where most are reached by their own text; for the others
  ///   some hundred texts each are encoded, up to 16 MB in all.
  public init(_ compiled: CompiledTokenizer) throws(TokenizerError) {
    let tokenizer = compiled.tokenizer
    let exempt = Self.exemptIDs(of: tokenizer)
    var witnesses = ReachWitnesses(try TokenEncoder(compiled, cacheBytes: 1 << 16))
    witnesses.tryBytes()
    let proof = UnreachableProof(compiled)
    var (reachedCount, exemptCount) = (0, 0)
    var (unreachable, doubtful): ([TokenID], [TokenID]) = ([], [])
    for id in 0..<TokenID(tokenizer.idCount) where tokenizer.model.vocabulary.has(id) {
      if exempt.contains(id) {
        exemptCount += 1
      } else if witnesses.reach(id, easily: true) {
        reachedCount += 1
      } else if proof.excludes(id) {
        unreachable.append(id)
      } else {
        doubtful.append(id)
      }
    }
    doubtful.removeAll { id in
      let isReached = witnesses.reach(id, easily: false)
      reachedCount += isReached ? 1 : 0
      return isReached
    }
    for token in tokenizer.specialTokens where !tokenizer.model.vocabulary.has(token.id) {
      // An added word is found wherever it stands.
      if token.isSpecial { exemptCount += 1 } else { reachedCount += 1 }
    }
    self.reachedCount = reachedCount
    self.exemptCount = exemptCount
    self.unreachable = unreachable
    self.doubtful = doubtful
  }

  /// What stands for boundaries, roles and text without a token.
  private static func exemptIDs(of tokenizer: Tokenizer) -> Set<TokenID> {
    var ids = Set(tokenizer.specialTokens.filter(\.isSpecial).map(\.id))
    if let unknown = tokenizer.model.unknownID { ids.insert(unknown) }
    for isPair in [false, true] {
      for piece in tokenizer.postProcessor.pieces(isPair: isPair, addsSpecialTokens: true) ?? [] {
        if case .special(_, _, let added, _) = piece { ids.formUnion(added) }
      }
    }
    if case .unigram(let model) = tokenizer.model {
      for (id, kind) in model.kinds.enumerated() where kind == .control || kind == .unknown {
        ids.insert(TokenID(id))
      }
    }
    return ids
  }
}

extension Vocabulary {
  /// Whether an id has a token.
  fileprivate func has(_ id: TokenID) -> Bool { self[id] != nil }
}
