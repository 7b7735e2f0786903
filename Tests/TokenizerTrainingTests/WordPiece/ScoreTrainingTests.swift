import Testing
import Tokenization

@testable import TokenizerTraining

@Suite("WordPiece by scores")
struct ScoreTrainingTests {
  @Test("A few words are merged by likelihood as by hand")
  func likelihoodByHand() throws {
    var options = Self.options(.likelihood(minimumPairCount: 1), size: 15)
    let words: [(String, UInt64)] = [("hug", 10), ("pug", 5), ("hugs", 5)]
    // h stands 15 times, p 5, ##u 20, ##g 20, ##s 5: all four pairs score one twentieth, and the
    // most frequent of them is ##u ##g, 20. Then it is h ##ug, 15, for the same reason.
    var result = try Self.train(words, options)
    #expect(
      result.tokens.dropFirst(5) == [
        "g", "h", "p", "s", "u", "##u", "##g", "##s", "##ug", "hug",
      ])
    #expect(result.mergeCounts == [20, 15])
    #expect(result.corpusTokens == 30)
    #expect(result.account.minimumPairCount == 1)
    #expect(result.stoppedEarly == nil)
    // At 16 or more, ##ug is all that can be.
    options.score = .likelihood(minimumPairCount: 16)
    result = try Self.train(words, options)
    #expect(result.mergeCounts == [20])
    #expect(
      result.stoppedEarly
        == EarlyStop(askedSize: 15, reachedSize: 14, reason: .minimumFrequency))
  }

  @Test("Random small corpora are merged as by the obvious trainer", arguments: 0..<12)
  func agreesWithReference(part: Int) throws {
    for seed in 50 * part..<50 * (part + 1) {
      for isGain in [false, true] {
        var random = SplitMix(state: UInt64(2 * seed + (isGain ? 1 : 0)))
        let words = Self.words(&random)
        let minimum = UInt64(random.below(3) == 0 ? random.below(10) + 1 : random.below(2) + 1)
        var options = Self.options(
          isGain ? .gain : .likelihood(minimumPairCount: minimum), size: 0)
        options.minimumFrequency = minimum
        Self.vary(&options, &random)
        let expected = ReferenceWordPiece(words, options)
        guard expected.tokens.count > options.specialTokens.count else { continue }
        for narrowLimit in [65_534, 32] {
          var trainer = try WordPieceTrainer(options)
          trainer.tuning.narrowLimit = narrowLimit
          trainer.tuning.squareLimit = narrowLimit == 32 ? 0 : 512
          let turned = narrowLimit == 32 ? words.reversed() : words
          let name = "seed \(seed), gain \(isGain)"
          do throws(BPETrainingError) {
            let result = try trainer.train(on: PreTokenCounts(turned), threads: 2)
            #expect(result.tokens == expected.tokens, "\(name)")
            #expect(result.mergeCounts == expected.counts, "\(name)")
            #expect(result.corpusTokens == expected.corpusTokens, "\(name)")
            #expect(result.account.leftOut == expected.leftOut, "\(name)")
          } catch {
            let leftOut = expected.leftOut
            #expect(
              error == leftOut.error(longestWord: options.longestWord), "\(name)")
            #expect(
              leftOut.tooLong + leftOut.unspelled == words.reduce(0) { $0 + $1.1 }, "\(name)")
          }
        }
      }
    }
  }

  @Test("Runs and chains are counted as they stand", arguments: [false, true])
  func chains(isGain: Bool) throws {
    let sets: [[(String, UInt64)]] = [
      [("aaaaaaaa", 3)], [("aaaaaaa", 1), ("aaa", 5)], [("abababab", 4), ("babab", 2)],
      [("xababab", 4), ("xaaaa", 9), ("abab", 1)], [("aabaab", 1_000_000_000_000), ("aab", 1)],
    ]
    for words in sets {
      for minimum in 1...6 as ClosedRange<UInt64> {
        var options = Self.options(
          isGain ? .gain : .likelihood(minimumPairCount: minimum), size: 40)
        options.minimumFrequency = minimum
        let expected = ReferenceWordPiece(words, options)
        let result = try Self.train(words, options)
        #expect(result.tokens == expected.tokens)
        #expect(result.mergeCounts == expected.counts)
        #expect(result.corpusTokens == expected.corpusTokens)
      }
    }
  }

  @Test(
    "No token that begins words is spelled like one that continues them", arguments: [false, true])
  func prefixedWords(isGain: Bool) throws {
    let options = Self.options(isGain ? .gain : .likelihood(minimumPairCount: 1), size: 200)
    let words: [(String, UInt64)] = [("##abab", 9), ("xab", 7), ("##", 5), ("ab", 4), ("###", 3)]
    let spelled = try Self.train(words, options).tokens
    #expect(Set(spelled).count == spelled.count)
    #expect(!spelled.contains("##"))
  }

  @Test("A special token spelled like a merged token gives it its id", arguments: [false, true])
  func specialTokens(isGain: Bool) throws {
    var options = Self.options(isGain ? .gain : .likelihood(minimumPairCount: 1), size: 14)
    options.specialTokens += ["a", "##b", "ab"].map { Array($0.utf8) }
    let result = try Self.train([("ab", 9), ("abc", 8)], options)
    // ab is no new token, abc is.
    #expect(result.tokens.dropFirst(5) == ["a", "##b", "ab", "b", "c", "##c", "abc"])
    #expect(result.mergeCounts.count == 2)
  }

  @Test("What encoders do not look at is left out, and counted")
  func leftOut() throws {
    var options = Self.options(.gain, size: 100)
    options.longestWord = 4
    options.alphabetLimit = 3
    let words: [(String, UInt64)] = [("abcab", 50), ("abc", 9), ("abd", 2), ("ab", 7)]
    let result = try Self.train(words, options)
    #expect(result.account.leftOut?.tooLong == 50)
    #expect(result.account.leftOut?.unspelled == 2)
    #expect(result.corpusTokens == 16)
    let leftOut = try #require(result.account.leftOut)
    #expect(throws: leftOut.error(longestWord: 4)) {
      _ = try Self.train(
        [("abcab", 50), ("abd", 2)],
        {
          var options = options
          options.alphabetLimit = 2
          return options
        }())
    }
  }

  @Test("The minimum that is found fills the vocabulary, and one more does not", arguments: 0..<20)
  func automaticMinimum(seed: Int) throws {
    var random = SplitMix(state: UInt64(seed))
    var words: [String: UInt64] = [:]
    for _ in 0..<60 {
      var word = ""
      for _ in 0..<random.below(8) + 1 { word += ["a", "b", "c", "d", "e"][random.below(5)] }
      words[word] = UInt64(random.below(30) + 1) << (random.below(2) * random.below(5))
    }
    let list = words.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    for size in [20, 40, 80, 100_000] {
      var options = Self.options(.likelihood(minimumPairCount: nil), size: size)
      let result = try Self.train(list, options)
      let minimum = try #require(result.account.minimumPairCount)
      options.score = .likelihood(minimumPairCount: minimum)
      let same = try Self.train(list, options)
      #expect(same.tokens == result.tokens)
      #expect(!same.account.minimumIsLow && same.account.minimumPairCount == minimum)
      #expect((same.stoppedEarly == nil) == (size < 100_000))
      if size == 100_000 { #expect(minimum == 1) }
      options.score = .likelihood(minimumPairCount: minimum + 1)
      #expect(try Self.train(list, options).stoppedEarly != nil)
      if minimum >= 3 {
        options.score = .likelihood(minimumPairCount: (minimum - 1) / 2)
        #expect(try Self.train(list, options).account.minimumIsLow)
        options.score = .likelihood(minimumPairCount: (minimum + 1) / 2)
        #expect(try !Self.train(list, options).account.minimumIsLow)
      }
    }
  }

  @Test(
    "Several sizes at once are what each is by itself",
    arguments: [.gain, .likelihood(minimumPairCount: nil), .likelihood(minimumPairCount: 2)]
      as [WordPieceScore])
  func sizes(score: WordPieceScore) throws {
    var random = SplitMix(state: 5)
    var words: [String: UInt64] = [:]
    for _ in 0..<80 {
      var word = ""
      for _ in 0..<random.below(7) + 1 { word += ["a", "b", "c", "d"][random.below(4)] }
      words[word] = UInt64(random.below(50) + 1)
    }
    let list = words.map { ($0.key, $0.value) }
    let options = Self.options(score, size: 100)
    let sizes = [40, 13, 100, 60]
    let all = try WordPieceTrainer(options).train(
      on: PreTokenCounts(list), sizes: sizes, threads: 1)
    for (size, result) in zip(sizes, all) {
      let single = try Self.train(list, Self.options(score, size: size))
      #expect(single.tokens == result.tokens)
      #expect(single.mergeCounts == result.mergeCounts)
      #expect(single.corpusTokens == result.corpusTokens)
      #expect(single.account.minimumPairCount == result.account.minimumPairCount)
      #expect(single.account.minimumIsLow == result.account.minimumIsLow)
      #expect(single.stoppedEarly == result.stoppedEarly)
    }
  }

  @Test(
    "Any number of threads gives the same",
    arguments: [.gain, .likelihood(minimumPairCount: nil), .likelihood(minimumPairCount: 2)]
      as [WordPieceScore])
  func threads(score: WordPieceScore) throws {
    var random = SplitMix(state: 11)
    let words = (0..<300).map { number in
      (
        (0..<random.below(9) + 1).map { _ in ["a", "b", "c", "d"][random.below(4)] }.joined()
          + "\(number)", UInt64(random.below(50) + 1)
      )
    }
    for squareLimit in [0, 512] {
      var trainer = try WordPieceTrainer(Self.options(score, size: 400))
      trainer.tuning.squareLimit = squareLimit
      trainer.tuning.leastShare = 100
      let single = try trainer.train(on: PreTokenCounts(words), threads: 1)
      for threads in [2, 3, 8] {
        let result = try trainer.train(on: PreTokenCounts(words), threads: threads)
        #expect(result.tokens == single.tokens)
        #expect(result.mergeCounts == single.mergeCounts)
      }
    }
  }

  // MARK: - Corpora

  static func options(_ score: WordPieceScore, size: Int) -> WordPieceTrainingOptions {
    var options = WordPieceTrainingOptions()
    options.score = score
    options.vocabularySize = max(size, 5)
    return options
  }

  /// Few symbols, runs, ties, and counts from 1 to 10^12.
  private static func words(_ random: inout SplitMix) -> [(String, UInt64)] {
    let alphabet = ["a", "b", "c", "é", "東", "#", "😀", "d", "ж", "-"]
    let letters = random.below(alphabet.count) + 1
    let (most, longest) = (random.below(14) + 1, random.below(11) + 1)
    let spread = [1, 4, 30, 40][random.below(4)]
    var counts: [String: UInt64] = [:]
    for _ in 0..<most {
      var word = random.below(6) == 0 ? "##" : ""
      for _ in 0..<random.below(longest) + 1 {
        let letter = alphabet[random.below(letters)]
        word += String(repeating: letter, count: random.below(5) == 0 ? random.below(5) + 1 : 1)
      }
      counts[word] = UInt64(random.below(4) + 1) << UInt64(random.below(spread))
    }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, min($0.value, 1_000_000_000_000)) }
  }

  private static func vary(_ options: inout WordPieceTrainingOptions, _ random: inout SplitMix) {
    options.specialTokens = [Array("[UNK]".utf8)]
    let special = ["a", "##b", "ab", "##ab", "##", "#", "東b", "##c", "c"]
    for _ in 0..<random.below(4) {
      options.specialTokens.append(Array(special[random.below(special.count)].utf8))
    }
    options.alphabetLimit = [nil, nil, nil, 2, 4][random.below(5)]
    options.longestWord = [100, 100, 3, 5, 7][random.below(5)]
    options.continuingPrefix = Array(["##", "##", "#", "é", "@@"][random.below(5)].utf8)
    options.vocabularySize = 30 + random.below(30)
  }

  static func train(
    _ words: [(String, UInt64)], _ options: WordPieceTrainingOptions
  ) throws(BPETrainingError) -> WordPieceTrainingResult {
    try WordPieceTrainer(options).train(on: PreTokenCounts(words), threads: 1)
  }
}
