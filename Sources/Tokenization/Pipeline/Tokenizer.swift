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
  /// How tokens become text again.
  public var detokenizer: Detokenizer
  /// What a file says of the lengths of encodings; kept, not applied.
  public var truncation: Truncation?
  public var padding: Padding?

  public init(
    normalizer: Normalizer, preTokenizer: PreTokenizer, model: TokenizerModel,
    specialTokens: [SpecialToken] = [], postProcessor: PostProcessor = .none,
    detokenizer: Detokenizer = .bytes
  ) {
    self.normalizer = normalizer
    self.preTokenizer = preTokenizer
    self.model = model
    self.specialTokens = specialTokens
    self.postProcessor = postProcessor
    self.detokenizer = detokenizer
  }

  /// One more than the highest id of any token: the number of rows of an embedding table.
  public var idCount: Int {
    max(model.vocabulary.count, specialTokens.reduce(0) { max($0, Int($1.id) + 1) })
  }

  /// What the vocabulary has for an id, or the text of a special token; `nil` where the id has none.
  /// A token that continues a word has its prefix.
  public func bytes(of id: TokenID) -> ArraySlice<UInt8>? {
    model.vocabulary[id] ?? specialTokens.first { $0.id == id }.map { $0.content[...] }
  }

  /// The name of a token as `tokenizer.json` has it: `Ġhello` in byte-level models, and the text of a
  /// special token as it is.
  public func spelling(of id: TokenID) -> [UInt8]? {
    if let special = specialTokens.first(where: { $0.id == id }) { return special.content }
    return bytes(of: id).map { model.holdsBytes ? ByteAlphabet.spelling(of: $0) : Array($0) }
  }
}
