import Primitives

/// `tokenizer.json`, the file of the Hugging Face `tokenizers` library (version 1.0, as 0.23 writes
/// it): a whole pipeline in one JSON object.
///
/// What it writes, Hugging Face reads, encodes with to the same ids, and writes again byte for byte.
public enum HuggingFaceTokenizer {
  /// Reads a file.
  ///
  /// - Throws: `FormatError`, naming the field or token at fault, or the feature that is missing.
  public static func read(_ bytes: [UInt8]) throws(FormatError) -> Tokenizer {
    try readWithWarnings(bytes).tokenizer
  }

  /// Reads a file, and says which of its members mean nothing to toktrain.
  ///
  /// - Throws: as `read`.
  public static func readWithWarnings(
    _ bytes: [UInt8]
  ) throws(FormatError) -> (tokenizer: Tokenizer, warnings: [ModelWarning]) {
    try readWithWarnings(try ModelField.root(of: bytes))
  }

  static func readWithWarnings(
    _ root: ModelField
  ) throws(FormatError) -> (tokenizer: Tokenizer, warnings: [ModelWarning]) {
    if let version = root.optional("version"), !version.value.isString("1.0") {
      throw .unsupported(
        feature: "version \(quoted(version.value.string ?? [])) of tokenizer.json, other than 1.0,")
    }
    let addedTokens = try AddedTokens.read(root.optional("added_tokens"))
    let pipeline = try HuggingFacePipeline(root)
    let model = try root.required("model")
    var tokenizer = pipeline.tokenizer(
      try HuggingFaceModel.read(
        model, spellsBytes: pipeline.spellsBytes, addedTokens: addedTokens), addedTokens)
    tokenizer.truncation =
      try root.optional("truncation").map(HuggingFaceLengths.readTruncation)
    tokenizer.padding = try root.optional("padding").map(HuggingFaceLengths.readPadding)
    let unknown =
      root.names(otherThan: members) + model.names(otherThan: HuggingFaceModel.members)
    return (tokenizer, unknown.isEmpty ? [] : [.unknownFields(unknown)])
  }

  private static let members: [StaticString] = [
    "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer",
    "post_processor", "decoder", "model",
  ]

  /// Reads what stands behind `pre_tokenizer` in a file, alone.
  public static func readPreTokenizer(_ bytes: [UInt8]) throws(FormatError) -> PreTokenizer {
    try HuggingFacePreTokenizer.read(try ModelField.root(of: bytes, name: "pre_tokenizer"))
  }

  /// Writes a file.
  ///
  /// - Throws: `FormatError.unsupported` for a pattern that Hugging Face's engine cannot run, and for
  ///   a normalization that its library does not have.
  public static func write(_ tokenizer: Tokenizer) throws(FormatError) -> [UInt8] {
    try HuggingFaceNormalizer.check(tokenizer.normalizer)
    var preTokenizer = try HuggingFacePreTokenizer.writable(tokenizer.preTokenizer)
    // The vocabulary is written in the byte alphabet, whether the pieces were spelled in it or not.
    if case .bpe(let model) = tokenizer.model, model.base == .bytes, !preTokenizer.endsInBytes {
      preTokenizer.steps.append(
        .byteLevel(ByteLevelSettings(addsPrefixSpace: false, usesPattern: false)))
    }
    var writer = JSONWriter(layout: .pretty)
    writer.object { file in
      file.key("version")
      file.string("1.0")
      file.key("truncation")
      HuggingFaceLengths.write(tokenizer.truncation, to: &file)
      file.key("padding")
      HuggingFaceLengths.write(tokenizer.padding, to: &file)
      file.key("added_tokens")
      AddedTokens.write(tokenizer.specialTokens, to: &file)
      HuggingFacePipeline.write(tokenizer, preTokenizer: preTokenizer, to: &file)
      file.key("model")
      HuggingFaceModel.write(tokenizer, to: &file)
    }
    return writer.bytes
  }
}
