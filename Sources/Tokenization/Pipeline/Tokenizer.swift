/// The neutral value in the middle of everything: trainers make it, files hold it, encoders,
/// decoders, comparison and embeddings start from it.
public struct Tokenizer: Sendable {
  public var normalizer: Normalizer
  public var preTokenizer: PreTokenizer
  public var model: TokenizerModel
  /// Special and added tokens, by id.
  public var specialTokens: [SpecialToken]
  /// What `addSpecial` puts around the ids of a text.
  public var postProcessor: PostProcessor

  public init(
    normalizer: Normalizer, preTokenizer: PreTokenizer, model: TokenizerModel,
    specialTokens: [SpecialToken] = [], postProcessor: PostProcessor = .none
  ) {
    self.normalizer = normalizer
    self.preTokenizer = preTokenizer
    self.model = model
    self.specialTokens = specialTokens
    self.postProcessor = postProcessor
  }

  /// One more than the highest id of any token: the number of rows of an embedding table.
  public var idCount: Int {
    switch model {
    case .bpe(let model):
      max(model.vocabulary.count, specialTokens.reduce(0) { max($0, Int($1.id) + 1) })
    }
  }

  /// What a token stands for: its bytes, or the text of a special token; `nil` where the id has none.
  public func bytes(of id: TokenID) -> ArraySlice<UInt8>? {
    switch model {
    case .bpe(let model):
      model.vocabulary[id] ?? specialTokens.first { $0.id == id }.map { $0.content[...] }
    }
  }
}
