import Primitives
import Tokenization

/// Trains WordPiece vocabularies on the counts of words: byte-pair encoding of characters, in which
/// a character at the start of a word is another than the same character behind it.
///
/// The result is the exact greedy one and depends neither on the number of threads nor on the order
/// of the words. By frequency it equals that of `WordPieceTrainer` in Hugging Face tokenizers 0.23 for a run of it
/// whose hash table has the order of `CharacterAlphabet`, but for two things: no token has more
/// characters than encoders look at, and a word that begins with the prefix itself is cut behind it.
public struct WordPieceTrainer: Sendable {
  let options: WordPieceTrainingOptions
  /// Special tokens without repeats, in id order.
  let specialTokens: [[UInt8]]
  var tuning = MergeTuning()

  /// - Throws: `BPETrainingError` for options that contradict each other or are out of range.
  public init(_ options: WordPieceTrainingOptions) throws(BPETrainingError) {
    if options.continuingPrefix.isEmpty { throw .emptyContinuingPrefix }
    if options.longestWord < 1 { throw .longestWordOutOfRange(options.longestWord) }
    if let limit = options.alphabetLimit, limit < 1 { throw .characterLimitOutOfRange(limit) }
    let largest = Int(Int32.max)
    guard options.vocabularySize <= largest else {
      throw .vocabularyTooLarge(asked: options.vocabularySize, maximum: largest)
    }
    specialTokens = try SpecialTokenList.distinct(options.specialTokens)
    for (index, token) in options.specialTokens.enumerated() {
      if token.contains(UInt8(ascii: "\n")) || token.contains(UInt8(ascii: "\r")) {
        throw .lineEndInSpecialToken(index: index)
      }
    }
    guard specialTokens.contains(options.unknownToken) else {
      throw .absentUnknownToken(options.unknownToken)
    }
    if case .topDown(let topDown) = options.score { try topDown.check() }
    self.options = options
    let initial = min(Set(options.initialAlphabet).count, options.alphabetLimit ?? .max)
    try checkSize(options.vocabularySize, specialTokens.count + initial)
  }

  /// - Parameter total: tokens that are there before anything is merged.
  func checkSize(_ size: Int, _ total: Int) throws(BPETrainingError) {
    if size < total {
      throw .alphabetTooLarge(
        asked: size, specialTokens: specialTokens.count,
        characters: total - specialTokens.count)
    }
  }

  /// Learns the tokens.
  ///
  /// - Parameters:
  ///   - counts: distinct words, UTF-8; sorted by count they train faster, the result is the same.
  ///     Their memory is given back before merging where nobody else holds them.
  ///   - threads: as many as offered find the first pairs where the alphabet is small.
  /// - Complexity: O(n log n) in the characters of the distinct words; some 13 bytes of memory for
  ///   each.
  public func train(
    on counts: consuming PreTokenCounts, threads: Int, progress: TrainingProgress = .silent
  ) throws(BPETrainingError) -> WordPieceTrainingResult {
    try train(
      on: counts, sizes: [options.vocabularySize], threads: threads, progress: progress)[0]
  }

  /// The same for vocabularies of several sizes, each as if it were the only one.
  public func train(
    on counts: consuming PreTokenCounts, sizes: [Int], threads: Int,
    progress: TrainingProgress = .silent
  ) throws(BPETrainingError) -> [WordPieceTrainingResult] {
    guard counts.wordCount > 0 else { throw .noWords }
    progress.report(.preparing, 0, nil)
    if let word = counts.firstIllFormedWord { throw .illFormedWord(word) }
    switch options.score {
    case .frequency:
      let job = try self.job(counts, sizes)
      let merged = try job.merges.run(on: consume counts, threads: threads, progress: progress)
      return results(merged, job, sizes)
    case .topDown(let topDown):
      return try learn(
        from: consume counts, sizes: sizes, topDown, threads: threads, progress: progress)
    case .likelihood, .gain:
      return try trainByScore(on: consume counts, sizes, threads: threads, progress: progress)
    }
  }

  /// The merging to be done, and what the results say besides.
  func job(
    _ counts: borrowing PreTokenCounts, _ sizes: [Int]
  ) throws(BPETrainingError) -> WordPieceJob {
    let occurrences = try CharacterOccurrences(counts, prefix: options.continuingPrefix)
    let alphabet = CharacterAlphabet(
      options, specialTokens: specialTokens, occurrences, in: counts)
    try checkSize(sizes.min() ?? 0, alphabet.spellings.count)
    var job = MergeJob(
      base: alphabet,
      spellings: TokenSpellings(
        base: alphabet.spellings, reserved: reserved(alphabet),
        prefixLength: options.continuingPrefix.count),
      askedSize: sizes.max() ?? 0, minimumFrequency: options.minimumFrequency)
    job.tokenLength = options.longestWord
    job.tuning = tuning
    return WordPieceJob(merges: job, symbolCount: occurrences.total - alphabet.dropped)
  }

  /// What of the same merges vocabularies of several sizes have.
  func results(
    _ merged: MergedWords, _ job: WordPieceJob, _ sizes: [Int]
  ) -> [WordPieceTrainingResult] {
    sizes.map { size in
      let merged = merged.limited(to: size)
      return WordPieceTrainingResult(
        model: WordPieceModel(
          vocabulary: vocabulary(merged.spellings), unknownToken: options.unknownToken,
          continuingPrefix: options.continuingPrefix, longestWord: options.longestWord),
        specialTokens: SpecialTokenList.numbered(specialTokens),
        mergeCounts: merged.mergeCounts, stoppedEarly: merged.stop,
        droppedCharacters: job.merges.base.dropped,
        corpusTokens: job.symbolCount - merged.mergedWeight)
    }
  }

  /// Special tokens that are no character but can be made by merging.
  private func reserved(_ alphabet: CharacterAlphabet) -> [[UInt8]: TokenID] {
    var reserved: [[UInt8]: TokenID] = [:]
    for (id, text) in specialTokens.enumerated() where alphabet.spellings[id].isEmpty {
      reserved[text] = TokenID(id)
    }
    return reserved
  }

  /// All tokens, special ones included.
  private func vocabulary(_ spellings: TokenSpellings) -> Vocabulary {
    Vocabulary(
      tokens: (0..<spellings.count).map { id in
        id < specialTokens.count ? specialTokens[id] : spellings.bytes(of: id)
      })
  }
}

/// What there is to merge, and of how many symbols in all occurrences of all words.
struct WordPieceJob {
  var merges: MergeJob<CharacterAlphabet>
  var symbolCount: UInt64
}

extension PreTokenCounts {
  /// The first word that is not UTF-8.
  fileprivate var firstIllFormedWord: [UInt8]? {
    bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return nil }
      // All together first: a word that is cut from the next in a character begins with a
      // continuation.
      let isWell =
        UTF8Validation.isValid(base, count: bytes.count)
        && !ends.dropLast().contains { bytes[$0] & 0xC0 == 0x80 }
      if isWell { return nil }
      return (0..<wordCount).first { word in
        let range = range(of: word)
        return !UTF8Validation.isValid(base + range.lowerBound, count: range.count)
      }.map { Array(bytes[range(of: $0)]) }
    }
  }
}
