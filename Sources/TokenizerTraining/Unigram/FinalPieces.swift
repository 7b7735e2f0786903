import Primitives
import Tokenization

/// The vocabulary that comes out: every required character, then the pieces of the highest scores
/// (SentencePiece 0.2.3, `FinalizeSentencePieces`).
struct FinalPieces {
  private let texts: [[UInt8]]
  private let scores: [Float]
  /// By falling score, equal ones by bytes.
  private let order: [Int]
  private let required: [[UInt8]]
  private let requiredSymbols: [UInt32]

  /// What comes out.
  struct Vocabulary {
    /// By falling score, equal ones by their bytes.
    var pieces: [UnigramTrainingResult.Piece]
    /// Numbers of those that were learned.
    var kept: [UInt32]
    /// The others: symbols of characters, and their scores.
    var lone: [(symbol: UInt32, score: Float)]
  }

  init(
    _ text: borrowing UnigramText, _ pieces: borrowing UnigramPieces,
    _ characters: RequiredCharacters
  ) {
    let spellings = text.alphabet.texts
    var texts: [[UInt8]] = []
    texts.reserveCapacity(pieces.count)
    for piece in 0..<pieces.count {
      let place = Int(pieces.places[piece])
      var bytes: [UInt8] = []
      for offset in 0..<pieces.length(of: piece) {
        bytes += spellings[Int(text.symbols[place + offset])]
      }
      texts.append(bytes)
    }
    let scores = pieces.scores
    order = texts.indices.sorted { a, b in
      scores[a] != scores[b]
        ? scores[a] > scores[b] : texts[a].lexicographicallyPrecedes(texts[b])
    }
    self.texts = texts
    self.scores = scores
    requiredSymbols = text.alphabet.pieces.map(\.symbol)
    required = requiredSymbols.map { spellings[Int($0)] }
  }

  /// Up to `count` pieces; more where so many characters are required.
  func vocabulary(_ count: Int) -> Vocabulary {
    var characters: [[UInt8]: UInt32?] = [:]
    for text in required { characters[text] = .some(nil) }
    for (piece, text) in texts.enumerated() where characters[text] != nil {
      characters[text] = .some(UInt32(piece))
    }
    let least = scores.min() ?? 0
    var penalty: Float = 0
    var result = Vocabulary(pieces: [], kept: [], lone: [])
    for (symbol, text) in zip(requiredSymbols, required) {
      if let known = characters[text], let piece = known {
        result.kept.append(piece)
      } else {
        // Each one its own score, the frequent ones the lower: so it is there, too.
        result.lone.append((symbol, least + penalty))
        result.pieces.append(.init(text: text, score: least + penalty))
        penalty += 0.0001
      }
    }
    for piece in order where characters[texts[piece]] == nil {
      if result.kept.count + result.lone.count >= count { break }
      result.kept.append(UInt32(piece))
    }
    for piece in result.kept {
      result.pieces.append(.init(text: texts[Int(piece)], score: scores[Int(piece)]))
    }
    result.pieces.sort { a, b in
      a.score != b.score ? a.score > b.score : a.text.lexicographicallyPrecedes(b.text)
    }
    return result
  }
}
