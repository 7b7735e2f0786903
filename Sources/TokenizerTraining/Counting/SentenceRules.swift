import NativeBridges
import Tokenization

/// How sentences become words where SentencePiece's trainers are followed: each is normalized by
/// itself and cut at the marks of blanks (`trainer_interface.cc`, `LoadSentences`;
/// `model_interface.cc`, `SplitIntoWords`).
public struct SentenceRules: Sendable, Equatable {
  /// What the mark of a blank, U+2581, does to words; `.free`: a sentence is one.
  public var whitespace = SentencePieceCuts.Whitespace.begins
  /// `allow_whitespace_only_pieces`: a row of marks stays in one word.
  public var keepsRowsOfBlanks = false
  /// Longer sentences are left out, in bytes before normalization; `nil`: none is.
  public var maximumBytes: Int?
  /// Whether sentences with U+2585, SentencePiece's stand-in for rare characters, are left out.
  public var skipsReservedCharacter = false
  /// Whether words carry what follows them, and so are counted apart: at the end of a sentence
  /// `endMark`, and where blanks end words the next character.
  public var marksFollowers = false

  public init() {}

  /// Why a sentence is left out before it is normalized.
  enum Skip {
    case tooLong, reservedCharacter
  }

  private static let reserved: [UInt8] = [0xE2, 0x96, 0x85]

  func skip(_ sentence: UnsafeBufferPointer<UInt8>) -> Skip? {
    if let maximumBytes, sentence.count > maximumBytes { return .tooLong }
    if skipsReservedCharacter,
      tt_find(sentence.baseAddress, sentence.count, Self.reserved, Self.reserved.count) != nil
    {
      return .reservedCharacter
    }
    return nil
  }

  /// No byte of UTF-8: what normalization gives is always that.
  static let endMark: UInt8 = 0xFF
}

/// Sentences that a rule left out: none is lost in silence.
public struct SkippedSentences: Sendable, Equatable {
  /// Longer than the limit.
  public var tooLong = 0
  /// With U+2585 in them.
  public var withReservedCharacter = 0

  public init() {}

  mutating func add(_ other: SkippedSentences) {
    tooLong += other.tooLong
    withReservedCharacter += other.withReservedCharacter
  }
}
