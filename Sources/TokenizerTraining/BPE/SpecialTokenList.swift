import Tokenization

/// The special tokens that a trainer is asked for.
enum SpecialTokenList {
  /// Without repeats, in the order in which they were given: that of their ids.
  ///
  /// - Throws: `.emptySpecialToken`.
  static func distinct(_ asked: [[UInt8]]) throws(BPETrainingError) -> [[UInt8]] {
    var seen: Set<[UInt8]> = []
    var tokens: [[UInt8]] = []
    for (index, token) in asked.enumerated() {
      if token.isEmpty { throw .emptySpecialToken(index: index) }
      if seen.insert(token).inserted { tokens.append(token) }
    }
    return tokens
  }

  /// With the ids that they have: those from 0 on.
  static func numbered(_ tokens: [[UInt8]]) -> [SpecialToken] {
    tokens.enumerated().map { SpecialToken(id: TokenID($0), content: $1) }
  }
}
