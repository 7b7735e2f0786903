/// What a piece of a SentencePiece model is for (`ModelProto.SentencePiece.Type`).
public enum PieceKind: UInt8, Sendable {
  case normal = 1
  /// Stands for text that no piece covers.
  case unknown = 2
  /// Never made from text: `<s>`, `</s>`.
  case control = 3
  /// Taken from text whenever it stands there.
  case userDefined = 4
  /// Not to be used any more.
  case unused = 5
  /// A byte of text that no other piece covers: `<0x41>`.
  case byte = 6

  /// Whether text is matched with the piece's own text.
  var isText: Bool { self == .normal || self == .userDefined }
}
