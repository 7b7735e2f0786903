import Tokenization

/// Merging of the same words by one score after another.
struct ScoreRun {
  let job: WordPieceJob
  let words: PreTokenCounts
  /// What tokens that continue words begin with.
  let prefix: [UInt8]
  let threads: Int
  let progress: TrainingProgress

  func gain(minimum: UInt64) throws(BPETrainingError) -> MergedWords {
    try merged(
      by: GainCriterion(total: job.symbolCount), minimum: minimum, size: job.merges.askedSize,
      progress)
  }

  func likelihood(minimum: UInt64) throws(BPETrainingError) -> MergedWords {
    try merged(
      by: LikelihoodCriterion(), minimum: minimum, size: job.merges.askedSize, progress)
  }

  /// The number of tokens that likelihood reaches with more than twice a minimum.
  func reach(beyondTwice minimum: UInt64) throws(BPETrainingError) -> Int {
    let (double, overflows) = max(1, minimum).multipliedReportingOverflow(by: 2)
    if overflows { return job.merges.spellings.count }
    return try merged(
      by: LikelihoodCriterion(), minimum: double + 1, size: job.merges.askedSize, .silent
    ).spellings.count
  }

  /// For each size the highest minimum that fills it, and what it makes.
  func automaticLikelihood(
    _ sizes: [Int]
  ) throws(BPETrainingError) -> [(minimum: UInt64, words: MergedWords)] {
    var frequency = job.merges
    frequency.minimumFrequency = 1
    let frequent = try frequency.run(on: words, threads: threads, progress: .silent)
    var attempts = 0
    var found: [(minimum: UInt64, words: MergedWords)] = []
    for size in sizes {
      let search = MinimumSearch(size: size) { minimum throws(BPETrainingError) in
        progress.report(.estimating, attempts, nil)
        attempts += 1
        return try merged(by: LikelihoodCriterion(), minimum: minimum, size: size, .silent)
      }
      // A vocabulary that characters fill has no pair to choose.
      found.append(
        try size <= job.merges.spellings.count
          ? (1, frequent)
          : search.run(from: frequent.limited(to: size).mergeCounts.last ?? 1))
    }
    return found
  }

  private func merged(
    by criterion: some PairCriterion, minimum: UInt64, size: Int, _ progress: TrainingProgress
  ) throws(BPETrainingError) -> MergedWords {
    var merges = job.merges
    merges.askedSize = size
    merges.minimumFrequency = max(1, minimum)
    return try merges.run(
      on: words, by: criterion, prefix: prefix, threads: threads, progress: progress)
  }
}

extension MergeJob {
  /// Merges by a score instead of frequency, pairs that reach the minimum frequency alone.
  fileprivate func run(
    on counts: PreTokenCounts, by criterion: some PairCriterion, prefix: [UInt8], threads: Int,
    progress: TrainingProgress
  ) throws(BPETrainingError) -> MergedWords {
    let slots = base.slotCount(of: counts)
    let most = Int(UInt32.max) - 64
    guard slots <= most else { throw .tooManySymbols(slots, maximum: most) }
    var tuning = self.tuning
    // All pairs that may ever be merged are in sight from the start.
    tuning.firstFloor = 1
    let limits = MergeLimits(
      vocabularySize: min(askedSize, spellings.count + slots),
      minimumCount: Int64(clamping: minimumFrequency), tokenLength: tokenLength, tuning: tuning)
    if limits.vocabularySize <= tuning.narrowLimit {
      let engine: MergeEngine<UInt16> = try start(
        counts, limits, limits.vocabularySize, slots, threads)
      return try finish(engine, criterion, prefix, progress)
    }
    let engine: MergeEngine<UInt32> = try start(
      counts, limits, limits.vocabularySize, slots, threads)
    return try finish(engine, criterion, prefix, progress)
  }

  private func finish<Symbol: SymbolInteger, Criterion: PairCriterion>(
    _ engine: consuming MergeEngine<Symbol>, _ criterion: Criterion, _ prefix: [UInt8],
    _ progress: TrainingProgress
  ) throws(BPETrainingError) -> MergedWords {
    let slots = engine.words.count
    guard
      var merging = ScoreMerging(engine: engine, criterion: criterion, prefix: prefix)
    else { throw .outOfMemory(bytes: 25 * slots) }
    merging.mergeAll(progress: progress)
    let isShort = merging.engine.spellings.count < askedSize
    return MergedWords(
      merging.engine, self,
      leavesRarePairs: isShort && minimumFrequency > 1 && merging.leavesRarePairs)
  }
}

extension PreTokenCounts {
  /// Characters of all occurrences of all words.
  ///
  /// - Precondition: the words are UTF-8, and their bytes in all occurrences fit 63 bits.
  var symbolCount: UInt64 {
    var total: UInt64 = 0
    bytes.withUnsafeBufferPointer { bytes in
      for word in 0..<wordCount {
        var length: UInt64 = 0
        for place in range(of: word) where bytes[place] & 0xC0 != 0x80 { length &+= 1 }
        total &+= length &* counts[word]
      }
    }
    return total
  }
}
