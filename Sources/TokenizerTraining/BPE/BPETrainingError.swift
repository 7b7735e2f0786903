/// Why byte-pair encodings cannot be trained as asked.
public enum BPETrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Special tokens and single bytes alone need more tokens than were asked for.
  case vocabularyTooSmall(asked: Int, minimum: Int)
  /// More tokens than ids, which have 32 bits.
  case vocabularyTooLarge(asked: Int, maximum: Int)
  case maximumTokenLengthOutOfRange(Int)
  case alphabetLimitOutOfRange(Int)
  /// A special token without text, at its place in the list.
  case emptySpecialToken(index: Int)
  /// There is no word to learn from.
  case noWords
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
    case .noWords:
      "the corpus has no words to learn from: give it text"
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
