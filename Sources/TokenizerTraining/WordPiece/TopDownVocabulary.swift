import Primitives

/// A piece of more than one character that the top-down learner may keep.
struct RankedPiece {
  /// Occurrences that no longer kept piece has.
  var count: UInt64
  var node: Int
  /// Where it stands in the words, and how many symbols it has.
  var place: Int
  var length: Int

  func bytes(in text: borrowing TopDownText) -> [UInt8] {
    text.spelling.text(
      of: UnsafeBufferPointer(start: text.symbols.base + place, count: length))
  }

  /// Those that come first: by falling count, equal counts by the bytes of their tokens.
  ///
  /// - Complexity: O(pieces log pieces); only those as frequent as the last are spelled.
  static func first(
    _ limit: Int, of pieces: [RankedPiece], _ text: borrowing TopDownText
  ) -> [RankedPiece] {
    guard pieces.count > limit else { return pieces }
    guard limit > 0 else { return [] }
    let last = pieces.map(\.count).sorted(by: >)[limit - 1]
    let certain = pieces.filter { $0.count > last }
    var ties: [(bytes: [UInt8], piece: RankedPiece)] = []
    for piece in pieces where piece.count == last { ties.append((piece.bytes(in: text), piece)) }
    ties.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    return certain + ties.prefix(limit - certain.count).map(\.piece)
  }
}

/// What the top-down learner gives for one size.
struct TopDownVocabulary {
  /// Special tokens, then the characters that begin words by code point, then all others by falling
  /// remaining count, equal counts by their bytes: TensorFlow Text's `generate_final_vocabulary`.
  let tokens: [[UInt8]]
  let threshold: UInt64
  var stop: EarlyStop?
  var corpusTokens: UInt64 = 0

  /// - Parameter characterCounts: by symbol.
  init(
    _ text: borrowing TopDownText, _ pieces: [RankedPiece], characterCounts: [UInt64],
    threshold: UInt64
  ) {
    var others = text.spelling.continuations.map {
      (count: characterCounts[Int($0.symbol)], bytes: $0.text)
    }
    for piece in pieces { others.append((piece.count, piece.bytes(in: text))) }
    others.sort { a, b in
      a.count != b.count ? a.count > b.count : a.bytes.lexicographicallyPrecedes(b.bytes)
    }
    tokens = text.spelling.specialTokens + text.spelling.beginnings + others.map(\.bytes)
    self.threshold = threshold
  }
}
