import Primitives

/// `tokenizer.model`, the file of SentencePiece: pieces with scores, the rules of normalization, and
/// how it was trained (sentencepiece_model.proto, `ModelProto`).
///
/// Fields that nobody here knows are kept when a file is read and written again.
public struct SentencePieceFile: Sendable {
  public enum Algorithm: Int, Sendable {
    case unigram = 1
    case bpe = 2
    case word = 3
    case character = 4
  }

  /// One line of the vocabulary; its id is its place.
  public struct Piece: Sendable, Equatable {
    public var text: [UInt8]
    public var score: Float
    public var kind: PieceKind

    public init(text: [UInt8], score: Float, kind: PieceKind) {
      self.text = text
      self.score = score
      self.kind = kind
    }
  }

  public let pieces: SentencePieceList
  /// `TrainerSpec`, field by field.
  var trainer: ProtobufMessage
  /// `NormalizerSpec`, field by field.
  var normalizer: ProtobufMessage
  /// Whether SentencePiece has rules for what it decodes, which are those of a normalizer.
  private(set) var changesDecodedText = false
  /// What else the file holds.
  private var rest: [ProtobufMessage.Field] = []

  init(pieces: [Piece], trainer: ProtobufMessage, normalizer: ProtobufMessage) {
    self.pieces = SentencePieceList(pieces)
    self.trainer = trainer
    self.normalizer = normalizer
  }

  private enum Number {
    static let pieces = 1
    static let trainer = 2
    static let normalizer = 3
    static let denormalizer = 5
  }

  /// Reads a file.
  ///
  /// - Throws: `FormatError.protobuf` for bytes that are no such file, `.unsupported`,
  ///   `.duplicateToken`.
  public init(reading bytes: [UInt8]) throws(FormatError) {
    guard bytes.count <= UInt32.max else {
      throw .protobuf(offset: 0, reason: "files of 4 GB and more are not read")
    }
    var (trainer, normalizer) = (ProtobufMessage(), ProtobufMessage())
    var denormalizer = ProtobufMessage()
    var rest: [ProtobufMessage.Field] = []
    pieces = try bytes.withUnsafeBufferPointer { (file) throws(FormatError) in
      var pieces = SentencePieceListReader()
      var fields = ProtobufReader(file, 0..<file.count)
      while let (number, value) = try fields.next() {
        // A message that is there twice is both, one behind the other.
        switch (number, value) {
        case (Number.pieces, .bytes(let range)): try pieces.append(file, range)
        case (Number.trainer, .bytes(let range)):
          trainer.append(try ProtobufMessage(reading: bytes, range).fields)
        case (Number.normalizer, .bytes(let range)):
          normalizer.append(try ProtobufMessage(reading: bytes, range).fields)
        default:
          if case (Number.denormalizer, .bytes(let range)) = (number, value) {
            denormalizer.append(try ProtobufMessage(reading: bytes, range).fields)
          }
          rest.append(ProtobufMessage.Field(number, value, of: bytes))
        }
      }
      return pieces.list
    }
    (self.trainer, self.normalizer, self.rest) = (trainer, normalizer, rest)
    changesDecodedText = denormalizer.bytes(NormalizerField.charsmap)?.isEmpty == false
    guard !pieces.isEmpty else { throw .missing(field: "pieces") }
    guard pieces.kinds.contains(.unknown) else {
      throw .missing(field: "pieces of type UNKNOWN")
    }
  }

  /// The file.
  public var bytes: [UInt8] {
    var message = ProtobufMessage()
    for piece in pieces {
      var fields = ProtobufMessage()
      fields.append(1, piece.text)
      fields.append(2, piece.score)
      if piece.kind != .normal { fields.append(3, Int(piece.kind.rawValue)) }
      message.append(Number.pieces, fields.encoded)
    }
    message.append(Number.trainer, trainer.encoded)
    message.append(Number.normalizer, normalizer.encoded)
    var bytes = message.encoded
    var kept = ProtobufMessage()
    kept.append(rest)
    bytes.append(contentsOf: kept.encoded)
    return bytes
  }

  /// `tokenizer.vocab`: a line for each piece, its text, a tab, its score as C++ prints it.
  public var vocabularyList: [UInt8] {
    var text: [UInt8] = []
    for piece in pieces {
      text.append(contentsOf: piece.text)
      text.append(0x09)
      Self.append(piece.score, to: &text)
      text.append(0x0A)
    }
    return text
  }

  /// Six significant digits, as C++ prints them; ranks, which BPE has for scores, without detours.
  private static func append(_ score: Float, to text: inout [UInt8]) {
    if score == score.rounded(), abs(score) < 1_000_000 {
      if score.sign == .minus { text.append(UInt8(ascii: "-")) }
      text.append(contentsOf: String(Int(abs(score))).utf8)
    } else {
      text.append(contentsOf: ShortDecimal.text(score).utf8)
    }
  }

  public var algorithm: Algorithm? { Algorithm(rawValue: trainer.integer(3) ?? 1) }
}
