import Testing
import Tokenization

@testable import TokenizerTraining

@Suite("BPE trainer")
struct BPETrainerTests {
  @Test("aaabdaaabac is merged as by hand")
  func helloWorld() throws {
    var options = BPETrainingOptions()
    options.initialAlphabet = []
    options.vocabularySize = 7
    let result = try BPETrainer(options).train(on: counts([("aaabdaaabac", 1)]), threads: 1)
    // a 0, b 1, c 2, d 3. aa stands 4 times (windows overlap); then aab and aaab, twice each:
    // (a, b) has the smaller ids among the equal ones.
    #expect(
      result.model.merges == [
        Merge(left: 0, right: 0, result: 4), Merge(left: 0, right: 1, result: 5),
        Merge(left: 4, right: 5, result: 6),
      ])
    #expect(result.mergeCounts == [4, 2, 2])
    #expect(result.model.vocabulary[6].map(Array.init) == Array("aaab".utf8))
    #expect(result.corpusTokens == 5)
    #expect(result.stoppedEarly == nil)
  }

  @Test("Random small corpora are merged as by the obvious trainer", arguments: 0..<150)
  func agreesWithReference(seed: Int) throws {
    var random = SplitMix(state: UInt64(seed))
    let alphabet = random.below(16) + 1
    var words: [[UInt8]: UInt64] = [:]
    for _ in 0..<random.below(24) + 1 {
      let word = (0..<random.below(12) + 1).map { _ in UInt8(97 + random.below(alphabet)) }
      let isHuge = random.below(8) == 0
      words[word] = UInt64(random.below(4) + 1) << (isHuge ? 41 : 0)
    }
    let sorted = words.map { ($0.key, $0.value) }.sorted {
      $0.1 == $1.1 ? $0.0.lexicographicallyPrecedes($1.0) : $0.1 > $1.1
    }
    var options = BPETrainingOptions()
    options.initialAlphabet = random.below(2) == 0 ? [] : [97, 98, 10, 0]
    options.minimumFrequency = UInt64(random.below(4))
    options.maximumTokenLength = [nil, nil, 1, 2, 3, 5][random.below(6)]
    options.tieBreak = BPETrainingOptions.TieBreak.allCases[random.below(3)]
    let special = ["<s>", "a", "ab", "ba", "aa", "aab"]
    options.specialTokens = (0..<random.below(4)).map { Array(special[($0 + seed) % 6].utf8) }
    options.vocabularySize = 30 + random.below(40)

    let expected = ReferenceBPE(sorted, options)
    for floor in [nil, 3, 1 << 44] as [Int64?] {
      // Symbols of 16 bits all along, widened on the way, wide from the start.
      for narrowLimit in [65_534, 32, 0] {
        var trainer = try BPETrainer(options)
        trainer.tuning.firstFloor = floor
        trainer.tuning.narrowLimit = narrowLimit
        // Pairs of the first symbols in a square of counters and by hash, on one thread and on two.
        trainer.tuning.squareLimit = narrowLimit == 32 ? 0 : 512
        trainer.tuning.leastShare = seed % 2 == 0 ? 40 : 1 << 18
        let result = try trainer.train(on: counts(sorted), threads: 2)
        #expect(result.model.merges == expected.merges, "seed \(seed), floor \(floor ?? 0)")
        #expect(result.mergeCounts == expected.counts, "seed \(seed)")
        #expect(result.corpusTokens == expected.corpusTokens, "seed \(seed)")
        for (id, token) in expected.tokens.enumerated() {
          let found = result.model.vocabulary[TokenID(id)].map(Array.init) ?? []
          #expect(found == token, "seed \(seed), id \(id)")
        }
        #expect(result.model.vocabulary.count == expected.tokens.count, "seed \(seed)")
      }
    }
  }

  @Test("A smaller vocabulary of the same run is that of its own run", arguments: 0..<60)
  func severalSizes(seed: Int) throws {
    var random = SplitMix(state: UInt64(seed))
    let words = (0..<20).map { index in
      (
        (0..<random.below(9) + 1).map { _ in UInt8(97 + random.below(3)) } + [UInt8(48 + index)],
        UInt64(random.below(4) + 1)
      )
    }
    var options = BPETrainingOptions()
    options.initialAlphabet = []
    options.specialTokens = ["ab", "<s>", "ba", "aab"].map { Array($0.utf8) }
    options.minimumFrequency = UInt64(random.below(4))
    let sizes = (0..<6).map { _ in 28 + random.below(60) }
    let together = try BPETrainer(options).train(on: counts(words), sizes: sizes, threads: 1)
    for (size, result) in zip(sizes, together) {
      options.vocabularySize = size
      let alone = try BPETrainer(options).train(on: counts(words), threads: 1)
      #expect(result.model.merges == alone.model.merges, "seed \(seed), \(size)")
      #expect(result.mergeCounts == alone.mergeCounts)
      #expect(result.corpusTokens == alone.corpusTokens)
      #expect(result.stoppedEarly == alone.stoppedEarly)
      #expect(result.model.vocabulary.count == alone.model.vocabulary.count)
      for id in 0..<TokenID(alone.model.vocabulary.count) {
        #expect(result.model.vocabulary[id] == alone.model.vocabulary[id], "seed \(seed), id \(id)")
      }
    }
  }

  @Test("The order of words does not matter, though blocks then hold many weights")
  func orderOfWords() throws {
    var random = SplitMix(state: 7)
    let words = (0..<200).map { index in
      (
        (0..<9).map { _ in UInt8(97 + random.below(3)) } + Array("\(index)".utf8),
        UInt64(random.below(50) + 1)
      )
    }
    var options = BPETrainingOptions()
    options.vocabularySize = 400
    let expected = ReferenceBPE(words, options).merges
    #expect(try BPETrainer(options).train(on: counts(words), threads: 1).model.merges == expected)
    let turned = Array(words.reversed())
    #expect(try BPETrainer(options).train(on: counts(turned), threads: 1).model.merges == expected)
  }

  @Test("A special token spelled like a merged one gives it its id, and the size stays as asked")
  func specialTokenSpelledLikeAToken() throws {
    var options = BPETrainingOptions()
    options.initialAlphabet = []
    options.minimumFrequency = 0
    options.specialTokens = [Array("Ġa".utf8)]
    options.vocabularySize = 5
    let result = try BPETrainer(options).train(on: counts([(" a", 9), (" ab", 3)]), threads: 1)
    // Special token 0, a 1, b 2, space 3: " a" takes the id 0 and leaves room for " ab".
    #expect(
      result.model.merges == [
        Merge(left: 3, right: 1, result: 0), Merge(left: 0, right: 2, result: 4),
      ])
    #expect(result.model.vocabulary[0].map(Array.init) == Array(" a".utf8))
    #expect(result.specialTokens.map(\.id) == [0])
  }

  @Test("A byte beyond the alphabet limit is left out and its neighbours meet")
  func alphabetLimit() throws {
    var options = BPETrainingOptions()
    options.initialAlphabet = []
    options.alphabetLimit = 2
    options.vocabularySize = 3
    let result = try BPETrainer(options).train(
      on: counts([("axb", 3), ("ab", 2)]), threads: 1)
    #expect(result.droppedBytes == 3)
    #expect(result.model.merges == [Merge(left: 0, right: 1, result: 2)])
    #expect(result.mergeCounts == [5])
  }

  @Test("A corpus that cannot fill the vocabulary says how far it came")
  func stopsEarly() throws {
    var options = BPETrainingOptions()
    options.vocabularySize = 300
    var result = try BPETrainer(options).train(on: counts([("ab", 3)]), threads: 1)
    #expect(
      result.stoppedEarly
        == .init(askedSize: 300, reachedSize: 257, reason: .noPairLeft))
    result = try BPETrainer(options).train(on: counts([("ab", 1)]), threads: 1)
    #expect(
      result.stoppedEarly
        == .init(askedSize: 300, reachedSize: 256, reason: .minimumFrequency))
  }

  @Test("Options that cannot be are refused")
  func refusals() throws {
    var options = BPETrainingOptions()
    options.vocabularySize = 255
    #expect(throws: BPETrainingError.vocabularyTooSmall(asked: 255, minimum: 256)) {
      try BPETrainer(options)
    }
    options.vocabularySize = 1 << 40
    #expect(throws: BPETrainingError.vocabularyTooLarge(asked: 1 << 40, maximum: 2_147_483_647)) {
      try BPETrainer(options)
    }
    options = BPETrainingOptions()
    options.maximumTokenLength = 0
    #expect(throws: BPETrainingError.maximumTokenLengthOutOfRange(0)) { try BPETrainer(options) }
    options = BPETrainingOptions()
    options.alphabetLimit = 0
    #expect(throws: BPETrainingError.alphabetLimitOutOfRange(0)) { try BPETrainer(options) }
    options = BPETrainingOptions()
    options.specialTokens = [[97], []]
    #expect(throws: BPETrainingError.emptySpecialToken(index: 1)) { try BPETrainer(options) }
    let trainer = try BPETrainer(BPETrainingOptions())
    #expect(throws: BPETrainingError.noWords) {
      try trainer.train(on: counts([] as [(String, UInt64)]), threads: 1)
    }
    #expect(throws: BPETrainingError.countsTooLarge) {
      try trainer.train(on: counts([("ab", 1 << 62)]), threads: 1)
    }
  }

  private func counts(_ words: [(String, UInt64)]) -> PreTokenCounts {
    counts(words.map { (Array($0.0.utf8), $0.1) })
  }

  private func counts(_ words: [([UInt8], UInt64)]) -> PreTokenCounts {
    var ends: [Int] = []
    var end = 0
    for (word, _) in words {
      end += word.count
      ends.append(end)
    }
    return PreTokenCounts(bytes: words.flatMap(\.0), ends: ends, counts: words.map(\.1))
  }
}

/// Random numbers that are the same everywhere (Steele et al. 2014).
struct SplitMix {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }
}
