/// What turns one pre-token into tokens.
public enum TokenizerModel: Sendable {
  case bpe(BPEModel)
  case wordPiece(WordPieceModel)
  case unigram(UnigramModel)
  case wordLevel(WordLevelModel)

  /// Its tokens by id; what a token's bytes mean is the family's own.
  public var vocabulary: Vocabulary {
    switch self {
    case .bpe(let model): model.vocabulary
    case .wordPiece(let model): model.vocabulary
    case .unigram(let model): model.vocabulary
    case .wordLevel(let model): model.vocabulary
    }
  }

  /// Whether tokens are bytes, not the characters that stand for them where text is spelled in the
  /// byte alphabet.
  var holdsBytes: Bool {
    if case .bpe(let model) = self { model.base == .bytes } else { false }
  }

  /// Stands for text that has no token.
  public var unknownID: TokenID? {
    if case .unigram(let model) = self { return model.unknownID }
    return unknownToken.isEmpty ? nil : vocabulary.firstID(of: unknownToken)
  }

  /// The text of that token; empty where there is none.
  var unknownToken: [UInt8] {
    switch self {
    case .bpe(let model): model.characterBase?.unknownToken ?? []
    case .wordPiece(let model): model.unknownToken
    case .unigram(let model):
      model.unknownID.flatMap { vocabulary[$0] }.map(Array.init) ?? []
    case .wordLevel(let model): model.unknownToken
    }
  }

  /// The byte that a token stands for where text falls back to bytes.
  public func fallbackByte(of id: TokenID) -> UInt8? {
    switch self {
    case .bpe(let model) where model.characterBase?.fallsBackToBytes ?? false:
      model.vocabulary[id].flatMap { ByteFallback.byte(spelled: $0) }
    case .unigram(let model) where Int(id) < model.kinds.count && model.kinds[Int(id)] == .byte:
      model.vocabulary[id].flatMap { ByteFallback.byte(spelled: $0) }
    default: nil
    }
  }
}
