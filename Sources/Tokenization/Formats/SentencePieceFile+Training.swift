/// What a trainer says of itself in `tokenizer.model`.
extension SentencePieceFile {
  /// Numbers of `TrainerSpec` that are written or matter when text is encoded.
  enum TrainerField {
    static let algorithm = 3
    static let vocabularySize = 4
    static let characterCoverage = 10
    static let maximumSentenceLength = 18
    static let maximumPieceLength = 20
    static let splitsByScript = 21
    static let splitsByWhitespace = 22
    static let splitsByNumber = 23
    static let whitespaceIsSuffix = 24
    static let splitsDigits = 25
    static let allowsWhitespaceOnly = 26
    static let controlSymbols = 30
    static let userSymbols = 31
    static let byteFallback = 35
    static let unknownID = 40
    static let beginID = 41
    static let endID = 42
    static let paddingID = 43
    static let unknownSurface = 44
    static let unknownPiece = 45
    static let beginPiece = 46
    static let endPiece = 47
    static let paddingPiece = 48
  }

  /// Numbers of `NormalizerSpec`.
  enum NormalizerField {
    static let name = 1
    static let charsmap = 2
    static let addsDummyPrefix = 3
    static let removesExtraSpaces = 4
    static let escapesSpaces = 5
  }

  /// The options of a run that `TrainerSpec` has fields for.
  public struct Training: Sendable {
    public typealias Fixed = (id: Int, text: [UInt8])

    let algorithm: Algorithm
    let vocabularySize: Int
    let characterCoverage: Float
    let maximumSentenceBytes: Int?
    let maximumPieceLength: Int
    let splitsByScript: Bool
    let splitsByNumber: Bool
    let splitsByWhitespace: Bool
    let whitespaceIsSuffix: Bool
    let allowsWhitespaceOnly: Bool
    let splitsDigits: Bool
    let control: [[UInt8]]
    let userDefined: [[UInt8]]
    let byteFallback: Bool
    let unknown: Fixed
    let begin: Fixed
    let end: Fixed
    let padding: Fixed

    public init(
      algorithm: Algorithm, vocabularySize: Int, characterCoverage: Float,
      maximumSentenceBytes: Int?, maximumPieceLength: Int, splitsByScript: Bool,
      splitsByNumber: Bool, splitsByWhitespace: Bool, whitespaceIsSuffix: Bool,
      allowsWhitespaceOnly: Bool, splitsDigits: Bool, control: [[UInt8]], userDefined: [[UInt8]],
      byteFallback: Bool, unknown: Fixed, begin: Fixed, end: Fixed, padding: Fixed
    ) {
      self.algorithm = algorithm
      self.vocabularySize = vocabularySize
      self.characterCoverage = characterCoverage
      self.maximumSentenceBytes = maximumSentenceBytes
      self.maximumPieceLength = maximumPieceLength
      self.splitsByScript = splitsByScript
      self.splitsByNumber = splitsByNumber
      self.splitsByWhitespace = splitsByWhitespace
      self.whitespaceIsSuffix = whitespaceIsSuffix
      self.allowsWhitespaceOnly = allowsWhitespaceOnly
      self.splitsDigits = splitsDigits
      self.control = control
      self.userDefined = userDefined
      self.byteFallback = byteFallback
      self.unknown = unknown
      self.begin = begin
      self.end = end
      self.padding = padding
    }
  }

  /// The file of a run.
  public init(
    pieces: [Piece], training: Training, normalizerName: String, charsmap: Charsmap,
    normalization: SentencePieceNormalization
  ) {
    self.init(
      pieces: pieces, trainer: Self.message(training),
      normalizer: Self.message(normalizerName, charsmap, normalization))
  }

  private static func message(_ training: Training) -> ProtobufMessage {
    var fields = ProtobufMessage()
    fields.append(TrainerField.algorithm, training.algorithm.rawValue)
    fields.append(TrainerField.vocabularySize, training.vocabularySize)
    fields.append(TrainerField.characterCoverage, training.characterCoverage)
    if let bytes = training.maximumSentenceBytes {
      fields.append(TrainerField.maximumSentenceLength, bytes)
    }
    fields.append(TrainerField.maximumPieceLength, training.maximumPieceLength)
    fields.append(TrainerField.splitsByScript, training.splitsByScript)
    fields.append(TrainerField.splitsByWhitespace, training.splitsByWhitespace)
    fields.append(TrainerField.splitsByNumber, training.splitsByNumber)
    fields.append(TrainerField.whitespaceIsSuffix, training.whitespaceIsSuffix)
    fields.append(TrainerField.splitsDigits, training.splitsDigits)
    fields.append(TrainerField.allowsWhitespaceOnly, training.allowsWhitespaceOnly)
    for symbol in training.control { fields.append(TrainerField.controlSymbols, symbol) }
    for symbol in training.userDefined { fields.append(TrainerField.userSymbols, symbol) }
    fields.append(TrainerField.byteFallback, training.byteFallback)
    let fixed = [training.unknown, training.begin, training.end, training.padding]
    for (offset, piece) in fixed.enumerated() {
      fields.append(TrainerField.unknownID + offset, piece.id)
    }
    for (offset, piece) in fixed.enumerated() {
      fields.append(TrainerField.unknownPiece + offset, piece.text)
    }
    return fields
  }

  private static func message(
    _ name: String, _ charsmap: Charsmap, _ normalization: SentencePieceNormalization
  ) -> ProtobufMessage {
    var fields = ProtobufMessage()
    fields.append(NormalizerField.name, Array(name.utf8))
    fields.append(NormalizerField.charsmap, charsmap.precompiled)
    fields.append(NormalizerField.addsDummyPrefix, normalization.addsDummyPrefix)
    fields.append(NormalizerField.removesExtraSpaces, normalization.removesExtraSpaces)
    fields.append(NormalizerField.escapesSpaces, normalization.escapesSpaces)
    return fields
  }
}
