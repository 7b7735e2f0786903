import Testing

@testable import Tokenization

@Suite("Encoding by chance")
struct SamplingTests {
  private static func bpe(dropout: Double? = nil, ignoresMerges: Bool = false) -> Tokenizer {
    let tokens = (0...255).map { [UInt8($0)] } + ["ab", "abab", " a"].map { Array($0.utf8) }
    let (a, b, blank) = (TokenID(0x61), TokenID(0x62), TokenID(0x20))
    var model = BPEModel(
      vocabulary: Vocabulary(tokens: tokens),
      merges: [
        Merge(left: a, right: b, result: 256), Merge(left: 256, right: 256, result: 257),
        Merge(left: blank, right: a, result: 258),
      ], ignoresMerges: ignoresMerges)
    model.dropout = dropout
    return Tokenizer(
      normalizer: Normalizer([]), preTokenizer: PreTokenizer([.whitespaceSplit]),
      model: .bpe(model))
  }

  private static func unigram() -> Tokenizer {
    let pieces = ["<unk>", "a", "b", "ab", "ba", "aba", "▁"]
    return Tokenizer(
      normalizer: Normalizer([]), preTokenizer: PreTokenizer([]),
      model: .unigram(
        UnigramModel(
          vocabulary: Vocabulary(tokens: pieces.map { Array($0.utf8) }),
          scores: [0, -2, -2.5, -3, -3.5, -4, -1],
          kinds: [.unknown] + [PieceKind](repeating: .normal, count: 6), unknownID: 0)))
  }

  private static let texts = (0..<60).map { number in
    Array(String(repeating: number % 2 == 0 ? "abab ab" : "ababab x☃", count: number % 7 + 1).utf8)
  }

  private static let methods: [(Tokenizer, Sampling.Method)] = [
    (bpe(), .dropout(0.4)), (unigram(), .ways(alpha: 0.5, candidates: nil)),
    (unigram(), .ways(alpha: 0.2, candidates: 10)),
  ]

  @Test("A text depends on the seed and its number alone, in whatever order texts come")
  func places() throws {
    for (tokenizer, method) in Self.methods {
      let compiled = try CompiledTokenizer(tokenizer)
      let options = EncodingOptions(sampling: Sampling(method, seed: 5))
      var encoder = try TokenEncoder(compiled, options: options)
      var inOrder: [[TokenID]] = []
      for text in Self.texts {
        var ids: [TokenID] = []
        try encoder.encode(text, into: &ids)
        inOrder.append(ids)
      }
      var other = try TokenEncoder(compiled, options: options)
      for number in Self.texts.indices.reversed() {
        other.textNumber = UInt64(number)
        #expect(try other.encode(Self.texts[number]).ids == inOrder[number])
      }
      // The same text at other numbers.
      #expect(Set([6, 20, 34, 48].map { inOrder[$0] }).count > 2)
      var differs = false
      let seeded = EncodingOptions(sampling: Sampling(method, seed: 6))
      var third = try TokenEncoder(compiled, options: seeded)
      for (text, ids) in zip(Self.texts, inOrder) {
        if try third.encode(text).ids != ids { differs = true }
      }
      #expect(differs)
    }
  }

  @Test("A batch is encoded as its texts one after the other, by any number of threads")
  func batches() throws {
    for (tokenizer, method) in Self.methods {
      let texts = (0..<4).flatMap { _ in Self.texts }.map { String(decoding: $0, as: UTF8.self) }
      let long = texts.map { String(repeating: $0 + " ", count: 12) }
      let options = EncodingOptions(sampling: Sampling(method, seed: 2))
      var encoder = try TokenEncoder(CompiledTokenizer(tokenizer), options: options)
      let expected = try long.map { try encoder.encode(Array($0.utf8)) }
      for threads in [1, 2, 3] {
        let batch = try tokenizer.encodeBatch(long, options: options, threads: threads)
        #expect(batch == expected)
      }
      #expect(try tokenizer.encode(long[0], options: options) == expected[0])
      #expect(try tokenizer.encode(long[0], options: options) == expected[0])
    }
  }

  @Test("Places of tokens cover what they are made from")
  func offsets() throws {
    for (tokenizer, method) in Self.methods {
      let compiled = try CompiledTokenizer(tokenizer)
      var encoder = try TokenEncoder(
        compiled, options: EncodingOptions(sampling: Sampling(method, seed: 1)))
      for text in Self.texts {
        let encoding = try encoder.encode(text)
        for (id, range) in zip(encoding.ids, encoding.offsets) where id != 0 {
          #expect(tokenizer.bytes(of: id).map(Array.init) == Array(text[range]))
        }
        let covered = encoding.offsets.reduce(0) { $0 + $1.count }
        let blanks = text.count { $0 == 0x20 }
        #expect(covered == text.count || covered == text.count - blanks)
      }
    }
  }

  @Test("Dropout 0 and one candidate leave nothing to chance; dropout 1 leaves single bytes")
  func certainty() throws {
    for ignoresMerges in [false, true] {
      let compiled = try CompiledTokenizer(Self.bpe(ignoresMerges: ignoresMerges))
      var plain = try TokenEncoder(compiled)
      var zero = try TokenEncoder(
        compiled, options: EncodingOptions(sampling: Sampling(.dropout(0))))
      var one = try TokenEncoder(
        compiled, options: EncodingOptions(sampling: Sampling(.dropout(1))))
      for text in Self.texts {
        #expect(try zero.encode(text) == plain.encode(text))
        #expect(try one.encode(text).ids == text.filter { $0 != 0x20 }.map { TokenID($0) })
      }
    }
    let compiled = try CompiledTokenizer(Self.unigram())
    var plain = try TokenEncoder(compiled)
    for candidates in [0, 1] {
      var certain = try TokenEncoder(
        compiled,
        options: EncodingOptions(sampling: Sampling(.ways(alpha: 1, candidates: candidates))))
      for text in Self.texts { #expect(try certain.encode(text) == plain.encode(text)) }
    }
  }

  @Test("A model that says so leaves out merges, unless the options say how many")
  func ownDropout() throws {
    let compiled = try CompiledTokenizer(Self.bpe(dropout: 1))
    var own = try TokenEncoder(compiled)
    #expect(try own.encode(Array("abab".utf8)).ids == [0x61, 0x62, 0x61, 0x62])
    var asked = try TokenEncoder(
      compiled, options: EncodingOptions(sampling: Sampling(.dropout(0))))
    #expect(try asked.encode(Array("abab".utf8)).ids == [257])
  }

  @Test("What is not for a model, or out of range, is refused")
  func refusals() throws {
    let cases: [(Tokenizer, Sampling.Method)] = [
      (Self.bpe(), .ways(alpha: 1, candidates: nil)), (Self.unigram(), .dropout(0.1)),
      (Self.bpe(), .dropout(1.5)), (Self.bpe(), .dropout(.nan)), (Self.bpe(), .dropout(-0.1)),
      (Self.unigram(), .ways(alpha: -1, candidates: nil)),
      (Self.unigram(), .ways(alpha: .infinity, candidates: nil)),
      (Self.unigram(), .ways(alpha: 1, candidates: 513)),
    ]
    for (tokenizer, method) in cases {
      let compiled = try CompiledTokenizer(tokenizer)
      #expect {
        _ = try TokenEncoder(compiled, options: EncodingOptions(sampling: Sampling(method)))
      } throws: { error in
        guard case .unfitSampling = error as? TokenizerError else { return false }
        return true
      }
    }
    var encoder = try TokenEncoder(CompiledTokenizer(Self.bpe()))
    #expect(throws: TokenizerError.noLattice) { try encoder.segmentations(of: [0x61], count: 2) }
    #expect(throws: TokenizerError.noLattice) { try encoder.entropy(of: [0x61]) }
  }

  @Test("The best ways of a text are the best sums of those of its pre-tokens")
  func segmentations() throws {
    var apart = Self.unigram()
    apart.preTokenizer = PreTokenizer([.whitespaceSplit])
    var encoder = try TokenEncoder(CompiledTokenizer(apart))
    let words = ["aba", "ab", "bab"]
    let lists = try words.map { try encoder.segmentations(of: Array($0.utf8), count: 100) }
    var sums: [(score: Double, ids: [TokenID])] = [(0, [])]
    for list in lists {
      sums = sums.flatMap { sum in list.map { (sum.score + $0.score, sum.ids + $0.ids) } }
    }
    let expected = sums.map(\.score).sorted(by: >)
    let all = Set(sums.map(\.ids))
    for count in [1, 2, 7, 512] {
      let found = try encoder.segmentations(of: Array("aba ab bab".utf8), count: count)
      #expect(found.count == min(count, all.count))
      for (segmentation, score) in zip(found, expected) {
        #expect(abs(segmentation.score - score) < 1e-5)
        #expect(all.contains(segmentation.ids))
      }
      #expect(Set(found.map(\.ids)).count == found.count)
    }
    let entropy = try words.reduce(0) { try $0 + encoder.entropy(of: Array($1.utf8), alpha: 0.5) }
    #expect(abs(try encoder.entropy(of: Array("aba ab bab".utf8), alpha: 0.5) - entropy) < 1e-9)
    #expect(try encoder.segmentations(of: [], count: 3) == [Segmentation(ids: [], score: 0)])
  }
}
