import Tokenization

/// What SentencePiece's trainers learn from: the distinct words of all sentences, and where they stood.
public struct SentenceWords: Sendable {
  /// Words as normalized UTF-8, the mark of a blank where SentencePiece has it. What parts pieces is
  /// U+001F.
  public private(set) var words: PreTokenCounts
  /// By word: how often it was the last one of its sentence; empty where nobody asked.
  public private(set) var endCounts: [UInt64]
  /// Characters that follow words inside sentences; empty: U+2581 does.
  var followers: [WordFollower] = []
  /// Characters that the sentence behind a word at the end of one begins with.
  var endFollowers: [WordFollower] = []
  /// Whether those are all; otherwise U+2581 is among those of every word that ends a sentence.
  var hasAllEndFollowers = false
  /// Whether the words are sentences in their order, as often as they occur.
  var isInOrder = false
  /// All characters that are counted, by falling count, equal ones by code point.
  public let characters: [CountedCharacter]

  public init(words: PreTokenCounts, endCounts: [UInt64]) {
    self.words = words
    self.endCounts = endCounts
    characters = Self.characters(of: words)
  }

  /// Hands the words over; nothing is left here.
  mutating func takeWords() -> PreTokenCounts {
    defer { words = PreTokenCounts(bytes: [], ends: [], counts: []) }
    return words
  }

  /// NUL and the blank itself are in no piece and not counted.
  private static func characters(of words: PreTokenCounts) -> [CountedCharacter] {
    var counts = [UInt64](repeating: 0, count: 0x11_0000)
    var highest = 0
    counts.withUnsafeMutableBufferPointer { counts in
      words.bytes.withUnsafeBufferPointer { bytes in
        var place = 0
        for word in 0..<words.wordCount {
          let end = words.ends[word]
          let weight = words.counts[word]
          while place < end {
            let (scalar, length) = CharacterSymbols.scalar(bytes, at: place)
            let (sum, overflows) = counts[Int(scalar)].addingReportingOverflow(weight)
            counts[Int(scalar)] = overflows ? .max : sum
            highest = max(highest, Int(scalar))
            place &+= length
          }
        }
      }
    }
    var characters: [CountedCharacter] = []
    for (scalar, count) in counts[...highest].enumerated()
    where count > 0 && scalar != 0 && scalar != 0x20 {
      characters.append(CountedCharacter(scalar: UInt32(scalar), count: count))
    }
    return characters.sorted { a, b in
      a.count != b.count ? a.count > b.count : a.scalar < b.scalar
    }
  }
}

/// A word, by its number, and a character that stands behind it.
struct WordFollower: Sendable, Equatable {
  /// Behind the last sentence.
  static let nothing = UInt32.max

  var word: UInt32
  var scalar: UInt32
}
