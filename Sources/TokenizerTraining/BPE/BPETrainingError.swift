/// Why byte-pair encodings, or WordPiece vocabularies, cannot be trained as asked.
public enum BPETrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Special tokens and single bytes alone need more tokens than were asked for.
  case vocabularyTooSmall(asked: Int, minimum: Int)
  /// More tokens than ids, which have 32 bits.
  case vocabularyTooLarge(asked: Int, maximum: Int)
  case maximumTokenLengthOutOfRange(Int)
  case alphabetLimitOutOfRange(Int)
  /// A special token without text, at its place in the list.
  case emptySpecialToken(index: Int)
  /// A special token with a line end, which `vocab.txt` cannot hold.
  case lineEndInSpecialToken(index: Int)
  /// Special tokens and characters alone need more tokens than were asked for.
  case alphabetTooLarge(asked: Int, specialTokens: Int, characters: Int)
  case characterLimitOutOfRange(Int)
  case emptyContinuingPrefix
  /// Longest word that encoders look at, in characters.
  case longestWordOutOfRange(Int)
  /// The token for words that cannot be spelled is no special token.
  case absentUnknownToken([UInt8])
  /// A word that is not UTF-8 has no characters.
  case illFormedWord([UInt8])
  /// There is no word to learn from.
  case noWords
  /// The corpus had words, in occurrences, but none that can be learned from.
  case noWordsLeft(tooLong: UInt64, unspelled: UInt64, longestWord: Int)
  /// Rounds of the top-down learner.
  case iterationsOutOfRange(Int)
  /// Part of the size by which a vocabulary may stay below it.
  case slackOutOfRange(Double)
  /// Most words to learn from.
  case wordLimitOutOfRange(Int)
  /// Bytes of the distinct words, with one for each word: positions have 32 bits.
  case tooManySymbols(Int, maximum: Int)
  /// Occurrences in all do not fit 63 bits.
  case countsTooLarge
  /// The system has no memory of that many bytes left.
  case outOfMemory(bytes: Int)

  public var description: String {
    switch self {
    case .vocabularyTooSmall(let asked, let minimum):
      "a vocabulary of \(asked) tokens has no room for the special tokens and single bytes: "
        + "ask for at least \(minimum)"
    case .vocabularyTooLarge(let asked, let maximum):
      "a vocabulary of \(asked) tokens has more than ids can number: ask for at most \(maximum)"
    case .maximumTokenLengthOutOfRange(let length):
      "a longest token of \(length) bytes is not possible: ask for 1 or more"
    case .alphabetLimitOutOfRange(let limit):
      "an alphabet limit of \(limit) bytes is not possible: ask for 1 to 256"
    case .emptySpecialToken(let index):
      "special token number \(index + 1) is empty: give it a text or leave it out"
    case .lineEndInSpecialToken(let index):
      "special token number \(index + 1) has a line end, and vocab.txt has a token a line: "
        + "leave it out"
    case .alphabetTooLarge(let asked, let specialTokens, let characters):
      "a vocabulary of \(asked) tokens has no room for \(specialTokens) special tokens and "
        + "\(characters) for single characters: ask for at least \(specialTokens + characters), or "
        + "limit the alphabet"
    case .characterLimitOutOfRange(let limit):
      "an alphabet limit of \(limit) characters is not possible: ask for 1 or more"
    case .emptyContinuingPrefix:
      "tokens that continue words need a prefix that tells them from others: give one, such as ##"
    case .longestWordOutOfRange(let length):
      "a longest word of \(length) characters is not possible: ask for 1 or more"
    case .absentUnknownToken(let token):
      "the unknown token '\(String(decoding: token, as: UTF8.self))' is none of the special "
        + "tokens: add it to them"
    case .illFormedWord(let word):
      "a word is not UTF-8 (it begins with the bytes \(Array(word.prefix(8)))): replace such bytes "
        + "when the corpus is read"
    case .noWords:
      "the corpus has no words to learn from: give it text"
    case .noWordsLeft(let tooLong, let unspelled, let longestWord):
      "none of the words can be learned from: \(tooLong) are longer than \(longestWord) "
        + "characters and \(unspelled) have characters beyond the alphabet limit: raise these "
        + "limits or give other text"
    case .iterationsOutOfRange(let count):
      "\(count) rounds for each threshold are not possible: ask for 1 or more"
    case .slackOutOfRange(let slack):
      "a slack of \(slack) is not possible: ask for 0 to 1, such as 0.05"
    case .wordLimitOutOfRange(let limit):
      "a limit of \(limit) words is not possible: ask for 1 or more"
    case .tooManySymbols(let count, let maximum):
      "the distinct words have \(count) bytes, more than the \(maximum) that can be numbered: "
        + "train on less text or cut it into shorter words"
    case .countsTooLarge:
      "the counts of all words together exceed 63 bits: divide them all by the same number"
    case .outOfMemory(let bytes):
      "there is no memory left for a table of \(bytes) bytes: train on less text"
    }
  }
}
