import Foundation
import Primitives
import Testing
import Tokenization

@testable import TokenizerTraining

@Suite("Merging by scores")
struct ScoreMergingTests {
  @Test("Every 20th merge of real text takes the best of all pairs", arguments: [1, 2, 5])
  func realText(minimum: Int64) throws {
    let words = try Self.corpusWords()
    var likelihood = try Self.merging(words, LikelihoodCriterion(), minimum: minimum)
    Self.check(&likelihood, LikelihoodCriterion(), minimum, every: 20)
    let total = PreTokenCounts(words).symbolCount
    var gain = try Self.merging(words, GainCriterion(total: total), minimum: minimum)
    Self.check(&gain, GainCriterion(total: total), minimum, every: 20)
  }

  /// Forms in which one symbol meets many.
  enum Hub: CaseIterable {
    /// Before all others, behind them, and either with others that have a second neighbour.
    case before, behind, beforeShared, behindShared
  }

  @Test("A symbol beside many others costs no square of their number", arguments: Hub.allCases)
  func hubs(hub: Hub) throws {
    for isUneven in [false, true] {
      var likelihood: [Int] = []
      var gain: [Int] = []
      for size in [1_000, 4_000] {
        let words = Self.words(of: hub, size, isUneven: isUneven)
        likelihood.append(try Self.steps(words, LikelihoodCriterion()))
        let total = PreTokenCounts(words).symbolCount
        gain.append(try Self.steps(words, GainCriterion(total: total)))
      }
      // 16 would be quadratic; n log n is 4.8.
      #expect(likelihood[1] < 7 * likelihood[0], "\(hub) \(isUneven) \(likelihood)")
      #expect(gain[1] < 7 * gain[0], "\(hub) \(isUneven) \(gain)")
      #expect(likelihood[1] < 100 * 4_000, "\(hub) \(isUneven) \(likelihood)")
      #expect(gain[1] < 100 * 4_000, "\(hub) \(isUneven) \(gain)")
    }
  }

  @Test("A symbol beside many others takes the best of all pairs", arguments: Hub.allCases)
  func hubsExactly(hub: Hub) throws {
    let words = Self.words(of: hub, 300, isUneven: true)
    var likelihood = try Self.merging(words, LikelihoodCriterion(), minimum: 1)
    Self.check(&likelihood, LikelihoodCriterion(), 1, every: 3)
    let total = PreTokenCounts(words).symbolCount
    var gain = try Self.merging(words, GainCriterion(total: total), minimum: 1)
    Self.check(&gain, GainCriterion(total: total), 1, every: 3)
  }

  @Test("Whole logarithms are off by less than one")
  func logarithms() {
    let logarithm = WholeLogarithm()
    #expect(logarithm.value(1) == 0)
    #expect(logarithm.value(0) == 0)
    var random = SplitMix(state: 3)
    var last = logarithm.value(1)
    for count in 1...5_000 as ClosedRange<Int64> {
      #expect(logarithm.value(count) >= last)
      last = logarithm.value(count)
      let large = Int64(random.below(1 << 62) >> random.below(62)) + 1
      for number in [count, large] {
        let truth = Foundation.log(Double(number)) * 0x1p40
        #expect(abs(Double(logarithm.value(number)) - truth) < 1)
      }
    }
    #expect(logarithm.value(.max) < 48 << 40)
  }

  @Test("Close quotients are compared exactly")
  func closeQuotients() {
    let large = Int64(1) << 60
    func score(_ n: Int64, _ a: Int64, _ b: Int64) -> LikelihoodCriterion.Score {
      LikelihoodCriterion.score(HostedPair(count: n, share: a, key: 0), host: b)
    }
    // (k - 1)(k + 1) < k k.
    #expect(
      LikelihoodCriterion.compare(
        score(large, large, large), score(large, large - 1, large + 1)) == -1)
    #expect(LikelihoodCriterion.compare(score(3, 7, 9), score(3, 9, 7)) == 0)
    #expect(
      LikelihoodCriterion.compare(
        score(large - 1, large, large), score(large, large, large)) == -1)
  }

  // MARK: - Merging

  private static func merging<Criterion: PairCriterion>(
    _ words: [(String, UInt64)], _ criterion: Criterion, minimum: Int64
  ) throws -> ScoreMerging<UInt32, Criterion> {
    let options = ScoreTrainingTests.options(.gain, size: 500_000)
    let counts = PreTokenCounts(words)
    let job = try WordPieceTrainer(options).job(counts, [500_000]).merges
    let slots = job.base.slotCount(of: counts)
    var limits = MergeLimits(
      vocabularySize: job.spellings.count + slots, minimumCount: minimum, tokenLength: 100)
    limits.tuning.firstFloor = 1
    let engine: MergeEngine<UInt32> = try job.start(
      counts, limits, limits.vocabularySize, slots, 1)
    guard
      let merging = ScoreMerging(
        engine: engine, criterion: criterion, prefix: options.continuingPrefix)
    else { throw BPETrainingError.outOfMemory(bytes: slots) }
    return merging
  }

  /// Merges all, comparing with the best of all pairs as they stand.
  private static func check<Criterion: PairCriterion>(
    _ merging: inout ScoreMerging<UInt32, Criterion>, _ criterion: Criterion, _ minimum: Int64,
    every step: Int
  ) {
    var count = 0
    while true {
      let pair = merging.selectPair()
      if pair == nil || count % step == 0 {
        let truth = best(merging, criterion, minimum)
        #expect(pair == truth, "merge \(count)")
        if pair != truth { return }
      }
      guard let pair else { break }
      merging.merge(pair)
      count += 1
    }
    #expect(count >= 300)
  }

  private static func best<Criterion: PairCriterion>(
    _ merging: borrowing ScoreMerging<UInt32, Criterion>, _ criterion: Criterion, _ minimum: Int64
  ) -> UInt64? {
    var pairs: [UInt64: Int64] = [:]
    merging.engine.forEachPair { key, _, weight in pairs[key, default: 0] += Int64(weight) }
    var symbols: [Int: Int64] = [:]
    var slot = 0
    while slot < merging.engine.words.count {
      let symbol = Int(merging.engine.words.symbols[slot])
      if symbol != merging.engine.words.separator {
        symbols[symbol, default: 0] += Int64(merging.engine.words.weight(at: slot))
      }
      slot += merging.engine.lengths[symbol]
    }
    var best: (score: Criterion.Score, count: Int64, key: UInt64)?
    for (key, count) in pairs where count >= minimum {
      let (left, right) = (Int(key >> 32), Int(key & 0xFFFF_FFFF))
      if merging.engine.spellings.opens(Array("##".utf8), left, right) { continue }
      let share = criterion.pairShare(
        count, guest: criterion.symbolShare(symbols[right] ?? 0))
      let score = Criterion.score(
        HostedPair(count: count, share: share, key: key),
        host: criterion.symbolShare(symbols[left] ?? 0))
      if let known = best {
        let order = Criterion.compare(score, known.score)
        if order < 0 || order == 0 && count < known.count { continue }
        if order == 0 && count == known.count && key > known.key { continue }
      }
      best = (score, count, key)
    }
    return best?.key
  }

  private static func steps<Criterion: PairCriterion>(
    _ words: [(String, UInt64)], _ criterion: Criterion
  ) throws -> Int {
    var merging = try Self.merging(words, criterion, minimum: 1)
    merging.mergeAll(progress: .silent)
    return merging.ranking.steps
  }

  // MARK: - Corpora

  private static func words(of hub: Hub, _ size: Int, isUneven: Bool) -> [(String, UInt64)] {
    func letter(_ number: Int) -> String {
      Unicode.Scalar(UInt32(0x2_0000 + number)).map { String(Character($0)) } ?? ""
    }
    var words: [(String, UInt64)] = []
    for number in 0..<size {
      let count = UInt64(isUneven ? 3 + number * 7919 % size : 3)
      // With these, the gains of the pairs of the hub overtake each other while its count falls.
      let other = UInt64(isUneven ? 2 + number * 104_729 % size : 2)
      switch hub {
      case .before: words.append(("x" + letter(number), count))
      case .behind: words.append((letter(number) + "x", count))
      case .beforeShared:
        words.append(("x" + letter(number), count))
        words.append((letter(size + number) + letter(number), other))
      case .behindShared:
        words.append((letter(number) + "x", count))
        words.append((letter(number) + letter(size + number), other))
      }
    }
    return words
  }

  /// Words of the texts of the repository, cut at blanks.
  private static func corpusWords() throws -> [(String, UInt64)] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    var counts: [String: UInt64] = [:]
    for name in ["english-story", "german", "russian", "code-c", "japanese"] {
      let text = try String(
        contentsOf: root.appendingPathComponent("Corpora/\(name).txt"), encoding: .utf8)
      for word in text.split(whereSeparator: \.isWhitespace) {
        // Characters that are canonically equal but differ in bytes are none here.
        counts[String(word), default: 0] += 1
      }
    }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
