import Tokenization

/// Trains byte-level byte-pair encodings on the counts of words.
///
/// The result is the exact greedy one and does not depend on the number of threads. With
/// `tieBreak == .pairIDs` it equals that of `BpeTrainer` in Hugging Face tokenizers 0.23.
public struct BPETrainer: Sendable {
  private let options: BPETrainingOptions
  /// Special tokens without repeats, in id order.
  private let specialTokens: [[UInt8]]
  /// Tests make the first guess of the floor too high, and symbols wider before they need to be.
  var firstFloor: Int64?
  /// Ids up to which symbols of 16 bits do; two more are no token: what stands between words and
  /// what a merge buries.
  var narrowLimit = 65_534

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
    var seen: Set<[UInt8]> = []
    var specialTokens: [[UInt8]] = []
    for (index, token) in options.specialTokens.enumerated() {
      if token.isEmpty { throw .emptySpecialToken(index: index) }
      if seen.insert(token).inserted { specialTokens.append(token) }
    }
    self.options = options
    self.specialTokens = specialTokens
    let alphabet = BaseAlphabet(options, specialTokens: specialTokens, occurrences: nil)
    try checkSize(alphabet)
  }

  private func checkSize(_ alphabet: BaseAlphabet) throws(BPETrainingError) {
    if options.vocabularySize < max(1, alphabet.idCount) {
      throw .vocabularyTooSmall(
        asked: options.vocabularySize, minimum: max(1, alphabet.idCount))
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
    guard counts.wordCount > 0 else { throw .noWords }
    progress.report(.preparing, 0, nil)
    let slots = counts.bytes.count + counts.wordCount + 1
    let most = Int(UInt32.max) - 64
    guard slots <= most else { throw .tooManySymbols(slots, maximum: most) }
    let isComplete = BaseAlphabet(
      options, specialTokens: specialTokens, occurrences: nil
    ).isComplete
    let occurrences = try ByteOccurrences(counts, countsEach: !isComplete)
    let alphabet = BaseAlphabet(
      options, specialTokens: specialTokens, occurrences: occurrences.byByte)
    try checkSize(alphabet)
    // Every merge makes at least one symbol fewer, so there are no more ids than this.
    let idLimit = min(options.vocabularySize, alphabet.idCount + slots)
    let reserved = alphabet.reserved(specialTokens)
    let limits = MergeLimits(
      vocabularySize: idLimit, minimumCount: Int64(clamping: options.minimumFrequency),
      tokenLength: options.maximumTokenLength ?? .max, firstFloor: firstFloor)
    let summary = Summary(
      alphabet: alphabet, occurrences: occurrences,
      start: TokenSpellings(base: alphabet.spellings, reserved: reserved))
    if alphabet.idCount > narrowLimit {
      var engine: MergeEngine<UInt32> = try start(counts, summary, limits, idLimit, threads)
      engine.mergeAll(progress: progress)
      return result(of: engine, summary)
    }
    var engine: MergeEngine<UInt16> = try start(
      counts, summary, limits, min(idLimit, narrowLimit), threads)
    engine.mergeAll(progress: progress)
    // Most of the work is done by the first merges: symbols are widened only when ids run out.
    guard idLimit > narrowLimit, engine.spellings.count == narrowLimit else {
      return result(of: engine, summary)
    }
    guard var wide = engine.widened() else { throw .outOfMemory(bytes: 13 * slots) }
    wide.mergeAll(progress: progress)
    return result(of: wide, summary)
  }

  /// What is known of the words when merging starts.
  private struct Summary {
    var alphabet: BaseAlphabet
    var occurrences: ByteOccurrences
    var start: TokenSpellings
  }

  /// An engine with the first pairs in sight. The words are given back.
  private func start<Symbol: SymbolInteger>(
    _ counts: consuming PreTokenCounts, _ summary: Summary, _ limits: MergeLimits,
    _ symbolLimit: Int, _ threads: Int
  ) throws(BPETrainingError) -> MergeEngine<Symbol> {
    let slots = counts.bytes.count + counts.wordCount + 1
    let symbols = summary.alphabet.symbols(of: counts, separator: Symbol(symbolLimit))
    _ = consume counts
    guard let words = symbols,
      var engine = MergeEngine<Symbol>(
        words: words, spellings: summary.start, limits: limits,
        order: options.tieBreak == .greatestBytes ? .greaterBytes : .smallerIDs)
    else { throw .outOfMemory(bytes: 25 * slots) }
    engine.findBasePairs(threads: threads)
    return engine
  }

  private func result<Symbol: SymbolInteger>(
    of engine: borrowing MergeEngine<Symbol>, _ summary: Summary
  ) -> BPETrainingResult {
    let dropped = summary.alphabet.dropped(summary.occurrences.byByte)
    let reached = engine.spellings.count
    var stop: BPETrainingResult.EarlyStop?
    if reached < options.vocabularySize {
      stop = .init(
        askedSize: options.vocabularySize, reachedSize: reached,
        reason: options.minimumFrequency > 1 && engine.hasPair ? .minimumFrequency : .noPairLeft)
    }
    let tokens = (0..<reached).map { id -> [UInt8]? in
      let bytes = engine.spellings.bytes(of: id)
      return bytes.isEmpty ? nil : bytes
    }
    return BPETrainingResult(
      model: BPEModel(vocabulary: Vocabulary(tokens: tokens), merges: engine.merges),
      specialTokens: specialTokens.enumerated().map { index, text in
        SpecialToken(id: TokenID(index), content: text)
      },
      mergeCounts: engine.mergeCounts, stoppedEarly: stop, droppedBytes: dropped,
      corpusTokens: summary.occurrences.total - dropped - engine.mergedWeight)
  }
}
