import Primitives
import Tokenization

/// Trains pieces by merging characters as SentencePiece does (0.2.3, `bpe_model_trainer.cc`): the most
/// frequent pair first, of equally frequent ones the shorter, of equally long ones the smaller in
/// bytes; a pair that is no valid piece is none.
struct SentencePieceBPETrainer {
  /// What was learned, in the order of the vocabulary.
  struct Result {
    /// Merged pieces by rank, then single characters.
    var pieces: [[UInt8]]
    /// How many of them were merged.
    var mergeCount: Int
    /// Pieces that all occurrences of all words become; rare characters are none.
    var corpusTokens: UInt64
    /// By how much each merge made them fewer than the characters, all before it included; those
    /// behind did not make them fewer.
    fileprivate var savings: [UInt64]

    /// What fewer merges give.
    func limited(to mergeLimit: Int) -> Result {
      guard mergeLimit < mergeCount else { return self }
      var limited = self
      limited.pieces.removeSubrange(mergeLimit..<mergeCount)
      limited.mergeCount = mergeLimit
      let kept = min(mergeLimit, savings.count)
      limited.savings.removeLast(savings.count - kept)
      limited.corpusTokens += (savings.last ?? 0) - (limited.savings.last ?? 0)
      return limited
    }
  }

  /// Characters that are pieces, the most frequent first, and how often they occur in the words.
  let characters: [CountedCharacter]
  let rules: PieceRules
  var tuning = MergeTuning()

  /// Learns up to `mergeLimit` pieces besides the characters; fewer where the corpus has no more.
  ///
  /// - Complexity: O(n log n) in the characters of the distinct words.
  func train(
    on counts: consuming PreTokenCounts, mergeLimit: Int, threads: Int, progress: TrainingProgress
  ) throws(SentencePieceTrainingError) -> Result {
    progress.report(.preparing, 0, nil)
    let scalars = characters.map(\.scalar)
    let symbols = CharacterSymbols(scalars)
    let total = try characterCount
    // Merges of pairs that no longer occur are another matter.
    let (askedSize, overflows) = characters.count.addingReportingOverflow(mergeLimit)
    var job = MergeJob(
      base: symbols, spellings: TokenSpellings(base: symbols.texts, reserved: [:]),
      askedSize: overflows ? .max : askedSize, minimumFrequency: 1)
    job.tokenLength = rules.maximumLength
    job.order = .shorterText
    job.joins = PieceJoins(scalars, rules)
    job.tuning = tuning
    let merged: MergedWords
    do throws(BPETrainingError) {
      merged = try job.run(on: copy counts, threads: threads, progress: progress)
    } catch {
      throw .merging(error)
    }
    var pieces = merged.merges.map { merged.spellings.bytes(of: Int($0.result)) }
    if pieces.count < mergeLimit { pieces = try completePieces(counts, symbols, mergeLimit) }
    return Result(
      pieces: pieces + symbols.texts, mergeCount: pieces.count,
      corpusTokens: total - merged.mergedWeight, savings: merged.mergedWeights)
  }

  /// Once more from the start, with the pairs that no longer occur: there are too few others.
  private func completePieces(
    _ counts: borrowing PreTokenCounts, _ symbols: CharacterSymbols, _ mergeLimit: Int
  ) throws(SentencePieceTrainingError) -> [[UInt8]] {
    let slots = counts.bytes.count + counts.wordCount
    let most = Int(Int32.max) - 1
    guard slots <= most else { throw .tooManySymbols(slots, maximum: most) }
    var row: [Int32] = []
    var weights: [UInt64] = []
    counts.bytes.withUnsafeBufferPointer { bytes in
      var begin = 0
      for word in 0..<counts.wordCount {
        symbols.forEach(in: bytes.extracting(begin..<counts.ends[word])) { number in
          row.append(number == CharacterSymbols.none ? -1 : Int32(number))
        }
        row.append(-1)
        weights += repeatElement(counts.counts[word], count: row.count - weights.count)
        begin = counts.ends[word]
      }
    }
    var merging = CompleteMerging(
      symbols: row, weights: weights, texts: symbols.texts,
      joins: PieceJoins(symbols.scalars, rules), longestPiece: rules.maximumLength)
    return merging.merge(limit: mergeLimit)
  }

  /// Occurrences of characters that are pieces.
  private var characterCount: UInt64 {
    get throws(SentencePieceTrainingError) {
      var total: UInt64 = 0
      for character in characters {
        let (sum, overflows) = total.addingReportingOverflow(character.count)
        guard !overflows, sum <= UInt64(Int64.max) else { throw .countsTooLarge }
        total = sum
      }
      return total
    }
  }
}
