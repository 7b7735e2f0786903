import Primitives

/// What training on counted words takes, by what there is to learn from: figures that were measured on
/// corpora of several languages and sizes.
public struct TrainingCost: Sendable, Equatable {
  /// Bytes of a process that has next to no words.
  var standing: Double
  /// Bytes for each distinct word.
  var perWord: Double
  /// Bytes for each byte of distinct words.
  var perByte: Double
  /// Seconds for each million bytes of distinct words: once, and for each doubling of the tokens.
  var secondsOnce: Double
  var secondsPerDoubling: Double
  /// Seconds for each thousand tokens.
  var secondsPerThousand: Double

  static let bytePairs = TrainingCost(
    standing: 21e6, perWord: 0, perByte: 9.5, secondsOnce: 0.025, secondsPerDoubling: 0.0033,
    secondsPerThousand: 0.0022)
  static let characterPairs = TrainingCost(
    standing: 15e6, perWord: 73, perByte: 5.2, secondsOnce: 0.035, secondsPerDoubling: 0.001,
    secondsPerThousand: 0.009)
  static let wordPieces = TrainingCost(
    standing: 16e6, perWord: 0, perByte: 13, secondsOnce: 0.04, secondsPerDoubling: 0.002,
    secondsPerThousand: 0.0028)
  static let unigram = TrainingCost(
    standing: 31e6, perWord: 0, perByte: 18.5, secondsOnce: 0.55, secondsPerDoubling: 0,
    secondsPerThousand: 0)

  /// Bytes that may be resident at once.
  public func memory(words: Int, bytes: Int) -> Int {
    Int(standing + perWord * Double(words) + perByte * Double(bytes))
  }

  /// Seconds on two cores of the machine on which the figures were measured.
  ///
  /// - Parameters:
  ///   - bytes: of distinct words.
  ///   - tokens: that are learned.
  public func seconds(bytes: Int, tokens: Int) -> Double {
    let doublings = RealFunctions.log(1 + Double(tokens) / 100) / RealFunctions.log(2)
    return Double(bytes) / 1e6 * (secondsOnce + secondsPerDoubling * doublings)
      + Double(tokens) / 1000 * secondsPerThousand
  }
}
