/// Pieces with scores: of all ways to cut a text into pieces, the one with the greatest sum is taken
/// (Kudo 2018, section 3.2).
public struct UnigramModel: Sendable {
  /// Texts by id, UTF-8.
  public var vocabulary: Vocabulary
  /// Natural logarithms of probabilities, by id.
  public var scores: [Float]
  /// By id.
  public var kinds: [PieceKind]
  /// Stands for characters that no piece covers.
  public var unknownID: TokenID

  /// - Precondition: as many scores and kinds as ids, `unknownID` among them.
  public init(
    vocabulary: Vocabulary, scores: [Float], kinds: [PieceKind], unknownID: TokenID
  ) {
    precondition(scores.count == vocabulary.count && kinds.count == vocabulary.count)
    precondition(Int(unknownID) < vocabulary.count)
    self.vocabulary = vocabulary
    self.scores = scores
    self.kinds = kinds
    self.unknownID = unknownID
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

  /// The byte that a piece of this spelling stands for.
  static func byte(spelled text: some Collection<UInt8>) -> UInt8? {
    guard text.count == 6, text.starts(with: Array("<0x".utf8)), text.dropFirst(5).first == 0x3E
    else { return nil }
    return UInt8(String(decoding: text.dropFirst(3).prefix(2), as: UTF8.self), radix: 16)
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
