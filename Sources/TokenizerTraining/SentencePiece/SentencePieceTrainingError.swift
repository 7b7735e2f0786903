import Tokenization

/// Why pieces cannot be trained as asked for.
public enum SentencePieceTrainingError: Error, Equatable, CustomStringConvertible {
  case noUnknownPiece
  case emptyPiece
  case idOutOfRange(piece: [UInt8], id: Int, vocabularySize: Int)
  case idTaken(id: Int, first: [UInt8], second: [UInt8])
  case pieceTwice([UInt8])
  /// `--character-coverage` outside of 0.98...1.
  case coverageOutOfRange(Double)
  case pieceLengthOutOfRange(Int)
  /// Fewer ids than characters and other pieces need.
  case vocabularyTooSmall(asked: Int, metaPieces: Int, characters: Int)
  /// More ids than the corpus can fill.
  case vocabularyTooLarge(asked: Int, possible: Int)
  case noSentences
  /// A line of a list of seeds.
  case badSeed(line: Int, String)
  /// What ends merging.
  case merging(BPETrainingError)
  case tooManySymbols(Int, maximum: Int)
  case countsTooLarge
  case outOfMemory(bytes: Int)

  public var description: String {
    switch self {
    case .noUnknownPiece:
      "text that no piece covers needs the unknown piece; give it an id from 0 on"
    case .emptyPiece:
      "a piece without text was asked for; give each one at least one character"
    case .idOutOfRange(let piece, let id, let size):
      "the id \(id) of \(shown(piece)) is not within 0...\(size - 1); choose another"
    case .idTaken(let id, let first, let second):
      "the id \(id) is given to both \(shown(first)) and \(shown(second)); choose another for one"
    case .pieceTwice(let piece):
      "the piece \(shown(piece)) is asked for twice; leave one out"
    case .coverageOutOfRange(let coverage):
      "a character coverage of \(coverage) is not within 0.98...1"
    case .pieceLengthOutOfRange(let length):
      "a piece length of \(length) is not within 1...512"
    case .vocabularyTooSmall(let asked, let meta, let characters):
      "a vocabulary of \(asked) cannot hold \(characters) characters and \(meta) other pieces; "
        + "ask for at least \(meta + characters), or lower --character-coverage"
    case .vocabularyTooLarge(let asked, let possible):
      "the corpus gives \(possible) pieces, not \(asked); ask for at most \(possible), or give "
        + "more text"
    case .noSentences:
      "no sentence is left to learn from; give a corpus with text"
    case .badSeed(let line, let reason):
      "line \(line): \(reason)"
    case .merging(let error):
      "\(error)"
    case .tooManySymbols(let symbols, let maximum):
      "the distinct words have \(symbols) characters; at most \(maximum) can be trained on at once"
    case .countsTooLarge:
      "the counts of the words add up to more than 63 bits; give less text"
    case .outOfMemory(let bytes):
      "\(bytes) bytes of memory cannot be had; free some, or train on less text"
    }
  }

  private func shown(_ piece: [UInt8]) -> String { "'\(String(decoding: piece, as: UTF8.self))'" }
}
