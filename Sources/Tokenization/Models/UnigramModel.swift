/// Pieces with scores: of all ways to cut a text into pieces, the one with the greatest sum is taken
/// (Kudo 2018, section 3.2).
public struct UnigramModel: Sendable {
  /// Texts by id, UTF-8.
  public var vocabulary: Vocabulary
  /// Natural logarithms of probabilities, by id. SentencePiece's are single precision.
  public var scores: [Double]
  /// By id; Hugging Face's rules know none but the unknown one.
  public var kinds: [PieceKind]
  /// Stands for characters that no piece covers; `nil`: a text with such characters cannot be
  /// encoded.
  public var unknownID: TokenID?
  /// Whose ids a text becomes.
  public var rules: Rules

  /// In both libraries a later way through a text wins only if it is better; they differ in the
  /// precision of sums, and in which pieces are text.
  public enum Rules: Sendable, Equatable {
    case sentencePiece
    /// `fallsBackToBytes`: whether unknown text becomes its bytes, where each has a piece.
    case huggingFace(fallsBackToBytes: Bool)
  }

  /// - Precondition: as many scores and kinds as ids, `unknownID` among them; SentencePiece's rules
  ///   need one.
  public init(
    vocabulary: Vocabulary, scores: [Double], kinds: [PieceKind], unknownID: TokenID?,
    rules: Rules = .sentencePiece
  ) {
    precondition(scores.count == vocabulary.count && kinds.count == vocabulary.count)
    precondition(unknownID.map { Int($0) < vocabulary.count } ?? (rules != .sentencePiece))
    self.vocabulary = vocabulary
    self.scores = scores
    self.kinds = kinds
    self.unknownID = unknownID
    self.rules = rules
  }

  /// Ids of the 256 byte pieces by byte; `nil` unless all are there.
  var byteIDs: [TokenID]? { ByteFallback.ids(in: vocabulary, kinds: kinds) }
}

/// Pieces that stand for single bytes, spelled `<0x00>` to `<0xFF>`.
public enum ByteFallback {
  public static func spelling(of byte: UInt8) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return Array("<0x".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      + [UInt8(ascii: ">")]
  }

  /// The byte that a piece of this spelling stands for; two digits, and nothing that other parsers
  /// of numbers take besides, such as a sign.
  static func byte(spelled text: some Collection<UInt8>) -> UInt8? {
    guard text.count == 6, text.starts(with: Array("<0x".utf8)), text.dropFirst(5).first == 0x3E
    else { return nil }
    let digits = text.dropFirst(3).prefix(2).compactMap { digit(UInt32($0)) }
    return digits.count == 2 ? digits[0] << 4 | digits[1] : nil
  }

  private static func digit(_ character: UInt32) -> UInt8? {
    switch character {
    case 0x30...0x39: UInt8(character - 0x30)
    case 0x41...0x46: UInt8(character - 0x41 + 10)
    case 0x61...0x66: UInt8(character - 0x61 + 10)
    default: nil
    }
  }

  static func ids(in vocabulary: Vocabulary, kinds: [PieceKind]) -> [TokenID]? {
    var ids = [TokenID?](repeating: nil, count: 256)
    for id in kinds.indices where kinds[id] == .byte {
      if let text = vocabulary[TokenID(id)], let byte = byte(spelled: text) {
        ids[Int(byte)] = TokenID(id)
      }
    }
    let known = ids.compactMap { $0 }
    return known.count == 256 ? known : nil
  }
}
