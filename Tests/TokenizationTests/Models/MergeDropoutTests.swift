import Primitives
import Testing

@testable import Tokenization

/// All that can become of a word whose merges are left out by chance, with probabilities: the rules of
/// the two libraries, with both outcomes of each draw.
struct NaiveDropout {
  let merges: [Merge]
  let probability: Double
  let rule: MergeDropout.Rule

  private struct State {
    /// By first position; `nil` where a symbol was absorbed.
    var symbols: [TokenID?]
    /// Ranks and positions of pairs.
    var queue: [[Int]] = []
    var leftOut: [[Int]] = []

    func next(of position: Int) -> Int? {
      symbols.indices.first { $0 > position && symbols[$0] != nil }
    }
  }

  func outcomes(_ symbols: [TokenID]) -> [[TokenID]: Double] {
    var state = State(symbols: symbols)
    for position in symbols.indices { enqueue(position, in: &state) }
    var result: [[TokenID]: Double] = [:]
    run(state, 1, into: &result)
    return result
  }

  private func rank(at position: Int, in state: State) -> Int? {
    guard let left = state.symbols[position], let next = state.next(of: position),
      let right = state.symbols[next]
    else { return nil }
    return merges.firstIndex { $0.left == left && $0.right == right }
  }

  private func enqueue(_ position: Int, in state: inout State) {
    if let rank = rank(at: position, in: state) { state.queue.append([rank, position]) }
  }

  private func run(_ state: State, _ share: Double, into result: inout [[TokenID]: Double]) {
    guard let first = state.queue.min(by: { ($0[0], $0[1]) < ($1[0], $1[1]) }) else {
      result[state.symbols.compactMap { $0 }, default: 0] += share
      return
    }
    var state = state
    if let place = state.queue.firstIndex(of: first) { state.queue.remove(at: place) }
    let isThere = rank(at: first[1], in: state) == first[0]
    if rule == .sentencePiece && !isThere { return run(state, share, into: &result) }
    var without = state
    if rule == .huggingFace { without.leftOut.append(first) }
    run(without, share * probability, into: &result)
    state.queue += state.leftOut
    state.leftOut = []
    if isThere, let next = state.next(of: first[1]) {
      state.symbols[first[1]] = merges[first[0]].result
      state.symbols[next] = nil
      enqueue(first[1], in: &state)
      if let before = state.symbols[..<first[1]].lastIndex(where: { $0 != nil }) {
        enqueue(before, in: &state)
      }
    }
    run(state, share * (1 - probability), into: &result)
  }
}

@Suite("Merges left out by chance")
struct MergeDropoutTests {
  private func merged(
    _ symbols: [TokenID], by table: MergeTable, _ dropout: MergeDropout,
    _ random: inout RandomSequence
  ) -> [TokenID] {
    var symbols = symbols
    let count = symbols.withUnsafeMutableBufferPointer { symbols in
      symbols.baseAddress.map { dropout.merge($0, count: symbols.count, by: table, &random) } ?? 0
    }
    return Array(symbols.prefix(count))
  }

  @Test(
    "Words become what the rules say, as often as they say",
    arguments: [MergeDropout.Rule.huggingFace, .sentencePiece])
  func distribution(rule: MergeDropout.Rule) {
    for seed in UInt64(1)...8 {
      var generator = SeededGenerator(seed: seed)
      let naive = NaiveBPE(letters: Array("ab".utf8), mergeCount: 12, using: &generator)
      let table = MergeTable(naive.merges)
      let word = (0..<6).map { _ in TokenID.random(in: 0..<2, using: &generator) }
      let probability = [0.1, 0.3, 0.5, 0.8][Int(seed % 4)]
      let expected = NaiveDropout(
        merges: naive.merges, probability: probability, rule: rule
      ).outcomes(word)
      #expect(abs(expected.values.reduce(0, +) - 1) < 1e-9)
      var counts: [[TokenID]: Int] = [:]
      var random = RandomSequence(seed: seed, place: 0)
      let dropout = MergeDropout(probability: probability, rule: rule)
      for _ in 0..<20_000 { counts[merged(word, by: table, dropout, &random), default: 0] += 1 }
      #expect(Set(counts.keys).isSubset(of: Set(expected.keys)), "seed \(seed)")
      var square = 0.0
      var kinds = 0.0
      for (outcome, share) in expected where share > 0.001 {
        let difference = Double(counts[outcome] ?? 0) - 20_000 * share
        square += difference * difference / (20_000 * share)
        kinds += 1
      }
      // Mean k and deviation √2k; the seeds are fixed.
      #expect(square < kinds + 5 * (2 * kinds).squareRoot(), "seed \(seed)")
    }
  }

  @Test("With probability 0 all merges are made, with 1 none, in words of any length")
  func certain() {
    for seed in UInt64(1)...20 {
      var generator = SeededGenerator(seed: seed)
      let naive = NaiveBPE(letters: Array("abc".utf8), mergeCount: 30, using: &generator)
      let table = MergeTable(naive.merges)
      for length in [0, 1, 2, 10, 41, 90] {
        let word = (0..<length).map { _ in TokenID.random(in: 0..<3, using: &generator) }
        let bytes = word.map { naive.tokens[Int($0)][0] }
        for rule in [MergeDropout.Rule.huggingFace, .sentencePiece] {
          var random = RandomSequence(seed: seed, place: 0)
          let all = MergeDropout(probability: 0, rule: rule)
          #expect(merged(word, by: table, all, &random) == naive.encode(bytes))
          let none = MergeDropout(probability: 1, rule: rule)
          #expect(merged(word, by: table, none, &random) == word)
        }
      }
    }
  }
}
