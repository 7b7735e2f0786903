import Primitives

/// Normalizer, pre-tokenizer, post-processor and decoder of `tokenizer.json`, as far as byte-level
/// models use them.
enum HuggingFacePipeline {
  static func read(_ root: ModelField) throws(FormatError) -> (
    normalizer: Normalizer, preTokenizer: PreTokenizer, postProcessor: PostProcessor
  ) {
    var normalizer = Normalizer.none
    if let field = root.optional("normalizer") {
      normalizer = try HuggingFaceNormalizer.read(field)
    }
    let preTokenizer = try read(preTokenizer: try root.required("pre_tokenizer"))
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

  /// Any number of splits, and the byte alphabet behind them.
  private static func read(preTokenizer field: ModelField) throws(FormatError) -> PreTokenizer {
    var steps = [field]
    if try field.type() == "Sequence" { steps = try field.required("pretokenizers").fields() }
    var preTokenizer = PreTokenizer.none
    guard let last = steps.popLast(), try last.type() == "ByteLevel" else {
      throw field.unsupported("a pre-tokenizer that does not end with ByteLevel")
    }
    for step in steps {
      guard try step.type() == "Split" else {
        throw step.unsupported("the pre-tokenizer \(try step.type())")
      }
      preTokenizer.steps.append(.split(try read(split: step)))
    }
    if try last.flag("add_prefix_space", default: true) {
      throw last.unsupported("add_prefix_space")
    }
    if try last.flag("use_regex", default: true) {
      if let pattern = NamedPattern.gpt2.pattern { preTokenizer.steps.append(.split(pattern)) }
    }
    return preTokenizer
  }

  private static func read(split field: ModelField) throws(FormatError) -> SplitPattern {
    let pattern = try field.required("pattern")
    guard let regex = pattern.optional("Regex") else {
      throw field.unsupported("a split at a text")
    }
    let behavior = try field.required("behavior")
    guard behavior.value.isString("Isolated"), try !field.flag("invert", default: false) else {
      throw field.unsupported("a split that is not isolated")
    }
    return SplitPattern(String(decoding: try regex.string(), as: UTF8.self), dialect: .huggingFace)
  }

  private static func read(postProcessor field: ModelField) throws(FormatError) -> PostProcessor {
    let type = try field.type()
    switch type {
    case "ByteLevel":
      return .byteLevel(
        PostProcessor.ByteLevelSettings(
          addsPrefixSpace: try field.flag("add_prefix_space", default: true),
          trimsOffsets: try field.flag("trim_offsets", default: true),
          usesPattern: try field.flag("use_regex", default: true)))
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

  /// The patterns of a pre-tokenizer as Hugging Face's engine reads them.
  static func patternTexts(of preTokenizer: PreTokenizer) throws(FormatError) -> [String] {
    var texts: [String] = []
    for case .split(let pattern) in preTokenizer.steps {
      guard let text = pattern.huggingFaceText else {
        throw .unsupported(feature: "tokenizer.json with the pattern \(pattern.text)")
      }
      texts.append(text)
    }
    return texts
  }

  /// The members from `normalizer` to `decoder`.
  static func write(_ tokenizer: Tokenizer, patterns: [String], to file: inout JSONWriter) {
    file.key("normalizer")
    HuggingFaceNormalizer.write(tokenizer.normalizer, to: &file)
    file.key("pre_tokenizer")
    write(patterns: patterns, to: &file)
    file.key("post_processor")
    switch tokenizer.postProcessor {
    case .none: file.null()
    case .byteLevel(let settings): write(settings, to: &file)
    case .template(let template): TemplateProcessing.write(template, to: &file)
    }
    file.key("decoder")
    write(
      PostProcessor.ByteLevelSettings(
        addsPrefixSpace: true, trimsOffsets: true, usesPattern: true), to: &file)
  }

  /// GPT-2's pattern belongs to the byte-level step itself; other patterns stand before it.
  private static func write(patterns: [String], to file: inout JSONWriter) {
    let own = patterns.last.map { $0 == NamedPattern.gpt2.huggingFaceText } ?? false
    let splits = own ? patterns.dropLast() : patterns[...]
    let settings = PostProcessor.ByteLevelSettings(
      addsPrefixSpace: false, trimsOffsets: true, usesPattern: own)
    if splits.isEmpty {
      write(settings, to: &file)
      return
    }
    file.object { file in
      file.key("type")
      file.string("Sequence")
      file.key("pretokenizers")
      file.array { list in
        for text in splits { write(split: text, to: &list) }
        write(settings, to: &list)
      }
    }
  }

  private static func write(split text: String, to file: inout JSONWriter) {
    file.object { file in
      file.key("type")
      file.string("Split")
      file.key("pattern")
      file.object { pattern in
        pattern.key("Regex")
        pattern.string(text)
      }
      file.key("behavior")
      file.string("Isolated")
      file.key("invert")
      file.boolean(false)
    }
  }

  private static func write(
    _ settings: PostProcessor.ByteLevelSettings, to file: inout JSONWriter
  ) {
    file.object { file in
      file.key("type")
      file.string("ByteLevel")
      file.key("add_prefix_space")
      file.boolean(settings.addsPrefixSpace)
      file.key("trim_offsets")
      file.boolean(settings.trimsOffsets)
      file.key("use_regex")
      file.boolean(settings.usesPattern)
    }
  }
}
