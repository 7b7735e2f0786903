/// What is added around the ids of a text when special tokens are asked for.
public enum PostProcessor: Sendable, Equatable {
  /// Nothing.
  case none
  /// Nothing: Hugging Face's step of that name moves offsets only. Its settings are kept for writing
  /// the file again.
  case byteLevel(ByteLevelSettings)
  /// Special tokens around one text, and around two.
  case template(Template)

  /// Sequences and special tokens in the order in which they come.
  public struct Template: Sendable, Equatable {
    /// For one text.
    public var single: [Piece]
    /// For a pair of texts.
    public var pair: [Piece]

    public init(single: [Piece], pair: [Piece]) {
      self.single = single
      self.pair = pair
    }

    /// `[CLS] A [SEP]`, and `[CLS] A [SEP] B [SEP]` with the second text and its end of type 1.
    public static func bert(classifier: SpecialToken, separator: SpecialToken) -> Template {
      func piece(_ token: SpecialToken, _ typeID: UInt32) -> Piece {
        .special(name: token.content, tokens: [token.content], ids: [token.id], typeID: typeID)
      }
      let single = [piece(classifier, 0), .sequence(0, typeID: 0), piece(separator, 0)]
      return Template(
        single: single, pair: single + [.sequence(1, typeID: 1), piece(separator, 1)])
    }
  }

  /// A part of a template.
  public enum Piece: Sendable, Equatable {
    /// The ids of a text: 0 is the first, 1 the second.
    case sequence(Int, typeID: UInt32)
    /// Special tokens by the name that the file gives them, UTF-8.
    case special(name: [UInt8], tokens: [[UInt8]], ids: [TokenID], typeID: UInt32)
  }

  /// Pieces around one text.
  public var single: [Piece] {
    switch self {
    case .none, .byteLevel: [.sequence(0, typeID: 0)]
    case .template(let template): template.single
    }
  }
}
