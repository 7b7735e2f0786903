/// The neutral value in the middle of everything: trainers make it, files hold it, encoders,
/// decoders, comparison and embeddings start from it.
public struct Tokenizer: Sendable {
  public var normalizer: Normalizer
  public var preTokenizer: PreTokenizer
  public var model: TokenizerModel
  /// Special and added tokens, by id.
  public var specialTokens: [SpecialToken]

  public init(
    normalizer: Normalizer, preTokenizer: PreTokenizer, model: TokenizerModel,
    specialTokens: [SpecialToken] = []
  ) {
    self.normalizer = normalizer
    self.preTokenizer = preTokenizer
    self.model = model
    self.specialTokens = specialTokens
  }
}
