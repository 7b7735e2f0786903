import Primitives
import Tokenization

/// The words that the top-down learner looks at, and which characters get tokens.
///
/// As in TensorFlow Text (`wordpiece_tokenizer_learner_lib.py`): first long words go and those that
/// are special tokens, then all with a character that is not among the most frequent. A character
/// that only words without a place have gets no token.
struct TopDownWords {
  let words: PreTokenCounts
  let leftOut: LeftOutWords
  /// Characters with tokens, by code point.
  let characters: CharacterSymbols
  /// Occurrences of words that are special tokens.
  let specialCount: UInt64

  init(
    _ counts: consuming PreTokenCounts, _ options: WordPieceTrainingOptions,
    _ topDown: TopDownOptions, specialTokens: [[UInt8]]
  ) throws(BPETrainingError) {
    var leftOut = LeftOutWords()
    var words: PreTokenCounts
    (words, leftOut.tooLong) = counts.filtered(
      longest: min(options.longestWord, topDown.longestWord))
    (words, specialCount) = words.filtered { text in
      !specialTokens.contains { $0.count == text.count && $0.elementsEqual(text) }
    }
    let occurrences = try CharacterOccurrences(words, prefix: options.continuingPrefix)
    let initial = Set(options.initialAlphabet.filter { Unicode.Scalar($0) != nil })
    let allowed = CharacterSymbols(
      Self.mostFrequent(
        occurrences, options.alphabetLimit ?? topDown.maximumCharacters ?? .max, initial))
    (words, leftOut.unspelled) = words.filtered { allowed.spells($0) }
    (words, leftOut.tooRare) = words.filtered(most: topDown.wordLimit)
    if words.wordCount == 0 {
      throw leftOut.error(longestWord: min(options.longestWord, topDown.longestWord))
    }
    // Sums of tokens have these occurrences in them, too.
    let (sum, overflows) = occurrences.total.addingReportingOverflow(specialCount)
    guard !overflows, sum <= UInt64(Int64.max) else { throw .countsTooLarge }
    characters = CharacterSymbols(allowed.present(in: words, orIn: initial))
    self.words = words
    self.leftOut = leftOut
  }

  /// So many characters, those of `initial` in any case; equally frequent ones by code point.
  private static func mostFrequent(
    _ occurrences: CharacterOccurrences, _ limit: Int, _ initial: Set<UInt32>
  ) -> [UInt32] {
    let others = occurrences.characters.filter { !initial.contains($0.scalar) }
      .sorted { ($1.count, $0.scalar) < ($0.count, $1.scalar) }
    return initial + others.prefix(max(0, limit - initial.count)).map(\.scalar)
  }
}

extension CharacterSymbols {
  /// Whether every character of a text has a number.
  fileprivate func spells(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var isSpelled = true
    forEach(in: text) { if $0 == Self.none { isSpelled = false } }
    return isSpelled
  }

  /// Those of the characters that occur in words or in a set, by code point.
  fileprivate func present(in words: PreTokenCounts, orIn initial: Set<UInt32>) -> [UInt32] {
    var isPresent = scalars.map { initial.contains($0) }
    isPresent.withUnsafeMutableBufferPointer { isPresent in
      words.bytes.withUnsafeBufferPointer { bytes in
        forEach(in: bytes) { if $0 != Self.none { isPresent[Int($0)] = true } }
      }
    }
    return scalars.indices.filter { isPresent[$0] }.map { scalars[$0] }.sorted()
  }
}
