/// What turns one pre-token into tokens.
public enum TokenizerModel: Sendable {
  case bpe(BPEModel)
  case wordPiece(WordPieceModel)
  case unigram(UnigramModel)

  /// Its tokens by id; what a token's bytes mean is the family's own.
  public var vocabulary: Vocabulary {
    switch self {
    case .bpe(let model): model.vocabulary
    case .wordPiece(let model): model.vocabulary
    case .unigram(let model): model.vocabulary
    }
  }

  /// Stands for text that has no token; `nil` where there is none, or only its text is known.
  var unknownID: TokenID? {
    switch self {
    case .bpe(let model): model.characterBase?.unknown
    case .wordPiece: nil
    case .unigram(let model): model.unknownID
    }
  }

  /// The text of that token; empty where there is none.
  var unknownToken: [UInt8] {
    if case .wordPiece(let model) = self { return model.unknownToken }
    return unknownID.flatMap { vocabulary[$0] }.map(Array.init) ?? []
  }

  /// The byte that a token stands for where text falls back to bytes.
  func fallbackByte(of id: TokenID) -> UInt8? {
    switch self {
    case .bpe(let model) where model.characterBase?.fallsBackToBytes ?? false:
      model.vocabulary[id].flatMap { ByteFallback.byte(spelled: $0) }
    case .unigram(let model) where model.kinds[Int(id)] == .byte:
      model.vocabulary[id].flatMap { ByteFallback.byte(spelled: $0) }
    default: nil
    }
  }
}
