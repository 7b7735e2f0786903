import Tokenization

/// Trains byte-level byte-pair encodings on the counts of words.
///
/// The result is the exact greedy one and does not depend on the number of threads. With
/// `tieBreak == .pairIDs` it equals that of `BpeTrainer` in Hugging Face tokenizers 0.23.
public struct BPETrainer: Sendable {
  private let options: BPETrainingOptions
  /// Special tokens without repeats, in id order.
  private let specialTokens: [[UInt8]]
  var tuning = MergeTuning()

  /// - Throws: `BPETrainingError` for options that contradict each other or are out of range.
  public init(_ options: BPETrainingOptions) throws(BPETrainingError) {
    if let length = options.maximumTokenLength, length < 1 {
      throw .maximumTokenLengthOutOfRange(length)
    }
    if let limit = options.alphabetLimit, limit < 1 || limit > 256 {
      throw .alphabetLimitOutOfRange(limit)
    }
    let largest = Int(Int32.max)
    guard options.vocabularySize <= largest else {
      throw .vocabularyTooLarge(asked: options.vocabularySize, maximum: largest)
    }
    self.options = options
    specialTokens = try SpecialTokenList.distinct(options.specialTokens)
    let alphabet = BaseAlphabet(options, specialTokens: specialTokens, occurrences: nil)
    try checkSize(alphabet, options.vocabularySize)
  }

  private func checkSize(_ alphabet: BaseAlphabet, _ size: Int) throws(BPETrainingError) {
    if size < max(1, alphabet.idCount) {
      throw .vocabularyTooSmall(asked: size, minimum: max(1, alphabet.idCount))
    }
  }

  /// Learns the merges.
  ///
  /// - Parameters:
  ///   - counts: distinct words; sorted by count they train faster, the result is the same. Their
  ///     memory is given back before merging where nobody else holds them.
  ///   - threads: merging takes one, whatever is offered; finding the first pairs takes all.
  /// - Complexity: O(n log n) in the bytes of the distinct words; some 13 bytes of memory for each.
  public func train(
    on counts: consuming PreTokenCounts, threads: Int, progress: TrainingProgress = .silent
  ) throws(BPETrainingError) -> BPETrainingResult {
    try train(
      on: counts, sizes: [options.vocabularySize], threads: threads, progress: progress)[0]
  }

  /// The same for vocabularies of several sizes, each as if it were the only one.
  public func train(
    on counts: consuming PreTokenCounts, sizes: [Int], threads: Int,
    progress: TrainingProgress = .silent
  ) throws(BPETrainingError) -> [BPETrainingResult] {
    guard counts.wordCount > 0 else { throw .noWords }
    progress.report(.preparing, 0, nil)
    let isComplete = BaseAlphabet(
      options, specialTokens: specialTokens, occurrences: nil
    ).isComplete
    let occurrences = try ByteOccurrences(counts, countsEach: !isComplete)
    let alphabet = BaseAlphabet(
      options, specialTokens: specialTokens, occurrences: occurrences.byByte)
    try checkSize(alphabet, sizes.min() ?? 0)
    var job = MergeJob(
      base: alphabet,
      spellings: TokenSpellings(
        base: alphabet.spellings, reserved: alphabet.reserved(specialTokens)),
      askedSize: sizes.max() ?? 0, minimumFrequency: options.minimumFrequency)
    job.tokenLength = options.maximumTokenLength ?? .max
    job.order = options.tieBreak == .greatestBytes ? .greaterBytes : .smallerIDs
    job.tuning = tuning
    let merged = try job.run(on: consume counts, threads: threads, progress: progress)
    let dropped = alphabet.dropped(occurrences.byByte)
    return sizes.map { size in
      let merged = merged.limited(to: size)
      return BPETrainingResult(
        model: BPEModel(vocabulary: merged.spellings.vocabulary, merges: merged.merges),
        specialTokens: SpecialTokenList.numbered(specialTokens),
        mergeCounts: merged.mergeCounts, stoppedEarly: merged.stop, droppedBytes: dropped,
        corpusTokens: occurrences.total - dropped - merged.mergedWeight)
    }
  }
}
