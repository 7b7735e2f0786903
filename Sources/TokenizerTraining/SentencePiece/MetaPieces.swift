import Tokenization

/// Pieces of a SentencePiece vocabulary that are not learned, and the ids that are asked for them
/// (`trainer_interface.cc`, `InitMetaPieces`).
public struct MetaPieces: Sendable, Equatable {
  /// A piece with a place of its own.
  public struct Fixed: Sendable, Equatable {
    public var text: [UInt8]
    /// `nil`: there is no such piece.
    public var id: Int?

    public init(_ text: String, id: Int?) {
      self.text = Array(text.utf8)
      self.id = id
    }
  }

  public var unknown = Fixed("<unk>", id: 0)
  public var begin = Fixed("<s>", id: 1)
  public var end = Fixed("</s>", id: 2)
  public var padding = Fixed("<pad>", id: nil)
  /// Never made from text; they take the lowest free ids, in this order.
  public var control: [[UInt8]] = []
  /// Taken from text as they stand; they follow.
  public var userDefined: [[UInt8]] = []
  /// Whether 256 pieces stand for bytes of characters without a piece; they come last.
  public var fallsBackToBytes = false

  public init() {}

  /// A piece with its final place.
  struct Placed: Equatable {
    let id: Int
    let text: [UInt8]
    var kind: PieceKind
  }

  /// All of them by id.
  ///
  /// - Throws: `SentencePieceTrainingError` for ids or texts that contradict each other.
  func placed(vocabularySize: Int) throws(SentencePieceTrainingError) -> [Placed] {
    var byID: [Int: Placed] = [:]
    guard unknown.id != nil else { throw .noUnknownPiece }
    let kinds = [PieceKind.unknown, .control, .control, .control]
    for (fixed, kind) in zip([unknown, begin, end, padding], kinds) {
      guard let id = fixed.id else { continue }
      if fixed.text.isEmpty { throw .emptyPiece }
      guard id >= 0, id < vocabularySize else {
        throw .idOutOfRange(piece: fixed.text, id: id, vocabularySize: vocabularySize)
      }
      if let other = byID[id] { throw .idTaken(id: id, first: other.text, second: fixed.text) }
      byID[id] = Placed(id: id, text: fixed.text, kind: kind)
    }
    let bytes = fallsBackToBytes ? (UInt8.min...UInt8.max).map(ByteFallback.spelling(of:)) : []
    var seen: Set<[UInt8]> = []
    var next = 0
    for (texts, kind) in [
      (control, PieceKind.control), (userDefined, .userDefined), (bytes, .byte),
    ] {
      for text in texts {
        if text.isEmpty { throw .emptyPiece }
        guard seen.insert(text).inserted, text != unknown.text else { throw .pieceTwice(text) }
        if let fixed = [begin, end, padding].first(where: { $0.text == text }), let id = fixed.id {
          byID[id]?.kind = kind
          continue
        }
        while byID[next] != nil { next += 1 }
        byID[next] = Placed(id: next, text: text, kind: kind)
      }
    }
    let placed = byID.values.sorted { $0.id < $1.id }
    // Two of the fixed ones may have one text.
    var texts: Set<[UInt8]> = []
    for piece in placed where !texts.insert(piece.text).inserted { throw .pieceTwice(piece.text) }
    return placed
  }
}
