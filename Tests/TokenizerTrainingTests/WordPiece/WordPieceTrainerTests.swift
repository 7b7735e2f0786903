import Testing
import Tokenization

@testable import TokenizerTraining

@Suite("WordPiece trainer")
struct WordPieceTrainerTests {
  @Test("A few words are merged as by hand")
  func byHand() throws {
    var options = WordPieceTrainingOptions()
    options.vocabularySize = 15
    let words: [(String, UInt64)] = [("hug", 10), ("pug", 5), ("hugs", 5)]
    let result = try train(words, options)
    // hug 10 comes before hugs 5 and pug 5, so ## characters are u, g, s. ##u ##g stands 20 times.
    #expect(
      result.tokens.dropFirst(5) == [
        "g", "h", "p", "s", "u", "##u", "##g", "##s", "##ug", "hug",
      ])
    #expect(result.mergeCounts == [20, 15])
    #expect(result.corpusTokens == 10 + 10 + 10)
    #expect(result.stoppedEarly == nil)
  }

  @Test("Random small corpora are merged as by the obvious trainer", arguments: 0..<200)
  func agreesWithReference(seed: Int) throws {
    var random = SplitMix(state: UInt64(seed))
    let alphabet = ["a", "b", "c", "é", "東", "#", "😀", "d", "ж", "-"]
    let letters = random.below(alphabet.count) + 1
    var counts: [String: UInt64] = [:]
    for _ in 0..<random.below(24) + 1 {
      var word = random.below(6) == 0 ? "##" : ""
      for _ in 0..<random.below(12) + 1 { word += alphabet[random.below(letters)] }
      counts[word] = UInt64(random.below(4) + 1) << (random.below(8) == 0 ? 41 : 0)
    }
    var options = WordPieceTrainingOptions()
    options.specialTokens = [Array("[UNK]".utf8)]
    let special = ["a", "##b", "ab", "##ab", "##", "#", "東b", "##c", "c"]
    for _ in 0..<random.below(4) {
      options.specialTokens.append(Array(special[random.below(special.count)].utf8))
    }
    options.initialAlphabet = random.below(3) == 0 ? [0x61, 0x7A, 0x6771] : []
    options.alphabetLimit = [nil, nil, 2, 4][random.below(4)]
    options.minimumFrequency = UInt64(random.below(4))
    options.longestWord = [100, 100, 1, 2, 3, 5][random.below(6)]
    options.continuingPrefix = Array(["##", "##", "#", "é", "@@"][random.below(5)].utf8)
    options.continuingOrder = random.below(2) == 0 ? [] : [0x6771, 0x62, 0x7A, 0x62, 0x61]
    options.vocabularySize = 40 + random.below(40)

    let words = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    let expected = ReferenceWordPiece(words, options)
    let turned = Array(words.reversed())
    for floor in [nil, 3, 1 << 44] as [Int64?] {
      for narrowLimit in [65_534, 32, 0] {
        var trainer = try WordPieceTrainer(options)
        trainer.tuning.firstFloor = floor
        trainer.tuning.narrowLimit = narrowLimit
        // Pairs of the first symbols in a square of counters and by hash, on one thread and on two.
        trainer.tuning.squareLimit = narrowLimit == 32 ? 0 : 512
        trainer.tuning.leastShare = seed % 2 == 0 ? 40 : 1 << 18
        // The order of the words does not matter.
        let result = try trainer.train(
          on: PreTokenCounts(narrowLimit == 0 ? turned : words), threads: 2)
        #expect(result.tokens == expected.tokens, "seed \(seed), floor \(floor ?? 0)")
        #expect(result.mergeCounts == expected.counts, "seed \(seed)")
        #expect(result.corpusTokens == expected.corpusTokens, "seed \(seed)")
        #expect(result.droppedCharacters == expected.dropped, "seed \(seed)")
      }
    }
  }

  @Test("No token is spelled twice, whatever words begin with")
  func prefixedWords() throws {
    var options = WordPieceTrainingOptions()
    options.vocabularySize = 200
    let words: [(String, UInt64)] = [("##abab", 9), ("xab", 7), ("##", 5), ("ab", 4), ("###", 3)]
    let result = try train(words, options)
    let spelled = result.tokens
    #expect(Set(spelled).count == spelled.count)
    #expect(spelled.contains("##abab"))
  }

  @Test("A special token spelled like a character, or like a merged token, gives it its id")
  func specialTokens() throws {
    var options = WordPieceTrainingOptions()
    options.specialTokens += ["a", "##b", "ab"].map { Array($0.utf8) }
    options.vocabularySize = 11
    let result = try train([("ab", 9), ("abc", 8)], options)
    #expect(result.tokens.dropFirst(5) == ["a", "##b", "ab", "b", "c", "##c"])
    #expect(result.mergeCounts == [])
    #expect(throws: BPETrainingError.self) {
      options.vocabularySize = 10
      _ = try train([("ab", 9), ("abc", 8)], options)
    }
  }

  @Test("No token has more characters than encoders look at")
  func longestWord() throws {
    var options = WordPieceTrainingOptions()
    options.longestWord = 7
    options.vocabularySize = 500
    let result = try train([("abcdefghijé", 50)], options)
    let lengths = result.tokens.map { $0.unicodeScalars.count - ($0.hasPrefix("##") ? 2 : 0) }
    // cdefg is left beside hijé.
    #expect(lengths.dropFirst(5).max() == 7)
    #expect(result.stoppedEarly?.reason == .noPairLeft)
  }

  @Test("Options that cannot be are refused")
  func refusals() throws {
    func error(_ change: (inout WordPieceTrainingOptions) -> Void) -> BPETrainingError? {
      var options = WordPieceTrainingOptions()
      change(&options)
      do throws(BPETrainingError) {
        _ = try WordPieceTrainer(options)
        return nil
      } catch {
        return error
      }
    }
    #expect(error { $0.continuingPrefix = [] } == .emptyContinuingPrefix)
    #expect(error { $0.longestWord = 0 } == .longestWordOutOfRange(0))
    #expect(error { $0.alphabetLimit = 0 } == .characterLimitOutOfRange(0))
    #expect(error { $0.specialTokens = [] } == .absentUnknownToken(Array("[UNK]".utf8)))
    #expect(error { $0.specialTokens.append([]) } == .emptySpecialToken(index: 5))
    #expect(error { $0.specialTokens.append([97, 10]) } == .lineEndInSpecialToken(index: 5))
    #expect(
      error { $0.vocabularySize = 4 }
        == .alphabetTooLarge(asked: 4, specialTokens: 5, characters: 0))
    #expect(
      error { $0.vocabularySize = 1 << 40 }
        == .vocabularyTooLarge(asked: 1 << 40, maximum: 2_147_483_647))
    let trainer = try WordPieceTrainer(WordPieceTrainingOptions())
    #expect(throws: BPETrainingError.noWords) {
      try trainer.train(on: PreTokenCounts([]), threads: 1)
    }
    #expect(throws: BPETrainingError.countsTooLarge) {
      try trainer.train(on: PreTokenCounts([("ab", 1 << 62)]), threads: 1)
    }
    let cut = PreTokenCounts(bytes: [0x61, 0xC3, 0xA9], ends: [2, 3], counts: [1, 1])
    #expect(throws: BPETrainingError.illFormedWord([0x61, 0xC3])) {
      try trainer.train(on: cut, threads: 1)
    }
  }

  private func train(
    _ words: [(String, UInt64)], _ options: WordPieceTrainingOptions
  ) throws -> WordPieceTrainingResult {
    try WordPieceTrainer(options).train(on: PreTokenCounts(words), threads: 1)
  }
}
