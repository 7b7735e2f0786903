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
    try read(try ModelField.root(of: bytes))
  }

  static func read(_ root: ModelField) throws(FormatError) -> Tokenizer {
    try refuse(root, "truncation")
    try refuse(root, "padding")
    let addedTokens = try AddedTokens.read(root.optional("added_tokens"))
    let model = try root.required("model")
    let pipeline = try HuggingFacePipeline(root, family: HuggingFaceModel.family(of: model))
    return try pipeline.tokenizer(
      HuggingFaceModel.read(
        model, isByteLevel: pipeline.isByteLevel, addedTokens: addedTokens), addedTokens)
  }

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
      file.null()
      file.key("padding")
      file.null()
      file.key("added_tokens")
      AddedTokens.write(tokenizer.specialTokens, to: &file)
      HuggingFacePipeline.write(tokenizer, preTokenizer: preTokenizer, to: &file)
      file.key("model")
      HuggingFaceModel.write(tokenizer, to: &file)
    }
    return writer.bytes
  }

  private static func refuse(_ root: ModelField, _ name: StaticString) throws(FormatError) {
    if root.optional(name) != nil { throw .unsupported(feature: "\(name)") }
  }
}
