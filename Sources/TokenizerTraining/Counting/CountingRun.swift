import Primitives
import Synchronization
import Tokenization

/// One run over a corpus: hands blocks to threads, collects what they counted.
struct CountingRun: Sendable {
  /// Distinct words of a thread to make room for before the first one comes.
  static let mostExpected = 1 << 19

  private let plan: ReadingPlan
  private let corpusOptions: CorpusOptions
  private let options: CountingOptions
  private let normalizer: CompiledNormalizer
  private let preTokenizer: CompiledPreTokenizer
  /// Whether lines that are documents are counted together.
  private let joinsLines: Bool
  private let specialTokens: Needles
  private let progress: TrainingProgress
  private let textCutter: BlockCutter
  private let recordCutter: BlockCutter

  init(
    _ plan: ReadingPlan, corpus: Corpus, options: CountingOptions, normalizer: CompiledNormalizer,
    preTokenizer: CompiledPreTokenizer, joinsLines: Bool, specialTokens: Needles,
    progress: TrainingProgress
  ) throws(CorpusError) {
    self.plan = plan
    corpusOptions = corpus.options
    self.options = options
    self.normalizer = normalizer
    self.preTokenizer = preTokenizer
    self.joinsLines = joinsLines
    self.specialTokens = specialTokens
    self.progress = progress
    let rule: BlockCutter.Rule
    switch corpus.options.documents {
    case .separator(let text): rule = .separators(Needles([text]))
    case .line: rule = joinsLines ? .preTokenizer(preTokenizer) : .lineEnds
    case .file:
      // A file that is one sentence has no place to cut.
      rule = options.sentences == nil ? .preTokenizer(preTokenizer) : .separators(Needles([]))
    }
    textCutter = BlockCutter(rule: rule, normalizer: normalizer, specialTokens: specialTokens)
    recordCutter = BlockCutter(rule: .lineEnds, normalizer: nil, specialTokens: Needles([]))
  }

  func count() throws(CorpusError) -> CountedCorpus {
    let counters = try makeCounters()
    var summary = try read(into: counters)
    for counter in counters { summary.add(try counter.finish()) }
    return combine(counters, summary)
  }

  /// Counts, and tells more than words.
  func survey() throws(CorpusError) -> (CountedCorpus, CorpusSurvey) {
    let counters = try makeCounters(surveys: true)
    var summary = try read(into: counters)
    var survey = CorpusSurvey()
    for counter in counters {
      summary.add(try counter.finish())
      if let own = counter.survey { survey.add(own) }
    }
    return (combine(counters, summary), survey)
  }

  /// Counters for all threads.
  /// - Parameter mostExpected: distinct words of a thread to make room for from the start at most.
  func makeCounters(
    surveys: Bool = false, mostExpected: Int = Self.mostExpected
  ) throws(CorpusError) -> [BlockCounter] {
    var sample = SampleStep.none
    if let wanted = options.sample { sample = .taking(wanted, below: try draw(wanted)) }
    var counters: [BlockCounter] = []
    for _ in 0..<options.threads {
      counters.append(try makeCounter(sample, surveys: surveys, mostExpected: mostExpected))
    }
    return counters
  }

  /// Brings the words of all threads together.
  func combine(
    _ counters: consuming [BlockCounter], _ summary: CorpusSummary
  ) -> CountedCorpus {
    var summary = summary
    let short = counters.map { $0.documents.words.short }
    let long = counters.map { $0.documents.words.long }
    counters = []
    let counts = WordList.combine(short: short, long: long, threads: options.threads)
    summary.distinctPreTokens = counts.wordCount
    return CountedCorpus(counts: counts, summary: summary, options: corpusOptions)
  }

  /// Reads the corpus to find the first number of a document that is not in the sample; `nil`: all
  /// are.
  private func draw(_ sample: DocumentSample) throws(CorpusError) -> UInt64? {
    for stream in plan.streams where plan.sources[stream].place == .standardInput {
      throw .readOnlyOnce(path: plan.sources[stream].displayName)
    }
    guard let border = try tally(sample, range: nil).border(sample) else { return nil }
    return try tally(sample, range: border).end(sample)
  }

  private func tally(_ sample: DocumentSample, range: Int?) throws(CorpusError) -> SampleTally {
    let total = SampleTally(range: range)
    var tallies: [SampleTally] = []
    var counters: [BlockCounter] = []
    for _ in 0..<options.threads {
      let tally = SampleTally(range: range)
      tallies.append(tally)
      counters.append(try makeCounter(.noting(sample, tally)))
    }
    _ = try read(into: counters)
    for tally in tallies { total.add(tally) }
    return total
  }

  /// Counts all sources; returns what they are.
  ///
  /// - Parameter ledger: what it knows is passed over.
  func read(
    into counters: [BlockCounter], _ ledger: (any BlockLedger)? = nil
  ) throws(CorpusError) -> CorpusSummary {
    var summary = CorpusSummary()
    summary.files = plan.readCount
    summary.bytes = plan.fileBytes
    try countFiles(counters, ledger, &summary.sources)
    for stream in plan.streams {
      let (bytes, fingerprint) = try countStream(stream, counters, ledger)
      summary.bytes += bytes
      summary.sources.append(fingerprint)
    }
    summary.sources.sort()
    summary.weightedBytes = summary.bytes
    return summary
  }

  private func makeCounter(
    _ sample: SampleStep, surveys: Bool = false, mostExpected: Int = Self.mostExpected
  ) throws(CorpusError) -> BlockCounter {
    // A table that starts large is not filled, copied and zeroed again by every thread; one entry
    // for 128 bytes of text is near what the words of large corpora come to.
    var expected = plan.streams.isEmpty ? min(plan.fileBytes / 128, mostExpected) : mostExpected / 2
    if case .noting = sample { expected = 0 }
    let documents: any DocumentCounter
    if let rules = options.sentences {
      documents = try SentenceCounter(rules, normalizer: normalizer, expectedWords: expected)
    } else {
      documents = try PieceCounter(preTokenizer, normalizer: normalizer, expectedWords: expected)
    }
    return BlockCounter(
      documents, options: corpusOptions, joinsLines: joinsLines,
      sentences: options.sentences, specialTokens: specialTokens,
      readsJSONL: plan.sources.contains { $0.isJSONL }, sample: sample, surveys: surveys)
  }

  private func cutter(for source: CorpusSource) -> BlockCutter {
    source.isJSONL ? recordCutter : textCutter
  }

  private func countFiles(
    _ counters: [BlockCounter], _ ledger: (any BlockLedger)?, _ fingerprints: inout [Fingerprint]
  ) throws(CorpusError) {
    let cursor = WorkCursor(count: plan.blockCount)
    let troubles = FirstTrouble()
    let doneBytes = Atomic<Int>(0)
    // Each thread touches its own counter, and each block's fingerprint is written once.
    nonisolated(unsafe) let (counters, ledger) = (counters, ledger)
    let parts = UnsafeMutablePointer<Fingerprint>.allocate(capacity: plan.blockCount)
    defer { parts.deallocate() }
    parts.initialize(repeating: Fingerprint(high: 0, low: 0), count: plan.blockCount)
    nonisolated(unsafe) let sharedParts = parts
    Threads.run(min(options.threads, max(1, plan.blockCount))) { thread in
      let buffer = TextBuffer(capacity: options.blockSize + 8 * textCutter.reach)
      var open: (source: Int, blocks: FileBlocks)?
      while let number = cursor.next() {
        let file = plan.file(ofBlock: number)
        let source = plan.sources[file.source]
        if let known = ledger?.known(file.source, number - file.firstBlock) {
          sharedParts[number] = known
          continue
        }
        do throws(BlockFailure) {
          let (block, fingerprint) = try load(number, of: file, &open, into: buffer)
          sharedParts[number] = fingerprint
          if let block {
            try counters[thread].count(block, of: file.source, isJSONL: source.isJSONL)
          }
          let counted = CountedBlock(
            source: file.source, number: number - file.firstBlock, fingerprint: fingerprint)
          try note(counted, bytes: options.blockSize, thread, counters[thread], in: ledger)
        } catch {
          troubles.note(error, source: file.source, number: number)
          cursor.stop()
        }
        let done = doneBytes.wrappingAdd(options.blockSize, ordering: .relaxed).newValue
        if number & 15 == 0 { progress.report(.counting, min(done, plan.fileBytes), total) }
      }
    }
    try troubles.throwFirst(plan)
    for file in plan.files {
      let blocks = (0..<FileBlocks.count(size: file.size, blockSize: options.blockSize)).map {
        parts[file.firstBlock + $0]
      }
      fingerprints.append(Self.fingerprint(size: file.size, blocks))
    }
  }

  /// Reads a block of a file; `open` is the file that the thread read last.
  private func load(
    _ number: Int, of file: ReadingPlan.File, _ open: inout (source: Int, blocks: FileBlocks)?,
    into buffer: TextBuffer
  ) throws(BlockFailure) -> (block: TextBlock?, fingerprint: Fingerprint) {
    do throws(CorpusError) {
      if let open, open.source == file.source {
        return try open.blocks.read(number - file.firstBlock, into: buffer)
      }
      let blocks = FileBlocks(
        file: try PlainFile(opening: file.path, size: file.size),
        cutter: cutter(for: plan.sources[file.source]), blockSize: options.blockSize)
      open = (file.source, blocks)
      return try blocks.read(number - file.firstBlock, into: buffer)
    } catch {
      throw .corpus(error)
    }
  }

  private func note(
    _ block: CountedBlock, bytes: Int, _ thread: Int, _ counter: BlockCounter,
    in ledger: (any BlockLedger)?
  ) throws(BlockFailure) {
    do throws(CorpusError) {
      try ledger?.note(block, bytes: bytes, thread: thread, counter: counter)
    } catch {
      throw .corpus(error)
    }
  }

  /// Bytes in all, if anyone knows.
  private var total: Int? { plan.streams.isEmpty ? plan.fileBytes : nil }

  private func countStream(
    _ index: Int, _ counters: [BlockCounter], _ ledger: (any BlockLedger)?
  ) throws(CorpusError) -> (bytes: Int, Fingerprint) {
    let source = plan.sources[index]
    let troubles = FirstTrouble()
    // Read by one thread at a time, and here only after `Threads.run` has returned.
    nonisolated(unsafe) let blocks = StreamBlocks(
      try ByteStream(opening: source.place), name: source.displayName, cutter: cutter(for: source),
      blockSize: options.blockSize)
    let turns = StreamTurns(blocks)
    nonisolated(unsafe) let (counters, ledger) = (counters, ledger)
    Threads.run(options.threads) { thread in
      var spare: TextBuffer?
      while let (number, block) = turns.next(
        spare: spare,
        failed: { troubles.note(.corpus($0), source: index, number: $1) })
      {
        do throws(BlockFailure) {
          if ledger?.known(index, number) == nil {
            try counters[thread].count(block, of: index, isJSONL: source.isJSONL)
            let counted = CountedBlock(
              source: index, number: number, fingerprint: Fingerprint(high: 0, low: 0))
            try note(
              counted, bytes: block.upper - block.lower, thread, counters[thread], in: ledger)
          }
        } catch {
          troubles.note(error, source: index, number: number, line: block.firstLine)
          turns.stop()
        }
        spare = block.buffer
        if number & 15 == 0 {
          progress.report(.counting, plan.fileBytes + block.origin + block.upper, total)
        }
      }
    }
    try troubles.throwFirst(plan)
    return (blocks.byteCount, Self.fingerprint(size: blocks.byteCount, blocks.fingerprints))
  }

  private static func fingerprint(size: Int, _ blocks: [Fingerprint]) -> Fingerprint {
    Fingerprint(of: [Fingerprint(high: 0, low: UInt64(size))] + blocks)
  }
}
