import Tokenization

/// A character and how often it occurs in all sentences.
public struct CountedCharacter: Sendable, Equatable {
  public var scalar: UInt32
  public var count: UInt64

  public init(scalar: UInt32, count: UInt64) {
    self.scalar = scalar
    self.count = count
  }
}

/// The characters that get a piece each: the most frequent ones, until so large a part of the text is
/// covered (SentencePiece 0.2.3, `trainer_interface.cc`, `LoadSentences`).
public struct RequiredCharacters: Sendable, Equatable {
  /// By falling count, equal counts by rising code point.
  public let characters: [CountedCharacter]
  /// Different characters that are left out, and their occurrences.
  public let leftOut: CountedCharacters

  public struct CountedCharacters: Sendable, Equatable {
    public var characters = 0
    public var occurrences: UInt64 = 0
  }

  /// - Parameters:
  ///   - characters: in any order, each once; the boundary among them, blanks and NUL not.
  ///   - coverage: compared in single precision, as there.
  ///   - listed: characters that are taken first, whether they occur or not.
  public init(of characters: [CountedCharacter], coverage: Float, listed: [UInt32] = []) {
    let isListed = Set(listed.filter { $0 != 0 })
    let known = Set(characters.map(\.scalar))
    let all =
      characters
      + isListed.subtracting(known).map { CountedCharacter(scalar: $0, count: 0) }
    let order = all.sorted { a, b in
      let (first, second) = (isListed.contains(a.scalar), isListed.contains(b.scalar))
      if first != second { return first }
      return a.count != b.count ? a.count > b.count : a.scalar < b.scalar
    }
    let total = characters.reduce(0) { $0 + Double($1.count) }
    var accumulated: Double = 0
    var required: [CountedCharacter] = []
    var leftOut = CountedCharacters()
    for (place, character) in order.enumerated() {
      if total > 0, Float(accumulated / total) >= coverage {
        for rest in order[place...] where rest.scalar != PieceRules.boundary {
          leftOut.characters += 1
          leftOut.occurrences += rest.count
        }
        break
      }
      accumulated += Double(character.count)
      if character.scalar != PieceRules.boundary { required.append(character) }
    }
    self.leftOut = leftOut
    self.characters = required.sorted { a, b in
      a.count != b.count ? a.count > b.count : a.scalar < b.scalar
    }
  }
}
