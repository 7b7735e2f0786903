import Primitives
import Testing

@testable import Tokenization

/// Ways through texts, found one by one.
struct NaiveLattice {
  let pieces: [(text: [UInt8], score: Double)]
  let unknownScore: Double

  /// All ways as lists of ids; the first id is the unknown one.
  func ways(_ text: [UInt8]) -> [(ids: [TokenID], score: Double)] {
    if text.isEmpty { return [([], 0)] }
    var found: [(ids: [TokenID], score: Double)] = []
    var isCovered = false
    for (id, piece) in pieces.enumerated() where id > 0 && text.starts(with: piece.text) {
      isCovered = isCovered || piece.text.count == 1
      for rest in ways(Array(text.dropFirst(piece.text.count))) {
        found.append(([TokenID(id)] + rest.ids, piece.score + rest.score))
      }
    }
    if !isCovered {
      for rest in ways(Array(text.dropFirst())) {
        found.append(([0] + rest.ids, unknownScore + rest.score))
      }
    }
    return found
  }
}

@Suite("Ways through the lattice of a unigram model")
struct UnigramLatticeTests {
  /// A random model over few letters, its lattice, and the naive one.
  private struct Case {
    let lattice: UnigramLattice
    let naive: NaiveLattice
    let letters: [UInt8]

    init(_ generator: inout SeededGenerator, rules: UnigramModel.Rules = .sentencePiece) {
      letters = Array("abc".utf8)
      var texts: Set<[UInt8]> = []
      for _ in 0..<12 {
        let length = Int.random(in: 1...4, using: &generator)
        texts.insert((0..<length).map { _ in "abc".utf8.randomElement(using: &generator) ?? 0x61 })
      }
      let pieces =
        [(text: Array("<unk>".utf8), score: 0.0)]
        + texts.sorted { $0.lexicographicallyPrecedes($1) }.map {
          (text: $0, score: Double(Float(-Double.random(in: 1...8, using: &generator))))
        }
      var kinds = [PieceKind](repeating: .normal, count: pieces.count)
      kinds[0] = .unknown
      let model = UnigramModel(
        vocabulary: Vocabulary(tokens: pieces.map(\.text)), scores: pieces.map(\.score),
        kinds: kinds, unknownID: 0, rules: rules)
      lattice = UnigramLattice(model, trie: CompiledUnigram(model).trie)
      let least = pieces.dropFirst().reduce(0) { min($0, $1.score) }
      naive = NaiveLattice(pieces: pieces, unknownScore: Double(Float(least) - 10))
    }

    func text(_ length: Int, _ generator: inout SeededGenerator) -> [UInt8] {
      (0..<length).map { _ in letters.randomElement(using: &generator) ?? 0x61 }
    }
  }

  private static func exponential(_ x: Double) -> Double {
    ExponentialTable.value(x, ExponentialTable.shared.powers)
  }

  @Test("Sums over all ways and the entropy are those of the ways one by one")
  func sums() {
    for seed in UInt64(1)...40 {
      var generator = SeededGenerator(seed: seed)
      let instance = Case(&generator)
      for length in 1...7 {
        let text = instance.text(length, &generator)
        for exponent in [0, 0.1, 1, 2.5] {
          let shares = instance.naive.ways(text).map { exponent * $0.score }
          let sum = shares.reduce(0) { $0 + Self.exponential($1) }
          let entropy = shares.reduce(0) {
            let share = Self.exponential($1) / sum
            return $0 - share * ($1 - RealFunctions.log(sum))
          }
          text.withUnsafeBufferPointer { text in
            let found = instance.lattice.backwardSums(of: text, exponent: exponent)[0]
            #expect(abs(found - RealFunctions.log(sum)) < 1e-9, "seed \(seed)")
            let uncertainty = instance.lattice.entropy(of: text, exponent: exponent)
            #expect(abs(uncertainty - entropy) < 1e-9, "seed \(seed)")
          }
        }
      }
    }
  }

  @Test(
    "The best ways are the first of all, sorted by score",
    arguments: [UnigramModel.Rules.sentencePiece, .huggingFace(fallsBackToBytes: false)])
  func best(rules: UnigramModel.Rules) {
    for seed in UInt64(1)...60 {
      var generator = SeededGenerator(seed: seed)
      let instance = Case(&generator, rules: rules)
      let text = instance.text(8, &generator)
      let all = instance.naive.ways(text).sorted { $0.score > $1.score }
      for count in [1, 2, 5, 40] {
        let ways = text.withUnsafeBufferPointer { instance.lattice.bestWays(through: $0, count) }
        #expect(ways.count == min(count, all.count), "seed \(seed)")
        for (way, expected) in zip(ways, all) {
          #expect(abs(way.score - expected.score) < 1e-4, "seed \(seed)")
        }
        let found = Set(ways.map { $0.edges.map(\.id) })
        #expect(found.count == ways.count)
        #expect(found.isSubset(of: Set(all.map(\.ids))))
      }
    }
  }

  @Test("Ways are drawn as often as their shares say")
  func frequencies() {
    var generator = SeededGenerator(seed: 4)
    let instance = Case(&generator)
    let text = instance.text(5, &generator)
    for exponent in [0, 0.3, 1] {
      let ways = instance.naive.ways(text)
      let shares = ways.map { Self.exponential(exponent * $0.score) }
      let sum = shares.reduce(0, +)
      var counts: [[TokenID]: Int] = [:]
      var random = RandomSequence(seed: 7, place: 0)
      text.withUnsafeBufferPointer { text in
        for _ in 0..<20_000 {
          let way = instance.lattice.sample(text, exponent: exponent, &random) ?? []
          counts[way.map(\.id), default: 0] += 1
        }
      }
      var square = 0.0
      var kinds = 0.0
      for (way, share) in zip(ways, shares) where share / sum > 0.001 {
        let expected = 20_000 * share / sum
        let difference = Double(counts[way.ids] ?? 0) - expected
        square += difference * difference / expected
        kinds += 1
      }
      // Mean k and deviation √2k: five deviations are next to never exceeded; the seed is fixed.
      #expect(square < kinds + 5 * (2 * kinds).squareRoot(), "exponent \(exponent)")
    }
  }

  @Test("A long text of ties ends with the best way alone, as SentencePiece's limits have it")
  func limits() {
    let pieces = ["<unk>", "a", "aa", "aaa", "aaaa"]
    let model = UnigramModel(
      vocabulary: Vocabulary(tokens: pieces.map { Array($0.utf8) }), scores: [0, -1, -2, -3, -4],
      kinds: [.unknown, .normal, .normal, .normal, .normal], unknownID: 0)
    let lattice = UnigramLattice(model, trie: CompiledUnigram(model).trie)
    let text = [UInt8](repeating: UInt8(ascii: "a"), count: 3000)
    let ways = text.withUnsafeBufferPointer { lattice.bestWays(through: $0, 500) }
    #expect(ways.count == 1)
    #expect(ways.first?.edges.map(\.range).last?.upperBound == 3000)
  }

  @Test("The heap gives everything in order, whatever goes in between")
  func heap() {
    var generator = SeededGenerator(seed: 9)
    var heap = AgendaHeap<Int>()
    var held: [Int] = []
    for _ in 0..<3000 {
      if Int.random(in: 0..<3, using: &generator) > 0 {
        let priority = Int.random(in: 0..<50, using: &generator)
        heap.insert(priority, priority: priority)
        held.append(priority)
      } else if let (value, priority) = heap.removeFirst() {
        #expect(value == priority && priority == held.max())
        if let place = held.firstIndex(of: priority) { held.remove(at: place) }
      }
      #expect(heap.count == held.count)
    }
  }
}
