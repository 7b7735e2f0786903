import Primitives

/// The pieces of a SentencePiece model by id, the fields of all in one place each.
public struct SentencePieceList: Sendable, RandomAccessCollection {
  public typealias Piece = SentencePieceFile.Piece

  /// Their texts.
  let vocabulary: Vocabulary
  let scores: [Float]
  let kinds: [PieceKind]

  public init(_ pieces: [Piece]) {
    vocabulary = Vocabulary(tokens: pieces.map(\.text))
    scores = pieces.map(\.score)
    kinds = pieces.map(\.kind)
  }

  init(vocabulary: Vocabulary, scores: [Float], kinds: [PieceKind]) {
    self.vocabulary = vocabulary
    self.scores = scores
    self.kinds = kinds
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { kinds.count }

  public subscript(id: Int) -> Piece {
    Piece(text: text(of: id), score: scores[id], kind: kinds[id])
  }

  func text(of id: Int) -> [UInt8] { vocabulary[TokenID(id)].map(Array.init) ?? [] }

  /// Ids of the pieces of some kinds, ascending.
  func ids(_ isMember: (PieceKind) -> Bool) -> [TokenID] {
    kinds.indices.filter { isMember(kinds[$0]) }.map { TokenID($0) }
  }

  /// Whether the mark of a blank stands anywhere but at the start of pieces that text becomes.
  var haveInnerBlanks: Bool {
    vocabulary.bytes.withUnsafeBufferPointer { bytes in
      var id = 0
      for place in 0..<Swift.max(0, bytes.count - 2)
      where bytes[place] == 0xE2 && bytes[place + 1] == 0x96 && bytes[place + 2] == 0x81 {
        while Int(vocabulary.offsets[id + 1]) <= place { id += 1 }
        if kinds[id].isText && place > Int(vocabulary.offsets[id]) { return true }
      }
      return false
    }
  }
}

/// Reads the pieces of a model one after the other.
struct SentencePieceListReader: ~Copyable {
  private var builder = VocabularyBuilder(tokenCount: 1 << 12, byteCount: 1 << 16)
  private var scores: [Float] = []
  private var kinds: [PieceKind] = []

  /// - Parameter range: where the piece stands in the file.
  mutating func append(
    _ file: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) throws(FormatError) {
    var text: Range<Int>?
    var score: Float?
    var kind: UInt64?
    // Of a field that is there twice the last counts, whatever its type.
    var reader = ProtobufReader(file, range)
    while let (number, value) = try reader.next() {
      switch (number, value) {
      case (1, .bytes(let range)): text = range
      case (2, .fixed32(let bits)): score = Float(bitPattern: bits)
      case (3, .varint(let number)): kind = number
      case (1, _): text = nil
      case (2, _): score = nil
      case (3, _): kind = nil
      default: break
      }
    }
    try append(file.extracting(text ?? 0..<0), score ?? 0, kind: kind ?? 1)
  }

  private mutating func append(
    _ text: UnsafeBufferPointer<UInt8>, _ score: Float, kind: UInt64
  ) throws(FormatError) {
    func field(_ name: String) -> String { "pieces[\(kinds.count)].\(name)" }
    guard !text.isEmpty, UTF8Validation.isValid(text) else {
      throw .wrongType(field: field("piece"), expected: "a text")
    }
    guard score.isFinite else {
      throw .wrongType(field: field("score"), expected: "a finite number")
    }
    guard let kind = PieceKind(rawValue: UInt8(clamping: Int64(bitPattern: kind))) else {
      throw .wrongType(field: field("type"), expected: "1 to 6")
    }
    builder.append(text)
    scores.append(score)
    kinds.append(kind)
  }

  var list: SentencePieceList {
    SentencePieceList(vocabulary: builder.vocabulary, scores: scores, kinds: kinds)
  }
}
