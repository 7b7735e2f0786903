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
    try loadWithWarnings(bytes, sidecar: sidecar).tokenizer
  }

  /// As `load`, with what should be known of the file although it can be used.
  public static func loadWithWarnings(
    _ bytes: [UInt8], sidecar: RankSidecar? = nil
  ) throws(FormatError) -> (tokenizer: Tokenizer, warnings: [ModelWarning]) {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    if Self.startsSentencePieceFile(bytes) {
      return (try SentencePieceFile(reading: bytes).tokenizer(), [])
    }
    let first = start.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard first == UInt8(ascii: "{") else {
      if RankFile.isRankFile(bytes) {
        return (try RankFile(reading: bytes, sidecar: sidecar).tokenizer(), [])
      }
      if WordPieceList.isOne(bytes) { return (try WordPieceList.read(bytes), []) }
      throw .unrecognized(firstBytes: Array(bytes.prefix(16)))
    }
    let root = try ModelField.root(of: bytes)
    return TekkenFile.isTekken(root)
      ? (try TekkenFile.read(root), []) : try HuggingFaceTokenizer.readWithWarnings(root)
  }

  /// The file as SentencePiece has it; `nil` if it is of another format.
  public static func sentencePieceFile(
    _ bytes: [UInt8]
  ) throws(FormatError) -> SentencePieceFile? {
    startsSentencePieceFile(bytes) ? try SentencePieceFile(reading: bytes) : nil
  }

  /// A model begins with its first piece: field 1, its length, and again field 1 in it, the text.
  private static func startsSentencePieceFile(_ bytes: [UInt8]) -> Bool {
    bytes.count > 4 && bytes[0] == 0x0A && bytes[1] != 0 && (bytes[2] == 0x0A || bytes[3] == 0x0A)
  }

  /// Reads a tokenizer that a trainer of ours made: text is normalized by the data by which it was
  /// trained.
  public static func load(
    _ bytes: [UInt8], trainedAs record: TrainingRecord
  ) throws(FormatError) -> (tokenizer: Tokenizer, warnings: [ModelWarning]) {
    var (tokenizer, warnings) = try loadWithWarnings(bytes)
    // SentencePiece's rules are in its file and depend on no ICU.
    if case .sentencePiece = tokenizer.normalizer.steps.first { return (tokenizer, warnings) }
    tokenizer.normalizer.unicode = record.unicode
    if record.icu != .installed && !tokenizer.normalizer.steps.isEmpty {
      warnings.append(
        .otherICU(trained: record.icu, installed: .installed, unicode: record.unicode))
    }
    return (tokenizer, warnings)
  }
}
