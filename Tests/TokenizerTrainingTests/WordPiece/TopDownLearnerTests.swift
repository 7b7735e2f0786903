import Testing
import Tokenization

@testable import TokenizerTraining

@Suite("Top-down WordPiece learner")
struct TopDownLearnerTests {
  @Test("A few words are learned as by hand")
  func byHand() throws {
    var topDown = TopDownOptions()
    topDown.iterations = 1
    topDown.lowestThreshold = 6
    topDown.highestThreshold = 6
    let words: [(String, UInt64)] = [("hugs", 7), ("hug", 10), ("bug", 2)]
    // hugs 7 is kept, so hug has 17 - 7 left and hu nothing. ##ugs 7 is kept, so ##ug has 19 - 7
    // left and ##u nothing; ##gs 7, ##g 12, ##s 7. Of what is not kept, bug has 2; bu is always
    // bug.
    let result = try train(words, 21, topDown)
    #expect(
      result.tokens.dropFirst(5) == [
        "b", "g", "h", "s", "u", "##g", "##ug", "hug", "##gs", "##s", "##ugs", "hugs", "bug",
        "##b", "##h", "##u",
      ])
    #expect(result.account.threshold == 6)
    #expect(result.corpusTokens == 19)
    #expect(result.stoppedEarly == nil)
    #expect(result.mergeCounts == [])
    let trimmed = try train(words, 17, topDown)
    #expect(
      trimmed.tokens.dropFirst(10) == ["##g", "##ug", "hug", "##s", "##b", "##h", "##u"])
    // hug ##s, hug, b ##ug.
    #expect(trimmed.corpusTokens == 14 + 10 + 4)
  }

  @Test("What is not kept leaves its counts to its beginnings, but not in TensorFlow Text")
  func bothRules() throws {
    var topDown = TopDownOptions()
    topDown.lowestThreshold = 6
    topDown.highestThreshold = 6
    let words: [(String, UInt64)] = [("the", 4), ("thy", 4)]
    let documented = try train(words, 14, topDown)
    #expect(documented.tokens.dropFirst(9) == ["th", "##e", "##h", "##t", "##y"])
    topDown.followsTensorFlowText = true
    let shipped = try train(words, 14, topDown)
    #expect(shipped.tokens.dropFirst(9) == ["##e", "##h", "##t", "##y"])
    #expect(
      shipped.stoppedEarly == EarlyStop(askedSize: 14, reachedSize: 13, reason: .threshold))
  }

  @Test(
    "Random small corpora are learned as by the obvious learner, with both rules",
    arguments: 0..<400)
  func agreesWithReference(seed: Int) throws {
    var random = SplitMix(state: UInt64(seed))
    let words = Self.words(&random)
    var options = WordPieceTrainingOptions()
    options.specialTokens = [Array("[UNK]".utf8)]
    let special = ["a", "##b", "ab", "##ab", "##", "#", "東b", "##c", "c", "ba", "abc"]
    for _ in 0..<[0, 0, 1, 3][random.below(4)] {
      options.specialTokens.append(Array(special[random.below(special.count)].utf8))
    }
    options.initialAlphabet = random.below(3) == 0 ? [0x61, 0x7A, 0x6771] : []
    options.alphabetLimit = [nil, nil, nil, 4][random.below(4)]
    options.longestWord = [100, 100, 100, 5][random.below(4)]
    options.continuingPrefix = Array(["##", "##", "##", "#", "é", "@@"][random.below(6)].utf8)
    var topDown = TopDownOptions()
    topDown.iterations = random.below(4) + 1
    topDown.slack = [0, 0.05, 0.3][random.below(3)]
    topDown.lowestThreshold = UInt64([0, 1, 2, 5, 10, 60][random.below(6)])
    topDown.highestThreshold = random.below(4) == 0 ? 20 : 10_000_000
    topDown.maximumCharacters = [1000, nil, 3][random.below(3)]
    topDown.maximumWords = random.below(6) == 0 ? 4 : nil
    options.vocabularySize = 8 + random.below(50)
    for isCompatible in [false, true] {
      topDown.followsTensorFlowText = isCompatible
      options.score = .topDown(topDown)
      let expected = ReferenceTopDown(words, options, topDown)
      let name = Comment(rawValue: "seed \(seed), compatible \(isCompatible)")
      let trainer = try WordPieceTrainer(options)
      guard !expected.tokens.isEmpty else {
        #expect(throws: BPETrainingError.self, name) {
          _ = try trainer.train(on: PreTokenCounts(words), threads: 1)
        }
        continue
      }
      let turned = Array(words.reversed())
      for (words, threads) in [(words, 1), (turned, 2)] {
        // Sizes that are learned before and after it change nothing.
        let size = options.vocabularySize
        let results = try trainer.train(
          on: PreTokenCounts(words), sizes: [size + 30, size, size], threads: threads)
        for result in results.dropFirst() {
          #expect(result.tokens == expected.tokens, name)
          #expect(result.account.threshold == expected.threshold, name)
          #expect(result.corpusTokens == expected.corpusTokens, name)
          #expect(result.account.leftOut == expected.leftOut, name)
          let isShort = expected.tokens.count < size
          #expect((result.stoppedEarly != nil) == isShort, name)
          #expect(isCompatible || expected.tokens.count <= size, name)
        }
      }
    }
  }

  @Test("No token is spelled twice, whatever special tokens and words begin with")
  func spelledOnce() throws {
    let words: [(String, UInt64)] = [
      ("##abab", 90), ("xab", 70), ("##", 50), ("ab", 40), ("###", 30), ("abc", 20), ("abcd", 1),
    ]
    for isCompatible in [false, true] {
      var topDown = TopDownOptions()
      topDown.followsTensorFlowText = isCompatible
      topDown.highestThreshold = 1
      let result = try train(words, 80, topDown) {
        $0.specialTokens += ["ab", "a", "##b", "abc", "##bab"].map { Array($0.utf8) }
      }
      let spelled = result.tokens
      #expect(Set(spelled).count == spelled.count)
      #expect(spelled[5..<10] == ["ab", "a", "##b", "abc", "##bab"])
      // The word ##abab is ## and abab, which continues it: it has no token of its own.
      #expect(spelled.contains("##") && spelled.contains("##abab") && spelled.contains("xab"))
    }
  }

  @Test(
    "A threshold that cannot be reached gives the nearest size, filled or trimmed but for --compat")
  func unreachableSizes() throws {
    let words = (0..<40).map { ("w\($0)x\($0 % 7)", UInt64($0 + 20)) }
    var topDown = TopDownOptions()
    topDown.followsTensorFlowText = true
    topDown.lowestThreshold = 1_000_000
    let few = try train(words, 100, topDown)
    // Characters: w, x and ten digits, twice each.
    #expect(few.model.vocabulary.count == 5 + 24)
    #expect(
      few.stoppedEarly == EarlyStop(askedSize: 100, reachedSize: 29, reason: .threshold))
    topDown.lowestThreshold = 1
    topDown.highestThreshold = 20
    let many = try train(words, 50, topDown)
    #expect(many.model.vocabulary.count > 60)
    #expect(many.stoppedEarly == nil)
    topDown.followsTensorFlowText = false
    #expect(try train(words, 50, topDown).model.vocabulary.count == 50)
    topDown.lowestThreshold = 1_000_000
    #expect(try train(words, 100, topDown).model.vocabulary.count == 100)
    let all = try train(words, 5000, topDown)
    let reached = all.model.vocabulary.count
    #expect(
      all.stoppedEarly == EarlyStop(askedSize: 5000, reachedSize: reached, reason: .noPieceLeft))
  }

  @Test("Words that are too long, have rare characters, or are too many are left out and counted")
  func leftOut() throws {
    var topDown = TopDownOptions()
    topDown.maximumCharacters = 2
    topDown.maximumWords = 1
    let fifty = String(repeating: "ab", count: 25)
    let words: [(String, UInt64)] = [(fifty, 9), (fifty + "a", 11), ("abc", 5), ("ba", 3)]
    var result = try train(words, 100, topDown)
    #expect(result.account.leftOut == left(tooLong: 0, unspelled: 5, tooRare: 12))
    topDown.followsTensorFlowText = true
    result = try train(words, 100, topDown)
    #expect(result.account.leftOut == left(tooLong: 11, unspelled: 5, tooRare: 3))
    topDown = TopDownOptions()
    let long = (4095...4097).map { (String(repeating: "a", count: $0), UInt64(2)) }
    result = try train(words + long, 60, topDown) { $0.longestWord = 100_000 }
    #expect(result.account.leftOut == left(tooLong: 2, unspelled: 0, tooRare: 0))
    #expect(result.model.vocabulary.count == 60)
  }

  @Test("What cannot be learned is refused")
  func refusals() throws {
    func error(
      _ words: [(String, UInt64)], _ size: Int = 100,
      _ change: (inout TopDownOptions) -> Void = { _ in }
    ) -> BPETrainingError? {
      var topDown = TopDownOptions()
      change(&topDown)
      do {
        _ = try train(words, size, topDown)
        return nil
      } catch {
        return error as? BPETrainingError
      }
    }
    let words: [(String, UInt64)] = [("ab", 9), ("abc", 8)]
    #expect(error(words) { $0.iterations = 0 } == .iterationsOutOfRange(0))
    #expect(error(words) { $0.slack = 1.5 } == .slackOutOfRange(1.5))
    #expect(error(words) { $0.slack = -.infinity } == .slackOutOfRange(-.infinity))
    #expect(error(words) { $0.maximumCharacters = 0 } == .characterLimitOutOfRange(0))
    #expect(error(words) { $0.maximumWords = -1 } == .wordLimitOutOfRange(-1))
    #expect(error(words, 11) == nil)
    #expect(
      error(words, 10) == .alphabetTooLarge(asked: 10, specialTokens: 5, characters: 6))
    #expect(error([]) == .noWords)
    #expect(
      error([("[UNK]", 3)])
        == .noWordsLeft(tooLong: 0, unspelled: 0, longestWord: 100))
    let long = String(repeating: "a", count: 101)
    #expect(
      error([(long, 3), ("ab", 2)]) { $0.maximumCharacters = 1 }
        == .noWordsLeft(tooLong: 3, unspelled: 2, longestWord: 100))
    #expect(error([("ab", 1 << 62)]) == .countsTooLarge)
    #expect(error([("a", 1 << 62), ("[UNK]", 1 << 62)]) == .countsTooLarge)
    #expect(error([("a", (1 << 63) - 1)]) == nil)
    #expect(error([(long, .max), ("ab", 1)]) == nil)
    #expect(error([(long, .max), (long + "a", .max), ("ab", 1)]) == nil)
  }

  private func left(tooLong: UInt64, unspelled: UInt64, tooRare: UInt64) -> LeftOutWords {
    var words = LeftOutWords()
    words.tooLong = tooLong
    words.unspelled = unspelled
    words.tooRare = tooRare
    return words
  }

  private static func words(_ random: inout SplitMix) -> [(String, UInt64)] {
    let alphabet = ["a", "b", "c", "é", "東", "#", "😀", "d", "ж", "-"]
    let letters = random.below(alphabet.count) + 1
    let isLarge = random.below(20) == 0
    var counts: [String: UInt64] = [:]
    for _ in 0..<random.below(10) + 1 {
      var word = random.below(8) == 0 ? "##" : ""
      for _ in 0..<random.below(7) + 1 { word += alphabet[random.below(letters)] }
      counts[word] = UInt64(random.below(30) + 1) << (isLarge ? 41 : 0)
    }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func train(
    _ words: [(String, UInt64)], _ size: Int, _ topDown: TopDownOptions = TopDownOptions(),
    _ change: (inout WordPieceTrainingOptions) -> Void = { _ in }
  ) throws -> WordPieceTrainingResult {
    var options = WordPieceTrainingOptions()
    options.vocabularySize = size
    options.score = .topDown(topDown)
    change(&options)
    return try WordPieceTrainer(options).train(on: PreTokenCounts(words), threads: 1)
  }
}
