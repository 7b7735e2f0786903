import Primitives

/// What stands around the model in `tokenizer.json`: normalizer, pre-tokenizer, post-processor and
/// decoder, as far as the family of the model uses them.
struct HuggingFacePipeline {
  private let normalizer: Normalizer
  private let preTokenizer: PreTokenizer
  private let postProcessor: PostProcessor
  private let detokenizer: Detokenizer
  /// Whether pieces of text are bytes, and tokens are spelled in the byte alphabet.
  let isByteLevel: Bool

  init(_ root: ModelField, family: HuggingFaceModel.Family) throws(FormatError) {
    normalizer = try root.optional("normalizer").map(HuggingFaceNormalizer.read) ?? .none
    postProcessor = try root.optional("post_processor").map(Self.read(postProcessor:)) ?? .none
    detokenizer = try Self.readDecoder(try root.required("decoder"), family)
    isByteLevel = detokenizer == .bytes
    preTokenizer = try Self.readPreTokenizer(root, family, isByteLevel: isByteLevel)
  }

  /// The pipeline around a model.
  func tokenizer(_ model: TokenizerModel, _ addedTokens: [SpecialToken]) -> Tokenizer {
    Tokenizer(
      normalizer: normalizer, preTokenizer: preTokenizer, model: model,
      specialTokens: addedTokens, postProcessor: postProcessor, detokenizer: detokenizer)
  }

  private static func readPreTokenizer(
    _ root: ModelField, _ family: HuggingFaceModel.Family, isByteLevel: Bool
  ) throws(FormatError) -> PreTokenizer {
    guard let field = root.optional("pre_tokenizer") else {
      // A vocabulary of bytes needs a step that makes them.
      if isByteLevel { _ = try root.required("pre_tokenizer") }
      return .none
    }
    let preTokenizer = try HuggingFacePreTokenizer.read(field)
    guard preTokenizer.endsInBytes == isByteLevel else {
      throw field.unsupported(
        "a pre-tokenizer of this \(family.rawValue) model that "
          + (isByteLevel ? "does not end" : "ends") + " with ByteLevel")
    }
    return preTokenizer
  }

  private static func readDecoder(
    _ decoder: ModelField, _ family: HuggingFaceModel.Family
  ) throws(FormatError) -> Detokenizer {
    switch (family, try decoder.type()) {
    case (.bpe, "ByteLevel"): return .bytes
    case (.bpe, "Sequence"), (.unigram, "Sequence"): return try SentencePieceDecoder.read(decoder)
    case (.wordPiece, "WordPiece"):
      return .wordPiece(
        prefix: try decoder.required("prefix").string(),
        cleansUp: try decoder.required("cleanup").boolean())
    case (_, let type):
      throw decoder.unsupported("the decoder \(type) of a \(family.rawValue) model")
    }
  }

  private static func read(postProcessor field: ModelField) throws(FormatError) -> PostProcessor {
    let type = try field.type()
    switch type {
    case "ByteLevel":
      return .byteLevel(try HuggingFacePreTokenizer.byteLevel(field))
    case "TemplateProcessing": return .template(try TemplateProcessing.read(field))
    case "BertProcessing": return .template(try TemplateProcessing.readBERT(field))
    case "Sequence":
      // Byte-level steps do not touch ids; at most one other step may.
      var result = PostProcessor.none
      for step in try field.required("processors").fields() {
        let processor = try read(postProcessor: step)
        switch (result, processor) {
        case (.template, .template): throw field.unsupported("two templates")
        case (.template, _): break
        default: result = processor
        }
      }
      return result
    default: throw field.unsupported("the post-processor \(type)")
    }
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
    switch tokenizer.postProcessor {
    case .none: file.null()
    case .byteLevel(let settings): HuggingFacePreTokenizer.write(settings, to: &file)
    case .template(let template): TemplateProcessing.write(template, to: &file)
    }
    file.key("decoder")
    switch tokenizer.detokenizer {
    case .bytes:
      HuggingFacePreTokenizer.write(
        ByteLevelSettings(addsPrefixSpace: true, usesPattern: true), to: &file)
    case .wordPiece(let prefix, let cleansUp):
      file.object { file in
        file.key("type")
        file.string("WordPiece")
        file.key("prefix")
        file.string(prefix)
        file.key("cleanup")
        file.boolean(cleansUp)
      }
    case .sentencePiece(let shown, let front):
      SentencePieceDecoder.write(
        unknown: (tokenizer.model.unknownToken, shown), front: front, to: &file)
    }
  }
}
