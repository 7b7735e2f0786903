import Primitives
import Tokenization
import TokenizerTraining

/// What a training is held to: memory, and the least count of a word.
struct TrainingBounds {
  /// Bytes; `nil`: as much as it takes.
  var memory: Int?
  var leastWordCount: Int?
  /// Beside what words are put down that have no room.
  var neighbor: [UInt8]

  var isOpen: Bool { memory == nil && leastWordCount == nil }

  private var least: UInt64 { UInt64(leastWordCount ?? 1) }

  /// Counts a corpus for a training.
  func count(
    _ corpus: Corpus, for run: any TrainingRun, threads: Int, progress: TrainingProgress
  ) throws(Failure) -> CountedCorpus {
    guard let memory else {
      let counted = try Failure.mapping { () throws(TrainingRunError) in
        try run.count(corpus, progress: progress)
      }
      return leavingOut(counted)
    }
    let counts = try Failure.mapping { () throws(CountFileError) in
      CountingBounds(
        memory: memory,
        runs: try SortedRuns(beside: neighbor, run.configuration(reading: corpus.options)))
    }
    let counted = try Failure.mapping { () throws(CorpusError) in
      try run.counter.count(corpus, within: counts, progress: progress)
    }
    switch counted {
    case .words(let counted):
      return try limiting(counted, for: run)
    case .runs(let counts, let summary):
      let profile = try Failure.mapping { () throws(CountFileError) in
        try counts.profile()
      }
      try check(profile, run)
      return try Failure.mapping { () throws(CountFileError) in
        try counts.corpus(summary, least: least, options: corpus.options, threads: threads)
      }
    }
  }

  /// Reads a file of counts for a training.
  func read(
    _ path: [UInt8], _ options: CorpusOptions, for run: any TrainingRun, threads: Int
  ) throws(Failure) -> CountedCorpus {
    if memory != nil {
      let profile = try Failure.mapping { () throws(CountFileError) in
        try CountFile.profile(path)
      }
      try check(profile, run)
    }
    return try Failure.mapping { () throws(CountFileError) in
      try CountFile.read(
        path, for: run.counting, reading: options, least: least, threads: threads)
    }
  }

  /// What of counts in memory a training learns from.
  func limiting(
    _ counted: CountedCorpus, for run: any TrainingRun
  ) throws(Failure) -> CountedCorpus {
    try check(CountProfile(counted.counts), run)
    return leavingOut(counted)
  }

  private func leavingOut(_ counted: CountedCorpus) -> CountedCorpus {
    var counted = counted
    counted.leaveOut(below: least)
    return counted
  }

  /// - Throws: where training would take more memory than there may be.
  private func check(_ profile: CountProfile, _ run: any TrainingRun) throws(Failure) {
    guard let memory else { return }
    let (words, bytes) = profile.kept(from: least)
    let needed = run.cost.memory(words: words, bytes: bytes)
    if needed <= memory { return }
    var advice = "more memory"
    if let floor = profile.floor(of: run.cost, within: memory) {
      let share = 100 * Double(floor.lostOccurrences) / Double(max(1, profile.occurrences))
      advice +=
        ", or --min-word-count \(floor.least), which leaves out "
        + "\(Figures.counted(floor.lostWords, "distinct word")), \(Figures.decimal(share, places: 2)) % "
        + "of all occurrences"
    }
    throw Failure(
      .resource,
      "training on \(Figures.counted(words, "distinct word")) takes about "
        + "\(Figures.megabytes(needed)), more than the \(Figures.megabytes(memory)) of --max-memory; "
        + "give \(advice)")
  }
}
