import Tokenization

/// What words consist of before anything is merged.
protocol BaseSymbols {
  /// Most slots of the row that `symbols` makes, separators included.
  func slotCount(of counts: borrowing PreTokenCounts) -> Int

  /// The words as one row of symbols below the separator; `nil` without memory.
  func symbols<Symbol: SymbolInteger>(
    of counts: borrowing PreTokenCounts, separator: Symbol
  ) -> SymbolSequence<Symbol>?
}

/// Merging of words with symbols as narrow as the ids allow.
struct MergeJob<Base: BaseSymbols> {
  var base: Base
  /// Texts of the ids that are given away before anything is merged.
  var spellings: TokenSpellings
  var askedSize: Int
  var minimumFrequency: UInt64
  /// Most base symbols in a token.
  var tokenLength = Int.max
  var order = PairOrder.smallerIDs
  /// What may be one token; `nil`: everything up to that length.
  var joins: PieceJoins?
  var tuning = MergeTuning()

  /// The words are given back before merging where nobody else holds them.
  func run(
    on counts: consuming PreTokenCounts, threads: Int, progress: TrainingProgress
  ) throws(BPETrainingError) -> MergedWords {
    let slots = base.slotCount(of: counts)
    let most = Int(UInt32.max) - 64
    guard slots <= most else { throw .tooManySymbols(slots, maximum: most) }
    // Every merge makes at least one symbol fewer, so there are no more ids than this.
    let limits = MergeLimits(
      vocabularySize: min(askedSize, spellings.count + slots),
      minimumCount: Int64(clamping: minimumFrequency), tokenLength: tokenLength,
      tuning: tuning)
    let (idLimit, narrowLimit) = (limits.vocabularySize, tuning.narrowLimit)
    if spellings.count > narrowLimit {
      var engine: MergeEngine<UInt32> = try start(counts, limits, idLimit, slots, threads)
      engine.mergeAll(progress: progress)
      return MergedWords(engine, self)
    }
    var engine: MergeEngine<UInt16> = try start(
      counts, limits, min(idLimit, narrowLimit), slots, threads)
    engine.mergeAll(progress: progress)
    // Most of the work is done by the first merges: symbols are widened only when ids run out.
    guard idLimit > narrowLimit, engine.spellings.count == narrowLimit else {
      return MergedWords(engine, self)
    }
    guard var wide = engine.widened() else { throw .outOfMemory(bytes: 13 * slots) }
    wide.mergeAll(progress: progress)
    return MergedWords(wide, self)
  }

  /// An engine with the first pairs in sight. The words are given back.
  func start<Symbol: SymbolInteger>(
    _ counts: consuming PreTokenCounts, _ limits: MergeLimits, _ symbolLimit: Int, _ slots: Int,
    _ threads: Int
  ) throws(BPETrainingError) -> MergeEngine<Symbol> {
    let symbols = base.symbols(of: counts, separator: Symbol(symbolLimit))
    _ = consume counts
    guard let words = symbols,
      var engine = MergeEngine<Symbol>(
        words: words, spellings: spellings, limits: limits, order: order, joins: joins)
    else { throw .outOfMemory(bytes: 25 * slots) }
    engine.findBasePairs(threads: threads)
    return engine
  }
}

/// What merging made of words, whatever the width of its symbols was.
struct MergedWords {
  var spellings: TokenSpellings
  var merges: [Merge]
  /// Weighted occurrences of each merge's pair when it was merged, by rank.
  var mergeCounts: [UInt64]
  /// Weighted occurrences that merges took away, after each merge.
  private(set) var mergedWeights: [UInt64]
  /// Tokens that were there before anything was merged.
  private let baseCount: Int
  /// Why there are fewer tokens than asked for; `nil` if there are not.
  var stop: EarlyStop?

  fileprivate init<Symbol: SymbolInteger>(
    _ engine: borrowing MergeEngine<Symbol>, _ job: MergeJob<some BaseSymbols>
  ) {
    let isShort = engine.spellings.count < job.askedSize
    self.init(
      engine, job, leavesRarePairs: isShort && job.minimumFrequency > 1 && engine.hasPair)
  }

  /// - Parameter leavesRarePairs: whether pairs are left that the minimum alone kept apart.
  init<Symbol: SymbolInteger>(
    _ engine: borrowing MergeEngine<Symbol>, _ job: MergeJob<some BaseSymbols>,
    leavesRarePairs: Bool
  ) {
    spellings = engine.spellings
    merges = engine.merges
    mergeCounts = engine.mergeCounts
    mergedWeights = engine.mergedWeights
    baseCount = job.spellings.count
    if spellings.count < job.askedSize {
      stop = EarlyStop(
        askedSize: job.askedSize, reachedSize: spellings.count,
        reason: leavesRarePairs ? .minimumFrequency : .noPairLeft)
    }
  }

  /// Weighted occurrences that merges took away.
  var mergedWeight: UInt64 { mergedWeights.last ?? 0 }

  /// What merging would have made up to another size: the same merges, fewer of them.
  ///
  /// - Precondition: there is room for the tokens that were there before anything was merged.
  func limited(to size: Int) -> MergedWords {
    var limited = self
    limited.stop?.askedSize = size
    guard size <= spellings.count else { return limited }
    limited.stop = nil
    var count = baseCount
    var kept = 0
    while count < size {
      // Some merges make a token that is there already.
      if Int(merges[kept].result) == count { count += 1 }
      kept += 1
    }
    let made = Set(merges[..<kept].map(\.result))
    let unmade = merges[kept...].map(\.result).filter { !made.contains($0) }
    limited.spellings.limit(to: size, forgetting: unmade.filter { $0 < baseCount })
    limited.merges.removeLast(merges.count - kept)
    limited.mergeCounts.removeLast(merges.count - kept)
    limited.mergedWeights.removeLast(merges.count - kept)
    return limited
  }
}
