import Primitives
import Tokenization

/// The way from many pieces to few, for several vocabularies at once: sizes whose prunings leave the
/// same pieces go together, and where they do not, each goes its own way. So each ends as if it were
/// the only one.
struct PruningDescent {
  let options: UnigramTrainingOptions
  let characters: RequiredCharacters
  let sizes: [UnigramVocabularySize]
  let threads: Int
  let progress: TrainingProgress
  /// By number of the size, once it is reached.
  private(set) var results: [UnigramTrainingResult?]

  init(
    _ options: UnigramTrainingOptions, _ characters: RequiredCharacters,
    _ sizes: [UnigramVocabularySize], threads: Int, _ progress: TrainingProgress
  ) {
    self.options = options
    self.characters = characters
    self.sizes = sizes
    self.threads = max(1, threads)
    self.progress = progress
    results = Array(repeating: nil, count: sizes.count)
  }

  /// Estimates and prunes until the sizes with these numbers are reached.
  ///
  /// Calls itself where ways part: as often as there are sizes at most.
  mutating func descend(
    _ text: borrowing UnigramText, _ start: consuming UnigramPieces, _ wanted: [Int],
    _ past: [UnigramTrainingResult.Round] = []
  ) throws(SentencePieceTrainingError) {
    var pieces = start
    var rounds = past
    var wanted = wanted
    while !wanted.isEmpty {
      report(rounds.count, pieces.count)
      var round = UnigramTrainingResult.Round(pieces: pieces.count, objectives: [], tokens: 0)
      for _ in 0..<max(1, options.subIterations) where pieces.count > 0 {
        round.objectives.append(try estimation.estimate(text, &pieces))
      }
      // Words that are rare in every part leave nothing: only characters remain.
      guard pieces.count > 0 else { return try finish(text, pieces, wanted, rounds) }
      let usage = try BestPaths.usage(
        text, pieces, lanes: estimation.lanes, threads: threads)
      round.tokens = usage.tokens
      rounds.append(round)
      let pruning = try PiecePruning(pieces, usedAs: usage.counts, threads: threads)
      let targets = wanted.map { target(sizes[$0], pieces.count) }
      let ways = Set(targets).sorted(by: >)
      for way in ways.dropLast() {
        var branch = try pieces.copy()
        let own = zip(wanted, targets).filter { $0.1 == way }.map(\.0)
        let left = try prune(text, &branch, pruning, way, own, rounds)
        if !left.isEmpty { try descend(text, branch, left, rounds) }
      }
      guard let way = ways.last else { return }
      let own = zip(wanted, targets).filter { $0.1 == way }.map(\.0)
      wanted = try prune(text, &pieces, pruning, way, own, rounds)
    }
  }

  private var estimation: UnigramEstimation { UnigramEstimation(options.kernel, threads: threads) }

  private var factor: Float { min(max(options.shrinkingFactor, 0), 0.99) }

  /// How many pieces stay.
  private func target(_ size: UnigramVocabularySize, _ count: Int) -> Int {
    // In single precision, as it is there.
    return max(size.desiredSize, Int(factor * Float(count)))
  }

  /// Leaves so many pieces, finishes the sizes that are reached by that and returns the others.
  private mutating func prune(
    _ text: borrowing UnigramText, _ pieces: inout UnigramPieces, _ pruning: PiecePruning,
    _ target: Int, _ wanted: [Int], _ rounds: [UnigramTrainingResult.Round]
  ) throws(SentencePieceTrainingError) -> [Int] {
    try pieces.keep(pruning.kept(target), threads: threads)
    let count = pieces.count
    let reached = wanted.filter { count <= sizes[$0].desiredSize }
    if !reached.isEmpty { try finish(text, try pieces.copy(), reached, rounds) }
    return wanted.filter { count > sizes[$0].desiredSize }
  }

  /// Leaves out what no segmentation uses, and makes vocabularies of the rest.
  private mutating func finish(
    _ text: borrowing UnigramText, _ last: consuming UnigramPieces, _ reached: [Int],
    _ rounds: [UnigramTrainingResult.Round]
  ) throws(SentencePieceTrainingError) {
    var pieces = last
    try pieces.keep(PiecePruning.reachable(pieces, threads: threads), threads: threads)
    let final = FinalPieces(text, pieces, characters)
    for number in reached {
      let size = sizes[number]
      let vocabulary = final.vocabulary(size.learnedPieces)
      guard vocabulary.pieces.count >= size.learnedPieces else {
        throw .vocabularyTooLarge(
          asked: size.vocabularySize, possible: size.metaPieces + vocabulary.pieces.count)
      }
      var own = try pieces.copy()
      try own.keep(vocabulary.kept, threads: threads)
      own.setValues { $0 }
      results[number] = UnigramTrainingResult(
        pieces: vocabulary.pieces, rounds: rounds,
        corpusTokens: try BestPaths.tokens(
          text, own, lone: vocabulary.lone, threads: threads))
    }
  }

  /// Rounds done, and how many there will be if each leaves its part of the pieces.
  private func report(_ done: Int, _ count: Int) {
    let goal = sizes.map(\.desiredSize).min() ?? 0
    var (left, rounds) = (Double(count), 1)
    while Int(left * Double(factor)) > goal {
      left *= Double(factor)
      rounds += 1
    }
    progress.report(.estimating, done, done + rounds)
  }
}
