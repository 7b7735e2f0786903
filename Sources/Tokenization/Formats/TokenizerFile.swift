/// Reads a tokenizer from bytes of any format that toktrain knows, told apart by content.
public enum TokenizerFile {
  /// Name of the file that a trained directory is loaded from.
  public static let nameInDirectory = "tokenizer.json"

  /// - Throws: `FormatError.unrecognized` if the bytes start like none of the formats; what the
  ///   format's own reader throws otherwise.
  public static func load(_ bytes: [UInt8]) throws(FormatError) -> Tokenizer {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    let first = start.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard first == UInt8(ascii: "{") else {
      throw .unrecognized(firstBytes: Array(bytes.prefix(16)))
    }
    return try HuggingFaceTokenizer.read(bytes)
  }

  /// Reads a tokenizer that a trainer of ours made: text is normalized by the data by which it was
  /// trained.
  public static func load(
    _ bytes: [UInt8], trainedAs record: TrainingRecord
  ) throws(FormatError) -> (tokenizer: Tokenizer, warnings: [ModelWarning]) {
    var tokenizer = try load(bytes)
    tokenizer.normalizer.unicode = record.unicode
    var warnings: [ModelWarning] = []
    if record.icu != .installed && !tokenizer.normalizer.steps.isEmpty {
      warnings.append(
        .otherICU(trained: record.icu, installed: .installed, unicode: record.unicode))
    }
    return (tokenizer, warnings)
  }
}
