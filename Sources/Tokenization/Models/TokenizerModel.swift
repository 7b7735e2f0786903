/// What turns one pre-token into tokens.
public enum TokenizerModel: Sendable {
  case bpe(BPEModel)
  case wordPiece(WordPieceModel)

  /// Its tokens by id; what a token's bytes mean is the family's own.
  public var vocabulary: Vocabulary {
    switch self {
    case .bpe(let model): model.vocabulary
    case .wordPiece(let model): model.vocabulary
    }
  }
}
