import Tokenization

/// What SentencePiece's trainers can be asked for, whatever they train: its options with its defaults.
public struct SentencePieceOptions: Sendable {
  public var vocabularySize = 8000
  /// Rules of normalization and what becomes of blanks.
  public var normalization = SentencePieceNormalization()
  /// Part of the text, 0.98 to 1, whose characters get a piece each.
  public var characterCoverage = 0.9995
  /// Characters (Unicode scalars) that get a piece whether they are frequent or not.
  public var requiredCharacters: [UInt32] = []
  public var metaPieces = MetaPieces()
  /// What may be a piece.
  public var pieces = PieceRules()
  /// Longer sentences are left out, in bytes; `nil`: none is.
  public var maximumSentenceBytes: Int?
  /// Whether sentences with U+2585 are left out, as SentencePiece does.
  public var skipsReservedCharacter = false

  /// The part of the sentences that is learned from; `nil`: all. SentencePiece draws others.
  public var sample: DocumentSample?

  public init() {}

  /// Everything that can be wrong before anything is read.
  func validate() throws(SentencePieceTrainingError) {
    guard (0.98...1).contains(characterCoverage) else {
      throw .coverageOutOfRange(characterCoverage)
    }
    guard (1...512).contains(pieces.maximumLength) else {
      throw .pieceLengthOutOfRange(pieces.maximumLength)
    }
    _ = try metaPieces.placed(vocabularySize: vocabularySize)
  }

  /// How sentences become words. `marksFollowers`: whether it matters what stands behind one.
  func sentences(marksFollowers: Bool) -> SentenceRules {
    var rules = SentenceRules()
    rules.whitespace = pieces.cuts.whitespace
    rules.keepsRowsOfBlanks = pieces.allowsWhitespaceOnly
    rules.maximumBytes = maximumSentenceBytes
    rules.skipsReservedCharacter = skipsReservedCharacter
    rules.marksFollowers = marksFollowers
    return rules
  }
}
