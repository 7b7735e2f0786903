import Primitives

/// What stands around the model in `tokenizer.json`: normalizer, pre-tokenizer, post-processor and
/// decoder.
struct HuggingFacePipeline {
  private let normalizer: Normalizer
  private let preTokenizer: PreTokenizer
  private let postProcessor: PostProcessor
  private let detokenizer: Detokenizer

  init(_ root: ModelField) throws(FormatError) {
    normalizer = try root.optional("normalizer").map(HuggingFaceNormalizer.read) ?? .none
    preTokenizer = try root.optional("pre_tokenizer").map(HuggingFacePreTokenizer.read) ?? .none
    postProcessor =
      try root.optional("post_processor").map(HuggingFacePostProcessor.read) ?? .none
    detokenizer = try root.optional("decoder").map(HuggingFaceDecoder.read) ?? .none
  }

  /// Whether text is spelled in the byte alphabet in the end.
  var spellsBytes: Bool { preTokenizer.endsInBytes }

  /// The pipeline around a model.
  func tokenizer(_ model: TokenizerModel, _ addedTokens: [SpecialToken]) -> Tokenizer {
    Tokenizer(
      normalizer: normalizer, preTokenizer: preTokenizer, model: model,
      specialTokens: addedTokens, postProcessor: postProcessor, detokenizer: detokenizer)
  }

  /// The members from `normalizer` to `decoder`.
  static func write(
    _ tokenizer: Tokenizer, preTokenizer: PreTokenizer, to file: inout JSONWriter
  ) {
    file.key("normalizer")
    HuggingFaceNormalizer.write(tokenizer.normalizer, to: &file)
    file.key("pre_tokenizer")
    HuggingFacePreTokenizer.write(preTokenizer, to: &file)
    file.key("post_processor")
    HuggingFacePostProcessor.write(tokenizer.postProcessor, to: &file)
    file.key("decoder")
    HuggingFaceDecoder.write(HuggingFaceDecoder.writable(tokenizer), to: &file)
  }
}
