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
    required = text.alphabet.pieces.map { spellings[Int($0.symbol)] }
  }

  /// Up to `count` pieces by falling score, equal ones by their bytes.
  func pieces(_ count: Int) -> [UnigramTrainingResult.Piece] {
    var characters: [[UInt8]: Float?] = [:]
    for text in required { characters[text] = .some(nil) }
    for (text, score) in zip(texts, scores) where characters[text] != nil {
      characters[text] = .some(score)
    }
    let least = scores.min() ?? 0
    var penalty: Float = 0
    var result: [UnigramTrainingResult.Piece] = []
    for text in required {
      if let known = characters[text], let score = known {
        result.append(.init(text: text, score: score))
      } else {
        // Each one its own score, the frequent ones the lower (so it is there, too).
        result.append(.init(text: text, score: least + penalty))
        penalty += 0.0001
      }
    }
    for piece in order where characters[texts[piece]] == nil {
      if result.count >= count { break }
      result.append(.init(text: texts[piece], score: scores[piece]))
    }
    return result.sorted { a, b in
      a.score != b.score ? a.score > b.score : a.text.lexicographicallyPrecedes(b.text)
    }
  }
}
