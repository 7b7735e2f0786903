import Primitives

/// Where the search for a threshold begins: TensorFlow Text's `get_search_threshs`.
struct ThresholdRange {
  var low: UInt64
  var high: UInt64

  /// - Parameter counts: of all words, those that are left out among them.
  init(_ counts: [UInt64], _ options: TopDownOptions) {
    low = max(options.lowestThreshold, counts.min() ?? 0)
    high = min(options.highestThreshold, counts.max() ?? 0)
  }

  var middle: UInt64 { max(1, (low & high) &+ (low ^ high) >> 1) }

  /// No search meets a lower threshold: one that ends below the range ends right below it.
  var floor: UInt64 { max(1, min(middle, low &- min(low, 1))) }
}

/// Learns WordPiece vocabularies from the top down: whole substrings are kept, the longest first,
/// if they still occur as often as a threshold when the occurrences inside longer ones are
/// subtracted. The threshold is searched for that gives the size (TensorFlow Text, guide "Subword
/// tokenizers", and `wordpiece_tokenizer_learner_lib.py`).
struct TopDownLearner: ~Copyable {
  private let text: TopDownText
  private let options: TopDownOptions
  private let range: ThresholdRange
  private let marks: [[UInt32]]
  private let threads: Int
  /// What occurs less often has no node.
  private var floor: UInt64
  private var counts: TopDownCounts

  init(
    _ text: consuming TopDownText, _ options: TopDownOptions, _ range: ThresholdRange, threads: Int
  ) throws(BPETrainingError) {
    self.options = options
    self.range = range
    self.threads = threads
    floor = range.floor
    marks = TopDownCounts.marks(text.spelling)
    counts = try Self.counts(text, options, marks, from: floor, threads: threads)
    self.text = text
  }

  /// The vocabulary of a size, or of the size found where the options say so.
  mutating func learn(
    _ size: Int, progress: TrainingProgress
  ) throws(BPETrainingError) -> TopDownVocabulary {
    let threshold = findThreshold(size, progress)
    if options.followsTensorFlowText {
      return vocabulary(counts.pieces(threshold..<UInt64.max), size, threshold, .threshold)
    }
    let room = size - text.spelling.fixedCount
    var pieces = filled(room, threshold)
    if pieces.count < room, floor > 1 {
      // Rarer ones are needed, too.
      counts = try Self.counts(text, options, marks, from: 1, threads: threads)
      floor = 1
      counts.learn(text, threshold: threshold, iterations: options.iterations)
      pieces = filled(room, threshold)
    }
    return vocabulary(pieces, size, threshold, .noPieceLeft)
  }

  /// A binary search: the higher the threshold, the fewer pieces, nearly always. Its counts are
  /// those of the last threshold, which is the result.
  private mutating func findThreshold(_ size: Int, _ progress: TrainingProgress) -> UInt64 {
    var range = range
    var tried = 0
    while true {
      progress.report(.estimating, tried, nil)
      tried += 1
      let threshold = range.middle
      counts.learn(text, threshold: threshold, iterations: options.iterations)
      let found = text.spelling.fixedCount + counts.keptCount(threshold)
      let isNear =
        found <= size && Double(size - found) <= options.slack * Double(size)
      if isNear || range.low >= range.high || threshold <= 1 { return threshold }
      if found > size {
        range.low = threshold + 1
      } else {
        range.high = threshold - 1
      }
    }
  }

  /// The pieces that are kept, without the last ones if they are too many, or with the first ones
  /// of those that are not kept.
  private func filled(_ room: Int, _ threshold: UInt64) -> [RankedPiece] {
    let kept = counts.pieces(threshold..<UInt64.max)
    if kept.count >= room { return RankedPiece.first(room, of: kept, text) }
    let others = threshold > floor ? counts.pieces(floor..<threshold) : []
    return kept + RankedPiece.first(room - kept.count, of: others, text)
  }

  private mutating func vocabulary(
    _ pieces: [RankedPiece], _ size: Int, _ threshold: UInt64, _ shortage: EarlyStop.Reason
  ) -> TopDownVocabulary {
    let characterCounts = counts.characterCounts(text, threshold)
    var vocabulary = TopDownVocabulary(
      text, pieces, characterCounts: characterCounts, threshold: threshold)
    let reached = vocabulary.tokens.count
    if reached < size {
      vocabulary.stop = EarlyStop(askedSize: size, reachedSize: reached, reason: shortage)
    }
    vocabulary.corpusTokens = counts.matchCount(text, with: pieces)
    return vocabulary
  }

  private static func counts(
    _ text: borrowing TopDownText, _ options: TopDownOptions, _ marks: [[UInt32]],
    from floor: UInt64, threads: Int
  ) throws(BPETrainingError) -> TopDownCounts {
    let memory = BPETrainingError.outOfMemory(bytes: 40 * text.symbols.count)
    guard var trie = SuffixTrieBuilder.trie(of: text, marks: marks, threads: threads) else {
      throw memory
    }
    if floor > 1 {
      guard let pruned = trie.pruned(below: floor, text) else { throw memory }
      trie = pruned
    }
    return try TopDownCounts(trie, text, losesCounts: options.followsTensorFlowText)
  }
}
