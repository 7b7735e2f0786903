/// The neutral value in the middle of everything: trainers make it, files hold it, encoders,
/// decoders, comparison and embeddings start from it.
///
/// A value may be shared by any number of threads and tasks. What it needs to encode and decode is made
/// when it is first asked to, and shared by its copies; changing a property starts anew.
public struct Tokenizer: Sendable {
  public var normalizer: Normalizer { didSet { coders = CoderPool() } }
  public var preTokenizer: PreTokenizer { didSet { coders = CoderPool() } }
  public var model: TokenizerModel { didSet { coders = CoderPool() } }
  /// Special and added tokens, by id.
  public var specialTokens: [SpecialToken] {
    didSet {
      coders = CoderPool()
      sortSpecialTokens()
    }
  }
  /// What `addSpecial` puts around the ids of a text.
  public var postProcessor: PostProcessor { didSet { coders = CoderPool() } }
  /// How tokens become text again.
  public var detokenizer: Detokenizer { didSet { coders = CoderPool() } }
  /// What a file says of the lengths of encodings; `EncodingOptions` say whether it is applied.
  public var truncation: Truncation?
  public var padding: Padding?
  /// What encodes and decodes.
  private(set) var coders = CoderPool()

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
    sortSpecialTokens()
  }

  private mutating func sortSpecialTokens() {
    for (token, next) in zip(specialTokens, specialTokens.dropFirst()) where token.id > next.id {
      return specialTokens.sort { $0.id < $1.id }
    }
  }

  /// One more than the highest id of any token: the number of rows of an embedding table.
  public var idCount: Int {
    max(model.vocabulary.count, specialTokens.last.map { Int($0.id) + 1 } ?? 0)
  }

  /// What the vocabulary has for an id, or the text of a special token; `nil` where the id has none.
  /// A token that continues a word has its prefix.
  ///
  /// - Complexity: O(log special tokens).
  public func bytes(of id: TokenID) -> ArraySlice<UInt8>? {
    model.vocabulary[id] ?? specialToken(of: id).map { $0.content[...] }
  }

  /// The name of a token as `tokenizer.json` has it: `Ġhello` in byte-level models, and the text of a
  /// special token as it is.
  public func spelling(of id: TokenID) -> [UInt8]? {
    if let special = specialToken(of: id) { return special.content }
    return bytes(of: id).map { model.holdsBytes ? ByteAlphabet.spelling(of: $0) : Array($0) }
  }

  /// The id of the special token, or of the token of the vocabulary, that has these bytes.
  ///
  /// - Complexity: O(tokens).
  public func id(of token: [UInt8]) -> TokenID? {
    specialTokens.first { $0.content == token }?.id ?? model.vocabulary.firstID(of: token)
  }

  /// The first special or added token with an id.
  private func specialToken(of id: TokenID) -> SpecialToken? {
    var (lower, upper) = (0, specialTokens.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if specialTokens[middle].id < id { lower = middle + 1 } else { upper = middle }
    }
    return lower < specialTokens.count && specialTokens[lower].id == id
      ? specialTokens[lower] : nil
  }
}
