/// Reads a tokenizer from bytes of any format that toktrain knows, told apart by content.
public enum TokenizerFile {
  /// Names of the files that a directory is loaded from, the first that is there. What SentencePiece's
  /// own file says, `tokenizer.json` says less exactly; other programs mean the latter where both
  /// are.
  public static func namesInDirectory(isOurs: Bool) -> [String] {
    isOurs
      ? ["tokenizer.model", "tokenizer.json"]
      : ["tokenizer.json", "tokenizer.model", "tekken.json", RankFile.fileName]
  }

  /// - Parameter sidecar: what stands beside a rank file; nothing else has one.
  /// - Throws: `FormatError.unrecognized` if the bytes start like none of the formats; what the
  ///   format's own reader throws otherwise.
  public static func load(
    _ bytes: [UInt8], sidecar: RankSidecar? = nil
  ) throws(FormatError) -> Tokenizer {
    try loadWhole(bytes, sidecar: sidecar).tokenizer
  }

  /// As `load`, with what else the file says.
  public static func loadWhole(
    _ bytes: [UInt8], sidecar: RankSidecar? = nil
  ) throws(FormatError) -> LoadedTokenizer {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    if Self.startsSentencePieceFile(bytes) {
      let file = try SentencePieceFile(reading: bytes)
      return LoadedTokenizer(tokenizer: try file.tokenizer(), sentencePiece: file)
    }
    let first = start.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard first == UInt8(ascii: "{") else {
      if RankFile.isRankFile(bytes) {
        return LoadedTokenizer(
          tokenizer: try RankFile(reading: bytes, sidecar: sidecar).tokenizer())
      }
      if WordPieceList.isOne(bytes) {
        return LoadedTokenizer(tokenizer: try WordPieceList.read(bytes), custom: .bert)
      }
      throw .unrecognized(firstBytes: Array(bytes.prefix(16)))
    }
    let root = try ModelField.root(of: bytes)
    if TekkenFile.isTekken(root) {
      return LoadedTokenizer(tokenizer: try TekkenFile.read(root))
    }
    let (tokenizer, warnings) = try HuggingFaceTokenizer.readWithWarnings(root)
    return LoadedTokenizer(tokenizer: tokenizer, warnings: warnings)
  }

  /// The name under which a directory with the file is loaded from it.
  ///
  /// - Throws: as `loadWhole`, where the bytes start like none of the formats.
  static func nameInDirectory(of bytes: [UInt8]) throws(FormatError) -> String {
    if startsSentencePieceFile(bytes) { return "tokenizer.model" }
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    guard start.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) == UInt8(ascii: "{") else {
      if RankFile.isRankFile(bytes) { return RankFile.fileName }
      if WordPieceList.isOne(bytes) { return "vocab.txt" }
      throw .unrecognized(firstBytes: Array(bytes.prefix(16)))
    }
    return TekkenFile.isTekken(try ModelField.root(of: bytes)) ? "tekken.json" : "tokenizer.json"
  }

  /// A model begins with its first piece: field 1, its length, and again field 1 in it, the text.
  private static func startsSentencePieceFile(_ bytes: [UInt8]) -> Bool {
    bytes.count > 4 && bytes[0] == 0x0A && bytes[1] != 0 && (bytes[2] == 0x0A || bytes[3] == 0x0A)
  }

  /// Reads a tokenizer that a trainer of ours made: text is normalized by the data by which it was
  /// trained.
  public static func load(
    _ bytes: [UInt8], trainedAs record: TrainingRecord
  ) throws(FormatError) -> LoadedTokenizer {
    var loaded = try loadWhole(bytes)
    // SentencePiece's rules are in its file and depend on no ICU.
    if case .sentencePiece = loaded.tokenizer.normalizer.steps.first { return loaded }
    loaded.tokenizer.normalizer.unicode = record.unicode
    if record.icu != .installed && !loaded.tokenizer.normalizer.steps.isEmpty {
      loaded.warnings.append(
        .otherICU(trained: record.icu, installed: .installed, unicode: record.unicode))
    }
    return loaded
  }
}

/// A tokenizer as it was read from a file.
public struct LoadedTokenizer: Sendable {
  public var tokenizer: Tokenizer
  /// What should be known although the file can be used.
  public var warnings: [ModelWarning]
  /// The file, if it is one of SentencePiece's: it says more than the tokenizer.
  public var sentencePiece: SentencePieceFile?
  /// By whose custom text is prepared and cut, if the files do not say it.
  public var custom: Custom?

  /// The tokenizer whose files have the same form.
  public enum Custom: Sendable {
    /// `vocab.json` and `merges.txt`.
    case gpt2
    /// `vocab.txt`.
    case bert
  }

  public init(
    tokenizer: Tokenizer, warnings: [ModelWarning] = [], sentencePiece: SentencePieceFile? = nil,
    custom: Custom? = nil
  ) {
    self.tokenizer = tokenizer
    self.warnings = warnings
    self.sentencePiece = sentencePiece
    self.custom = custom
  }
}
