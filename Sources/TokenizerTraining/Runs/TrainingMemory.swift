/// What training on counted words takes at its peak, by what there is to learn from. The figures are
/// measured on corpora of several languages and sizes; the README has how near they come.
public struct TrainingMemory: Sendable, Equatable {
  /// Bytes of a process that has next to no words.
  var standing: Int
  /// Bytes for each distinct word.
  var perWord: Double
  /// Bytes for each byte of distinct words.
  var perByte: Double

  static let bytePairs = TrainingMemory(standing: 40_000_000, perWord: 60, perByte: 8)
  static let characterPairs = TrainingMemory(standing: 40_000_000, perWord: 60, perByte: 8)
  static let wordPieces = TrainingMemory(standing: 40_000_000, perWord: 60, perByte: 8)
  static let unigram = TrainingMemory(standing: 60_000_000, perWord: 60, perByte: 30)

  /// Bytes that may be resident at once.
  public func needed(words: Int, bytes: Int) -> Int {
    standing + Int(perWord * Double(words)) + Int(perByte * Double(bytes))
  }
}
