import Primitives

/// Normalizer, post-processor and decoder of `tokenizer.json`, as far as byte-level models use them,
/// and the pre-tokenizer between them.
enum HuggingFacePipeline {
  static func read(_ root: ModelField) throws(FormatError) -> (
    normalizer: Normalizer, preTokenizer: PreTokenizer, postProcessor: PostProcessor
  ) {
    var normalizer = Normalizer.none
    if let field = root.optional("normalizer") {
      normalizer = try HuggingFaceNormalizer.read(field)
    }
    let field = try root.required("pre_tokenizer")
    let preTokenizer = try HuggingFacePreTokenizer.read(field)
    guard preTokenizer.endsInBytes else {
      throw field.unsupported("a pre-tokenizer of this model that does not end with ByteLevel")
    }
    let decoder = try root.required("decoder")
    guard try decoder.type() == "ByteLevel" else {
      throw decoder.unsupported("the decoder \(try decoder.type())")
    }
    var postProcessor = PostProcessor.none
    if let field = root.optional("post_processor") {
      postProcessor = try read(postProcessor: field)
    }
    return (normalizer, preTokenizer, postProcessor)
  }

  private static func read(postProcessor field: ModelField) throws(FormatError) -> PostProcessor {
    let type = try field.type()
    switch type {
    case "ByteLevel":
      return .byteLevel(try HuggingFacePreTokenizer.byteLevel(field))
    case "TemplateProcessing": return .template(try TemplateProcessing.read(field))
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
    HuggingFacePreTokenizer.write(
      ByteLevelSettings(addsPrefixSpace: true, usesPattern: true), to: &file)
  }
}
