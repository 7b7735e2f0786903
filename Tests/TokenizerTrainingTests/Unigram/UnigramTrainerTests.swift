import Primitives
import Testing
import Tokenization

@testable import TokenizerTraining

@Suite("Unigram training")
struct UnigramTrainerTests {
  fileprivate static func exponential(_ x: Double) -> Double {
    ExponentialTable.value(x, ExponentialTable.shared.powers)
  }

  /// A small corpus with its rules and options, from a seed.
  private struct Case {
    var source: RandomSentences
    var words: SentenceWords
    var required: RequiredCharacters
    var rules = PieceRules()
    var options = UnigramTrainingOptions()
    var lanes: Int

    init(seed: Int) {
      var random = SplitMix(state: UInt64(seed))
      let all = "ab1２б\u{301}é漢か-".unicodeScalars.map(\.value)
      let alphabet = Array(all.prefix(random.below(all.count) + 1))
      source = RandomSentences(&random, alphabet: alphabet)
      words = source.counted
      rules.maximumLength = random.below(8) + 2
      rules.cuts.splitsScripts = random.below(2) == 0
      rules.cuts.splitsNumbers = random.below(2) == 0
      rules.cuts.splitsDigits = random.below(3) == 0
      if random.below(3) == 0 { options.seedSize = random.below(30) + 1 }
      options.subIterations = random.below(3) + 1
      options.shrinkingFactor = random.below(2) == 0 ? 0.75 : 0.5
      required = RequiredCharacters(
        of: words.characters, coverage: random.below(2) == 0 ? 1 : 0.9,
        listed: random.below(4) == 0 ? [0x78] : [])
      lanes = random.below(4) + 1
    }

    func text() throws -> UnigramText {
      try UnigramText(words, required)
    }

    var reference: ReferenceUnigram { ReferenceUnigram(source, required, rules) }

    func trainer(_ kernel: UnigramTrainingOptions.Kernel) -> UnigramTrainer {
      var options = options
      options.kernel = kernel
      return UnigramTrainer(characters: required, rules: rules, options: options)
    }
  }

  @Test("Training starts from the substrings that the definition gives", arguments: 0..<200)
  func seeds(seed: Int) throws {
    let test = Case(seed: seed)
    let text = try test.text()
    let pieces = try SeedPieces.pieces(
      text, test.rules, seedSize: test.options.seedSize, threads: 1 + seed % 3)
    // What has no piece shall match none.
    let spellings = text.alphabet.texts.map { $0.isEmpty ? [0xFF] : $0 }
    let found = (0..<pieces.count).map { piece in
      (0..<pieces.length(of: piece)).flatMap {
        spellings[Int(text.symbols[Int(pieces.places[piece]) + $0])]
      }
    }
    let expected = test.reference.seeds(most: test.options.seedSize)
    #expect(found == expected.map { RandomSentences.utf8($0.text) })
    #expect(pieces.scores == expected.map(\.score))
    // Every place has all its pieces.
    for word in 0..<text.wordCount {
      let range = Int(text.starts[word])..<Int(text.starts[word + 1]) - 1
      for place in range {
        var matches: [[UInt8]] = []
        _ = PieceLattice(pieces).forEach(at: place) { piece, _, _ in
          matches.insert(found[Int(piece)], at: 0)
        }
        let rest = range.upperBound - place
        let obvious = (1...rest).map { length in
          (0..<length).flatMap { spellings[Int(text.symbols[place + $0])] }
        }.filter { bytes in found.contains(bytes) && !bytes.isEmpty }
        #expect(matches == obvious)
      }
    }
  }

  @Test("The exact kernel gives the pieces and bits of the obvious trainer", arguments: 0..<80)
  func exact(seed: Int) throws {
    let test = Case(seed: seed)
    let reference = test.reference
    let seeds = reference.seeds(most: test.options.seedSize).count
    let required = test.required.characters.count
    for share in [0, 1, 2, 4] {
      let size = UnigramVocabularySize(
        vocabularySize: 3 + required + (seeds - required) * share / 5, metaPieces: 3)
      let expected = reference.train(size, test.options, lanes: test.lanes)
      let trainer = test.trainer(.sentencePiece(threads: test.lanes))
      let outcome = Result { () throws(SentencePieceTrainingError) in
        try trainer.train(on: test.words, sizes: [size], threads: 1 + seed % 2)[0]
      }
      switch outcome {
      case .success(let result):
        #expect(result.pieces.map(\.text) == expected.map { RandomSentences.utf8($0.text) })
        // A lone piece's score is what is left of two equal logarithms.
        #expect(
          zip(result.pieces, expected).allSatisfy {
            $0.score == $1.score || abs($0.score - $1.score) < 1e-12
          })
      case .failure(let error):
        #expect(expected.count < size.learnedPieces)
        guard case .vocabularyTooLarge(let asked, let possible) = error else { throw error }
        #expect(asked == size.vocabularySize && possible >= expected.count + size.metaPieces)
      }
    }
  }

  @Test("Expectations are those of all segmentations, weighed one by one", arguments: 0..<60)
  func expectations(seed: Int) throws {
    let test = Case(seed: seed)
    let text = try test.text()
    var pieces = try SeedPieces.pieces(
      text, test.rules, seedSize: test.options.seedSize, threads: 1)
    let reference = test.reference
    let named = reference.seeds(most: test.options.seedSize)
    var expected = [Double](repeating: 0, count: named.count)
    var objective = 0.0
    let lexicon = ReferenceUnigram.Lexicon(named)
    for word in reference.words {
      let edges = lexicon.edges(word.text)
      var (total, sums) = (0.0, [Double](repeating: 0, count: named.count))
      func walk(_ place: Int, _ probability: Double, _ ids: [Int]) {
        if place == word.text.count {
          total += probability
          for id in ids { sums[id] += probability }
          return
        }
        for edge in edges[place] {
          walk(
            place + edge.length, probability * UnigramTrainerTests.exponential(Double(edge.score)),
            ids + [edge.id])
        }
      }
      walk(0, 1, [])
      for id in named.indices { expected[id] += Double(word.count) * sums[id] / total }
      objective -= Double(word.count) * RealFunctions.log(total)
    }
    objective /= Double(text.totalCount)
    pieces.setValues { $0 }
    let exact = try ExactExpectation(lanes: test.lanes).expectedCounts(text, pieces, threads: 2)
    pieces.setValues { Float(UnigramTrainerTests.exponential(Double($0))) }
    let fast = try FastExpectation.expectedCounts(text, pieces, threads: 2)
    #expect(abs(exact.objective - objective) < 1e-4)
    #expect(abs(fast.objective - objective) < 1e-4)
    for id in named.indices {
      #expect(abs(Double(exact.counts[id]) - expected[id]) < 1e-3 * (1 + expected[id]))
      #expect(abs(fast.counts[id] - expected[id]) < 1e-5 * (1 + expected[id]))
    }
  }

  /// A corpus with enough words for threads to share.
  private func larger(seed: UInt64) -> RandomSentences {
    var random = SplitMix(state: seed)
    var source = RandomSentences(&random, alphabet: [0x61])
    source.sentences = (0..<1500).map { _ in
      (0..<random.below(6) + 1).flatMap { _ in
        [PieceRules.blank]
          + (0..<random.below(3) + 1).flatMap { _ in
            ["the", "ing", "an", "o", "re", "st", "e"][random.below(7)].unicodeScalars.map(\.value)
          }
      }
    }
    return source
  }

  @Test(
    "Results do not depend on threads",
    arguments: [UnigramTrainingOptions.Kernel.fast, .sentencePiece(threads: 5)])
  func threads(kernel: UnigramTrainingOptions.Kernel) throws {
    let words = larger(seed: 1).counted
    var options = UnigramTrainingOptions()
    options.kernel = kernel
    let trainer = UnigramTrainer(
      characters: RequiredCharacters(of: words.characters, coverage: 1), rules: PieceRules(),
      options: options)
    let sizes = [60, 150, 90].map { UnigramVocabularySize(vocabularySize: $0, metaPieces: 3) }
    let one = try trainer.train(on: words, sizes: sizes, threads: 1)
    for threads in [2, 3, 8] {
      #expect(try trainer.train(on: words, sizes: sizes, threads: threads) == one)
    }
    // Each size as if it were alone.
    for (size, result) in zip(sizes, one) {
      #expect(try trainer.train(on: words, sizes: [size], threads: 2) == [result])
      #expect(result.pieces.count == size.learnedPieces)
    }
  }

  @Test("Both kernels find nearly the same pieces and tokens")
  func kernels() throws {
    let words = larger(seed: 2).counted
    let size = UnigramVocabularySize(vocabularySize: 120, metaPieces: 3)
    let results = try [UnigramTrainingOptions.Kernel.fast, .sentencePiece(threads: 16)].map {
      var options = UnigramTrainingOptions()
      options.kernel = $0
      return try UnigramTrainer(
        characters: RequiredCharacters(of: words.characters, coverage: 1), rules: PieceRules(),
        options: options
      ).train(on: words, sizes: [size], threads: 2)[0]
    }
    let common = Set(results[0].pieces.map(\.text)).intersection(results[1].pieces.map(\.text))
    #expect(common.count >= 112)
    #expect(abs(Int(results[0].corpusTokens) - Int(results[1].corpusTokens)) < 100)
  }

  @Test("Values with powers of two of their own give the same expectations", arguments: 0..<20)
  func scaledValues(seed: Int) throws {
    var random = SplitMix(state: UInt64(seed))
    let scalars = Array("abcdefgh漢字".unicodeScalars.map(\.value).prefix(random.below(9) + 2))
    // Unlikely enough for powers of two, likely enough for a `Double`.
    let length = scalars.count == 2 ? 400 : 250
    let word = (0..<length).map { _ in scalars[random.below(scalars.count)] }
    let words = SentenceWords(
      words: PreTokenCounts(
        bytes: RandomSentences.utf8(word), ends: [RandomSentences.utf8(word).count], counts: [7]),
      endCounts: [7])
    let text = try UnigramText(words, RequiredCharacters(of: words.characters, coverage: 0.98))
    var pieces = try SeedPieces.pieces(text, PieceRules(), seedSize: 500, threads: 1)
    pieces.setValues { Float(UnigramTrainerTests.exponential(Double($0))) }
    let count = pieces.count
    let plain = try FastExpectation.expectedCounts(text, pieces, threads: 1)
    let lattice = PieceLattice(pieces)
    let values = PageBuffer<Double>(count: 2 * (length + 1))
    let exponents = PageBuffer<Int32>(count: 2 * (length + 1))
    let sums = PageBuffer<Int64>(count: count)
    guard let values, let exponents, let sums else { throw CorpusError.outOfMemory }
    let scale = 0x1p40
    let logarithm = ScaledKernel(
      lattice: lattice, unknown: UnigramTrainerTests.exponential(Double(lattice.unknownScore)),
      alpha: values.base, beta: values.base + length + 1, alphaExponents: exponents.base,
      betaExponents: exponents.base + length + 1, sums: sums.base
    ).add(0, length: length, weight: 7 * scale)
    // Otherwise no power was needed.
    #expect(logarithm < RealFunctions.log(0x1p-256))
    #expect(abs(logarithm + plain.objective) < 1e-9 * abs(logarithm))
    for piece in 0..<count {
      #expect(abs(Double(sums[piece]) / scale - plain.counts[piece]) < 1e-6)
    }
  }

  @Test("A long word of equal characters takes no longer than others, and is counted whole")
  func longWords() throws {
    let length = 60_000
    let word = [PieceRules.blank] + Array(repeating: UInt32(0x61), count: length)
    let words = SentenceWords(
      words: PreTokenCounts(
        bytes: RandomSentences.utf8(word), ends: [length + 3], counts: [3]), endCounts: [3])
    let required = RequiredCharacters(of: words.characters, coverage: 1)
    let text = try UnigramText(words, required)
    var pieces = try SeedPieces.pieces(text, PieceRules(), seedSize: 1000, threads: 1)
    // Every length of a's; "▁a..." occurs with one continuation only.
    #expect(pieces.count == 17)
    pieces.setValues { $0 }
    let exact = try ExactExpectation(lanes: 2).expectedCounts(text, pieces, threads: 1)
    pieces.setValues { Float(UnigramTrainerTests.exponential(Double($0))) }
    let fast = try FastExpectation.expectedCounts(text, pieces, threads: 1)
    var covered = 0.0
    for piece in 0..<pieces.count {
      covered += fast.counts[piece] * Double(pieces.length(of: piece))
      // Single precision of sums near 2e5.
      #expect(
        abs(Double(exact.counts[piece]) - fast.counts[piece]) < 0.02 * (10 + fast.counts[piece]))
    }
    #expect(abs(covered - 3 * Double(length + 1)) < 1)
    for kernel in [UnigramTrainingOptions.Kernel.fast, .sentencePiece(threads: 3)] {
      var options = UnigramTrainingOptions()
      options.kernel = kernel
      let results = try UnigramTrainer(
        characters: required, rules: PieceRules(), options: options
      ).train(
        on: words, sizes: [UnigramVocabularySize(vocabularySize: 5, metaPieces: 2)], threads: 2)
      #expect(results[0].pieces.count == 3)
      #expect(results[0].pieces.allSatisfy { $0.score.isFinite })
    }
  }

  @Test(
    "A list of seeds that cannot be read names its line",
    arguments: [
      ("", 1), ("a\t1\nb", 2), ("a\t1\n\tx", 2), ("a\t0\n", 1), ("a\t-4\n", 1), ("a\t1.5\n", 1),
      ("a\t99999999999999999999\n", 1), ("a\t\n", 1), ("a\t1\n\nb\t2\n", 2), ("\u{FF}", 1),
    ])
  func badSeeds(text: String, line: Int) {
    let outcome = Result { () throws(SentencePieceTrainingError) in
      try SeedList(parsing: Array(text.utf8))
    }
    guard case .failure(.badSeed(line, _)) = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test("Seeds come from a list: those that may be pieces, once each, with all characters")
  func listedSeeds() throws {
    let words = SentenceWords(
      words: PreTokenCounts(bytes: Array("▁abab▁abc".utf8), ends: [7, 13], counts: [2, 1]),
      endCounts: [0, 3])
    let list = try SeedList(
      parsing: Array("ab\t9\r\nab\t1\nzz\t4\textra\na\t50\n▁ab\t2\nb▁\t7\nx\t3\n".utf8))
    #expect(list.seeds.map(\.count) == [9, 1, 4, 50, 2, 7, 3])
    let text = try UnigramText(words, RequiredCharacters(of: words.characters, coverage: 1))
    let pieces = try SeedPieces.pieces(
      text, PieceRules(), listed: list, seedSize: 100, threads: 1)
    // ab 18, zz 8, ▁ab 6, a 5, b 5, x 3, ▁ 3, c 1: zz and x are in no word.
    #expect((0..<pieces.count).map { pieces.length(of: $0) } == [2, 1, 3, 1, 1, 1, 1, 1])
    let limited = try SeedPieces.pieces(text, PieceRules(), listed: list, seedSize: 5, threads: 1)
    #expect(limited.count == 5)
  }

  @Test("Sizes out of reach are errors that say what is possible")
  func sizes() throws {
    let words = larger(seed: 3).counted
    let required = RequiredCharacters(of: words.characters, coverage: 1)
    let trainer = UnigramTrainer(
      characters: required, rules: PieceRules(), options: UnigramTrainingOptions())
    let count = required.characters.count
    #expect(
      throws: SentencePieceTrainingError.vocabularyTooSmall(
        asked: count + 2, metaPieces: 3, characters: count)
    ) {
      try trainer.train(
        on: words, sizes: [UnigramVocabularySize(vocabularySize: count + 2, metaPieces: 3)],
        threads: 1)
    }
    let outcome = Result { () throws(SentencePieceTrainingError) in
      try trainer.train(
        on: words, sizes: [UnigramVocabularySize(vocabularySize: 1_000_000, metaPieces: 3)],
        threads: 1)
    }
    guard case .failure(.vocabularyTooLarge(1_000_000, let possible)) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(possible < 1_000_000 && possible > count)
  }
}
