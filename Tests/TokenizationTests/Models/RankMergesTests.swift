import Testing

@testable import Tokenization

@Suite("Merges of ranks")
struct RankMergesTests {
  /// All bytes and some tokens over a few letters, with random ids that leave gaps.
  private struct RandomRanks {
    var tokens: [[UInt8]?]

    init(letters: [UInt8], count: Int, longest: Int, using generator: inout SeededGenerator) {
      var words = (0...255).map { [UInt8($0)] }
      for _ in 0..<count {
        // Mostly of two others, so that some are made by merges and some by none.
        let word =
          Int.random(in: 0..<4, using: &generator) > 0
          ? (words.randomElement(using: &generator) ?? [])
            + (words.suffix(30).randomElement(using: &generator) ?? [])
          : (0..<Int.random(in: 2...5, using: &generator)).map { _ in
            letters.randomElement(using: &generator) ?? 0
          }
        if word.count <= longest, !words.contains(word) { words.append(word) }
      }
      words.removeAll { $0.count > 1 && !$0.allSatisfy(letters.contains) }
      words.shuffle(using: &generator)
      tokens = []
      for word in words {
        if Int.random(in: 0..<10, using: &generator) == 0 { tokens.append(nil) }
        tokens.append(word)
      }
    }

    var ids: [[UInt8]: TokenID] {
      Dictionary(
        uniqueKeysWithValues: tokens.enumerated().compactMap { id, token in
          token.map { ($0, TokenID(id)) }
        })
    }
  }

  /// What tiktoken does with a piece, one merge at a time.
  private func naive(_ piece: [UInt8], _ ids: [[UInt8]: TokenID]) -> [TokenID] {
    if let whole = ids[piece] { return [whole] }
    var parts = piece.map { [$0] }
    while true {
      var best: (id: TokenID, place: Int)?
      for place in parts.indices.dropLast() {
        if let id = ids[parts[place] + parts[place + 1]], id < best?.id ?? .max {
          best = (id, place)
        }
      }
      guard let best else { return parts.compactMap { ids[$0] } }
      parts.replaceSubrange(
        best.place...best.place + 1, with: [parts[best.place] + parts[best.place + 1]])
    }
  }

  private func encode(_ piece: [UInt8], by model: CompiledBPE) -> [TokenID] {
    var ids = [TokenID](repeating: 0, count: piece.count + 4)
    let count = piece.withUnsafeBufferPointer { piece in
      ids.withUnsafeMutableBufferPointer { ids in
        ids.baseAddress.map { model.encode(piece, into: $0) } ?? 0
      }
    }
    return Array(ids.prefix(count))
  }

  private func ranks(_ vocabulary: Vocabulary) throws -> RankMerges {
    let bytes = try RankFile.byteTokens(of: vocabulary) { _, second in .duplicateID(id: second) }
    return RankMerges(vocabulary, byteTokens: bytes)
  }

  @Test("Random ranks give what joining the pair of the smallest id gives")
  func oracle() throws {
    for seed in UInt64(1)...80 {
      var generator = SeededGenerator(seed: seed)
      let letters = Array("abcde".utf8.prefix(Int.random(in: 1...5, using: &generator)))
      let random = RandomRanks(
        letters: letters, count: 60, longest: seed % 4 == 0 ? 400 : 12, using: &generator)
      let vocabulary = Vocabulary(tokens: random.tokens)
      let ranks = try ranks(vocabulary)
      #expect(ranks.duplicate == nil)
      let merges = ranks.mergesByResult(idCount: vocabulary.count)
      #expect(merges == ranks.merges)
      let ids = random.ids
      let model = CompiledBPE(
        BPEModel(
          vocabulary: vocabulary, merges: merges, ignoresMerges: !ranks.unmerged.isEmpty))
      for length in [1, 2, 3, 5, 8, 13, 41, 90] {
        for _ in 0..<5 {
          let piece = (0..<length).map { _ in letters.randomElement(using: &generator) ?? 0 }
          #expect(encode(piece, by: model) == naive(piece, ids), "seed \(seed), length \(length)")
        }
      }
      for token in ids.keys { #expect(encode(token, by: model) == naive(token, ids)) }
    }
  }

  @Test("Parts may have greater ids than what they make")
  func greaterParts() throws {
    let base = (0...255).map { [UInt8($0)] }
    let vocabulary = Vocabulary(tokens: base + [Array("abc".utf8), Array("ab".utf8)])
    let merges = try ranks(vocabulary).merges
    #expect(
      merges == [
        Merge(left: 257, right: 99, result: 256), Merge(left: 97, right: 98, result: 257),
      ])
  }

  @Test("Of several splits only the one that merging comes to is a merge")
  func oneSplit() throws {
    let base = (0...255).map { [UInt8($0)] }
    let words = ["bc", "ab", "abc"].map { Array($0.utf8) }
    let merges = try ranks(Vocabulary(tokens: base + words)).merges
    #expect(merges.last == Merge(left: 97, right: 256, result: 258))
    #expect(merges.count == 3)
  }

  @Test("A token that merging does not come to has none")
  func unmerged() throws {
    let base = (0...255).map { [UInt8($0)] }
    let ranks = try ranks(Vocabulary(tokens: base + [Array("abc".utf8), Array("xy".utf8)]))
    #expect(ranks.unmerged == [256])
    #expect(ranks.entries.map(\.merge.result) == [257])
  }

  @Test("Equal tokens are found, whether merges make them or not")
  func duplicates() throws {
    let base = (0...255).map { [UInt8($0)] }
    for word in ["ab", "abc", String(repeating: "ab", count: 100)] {
      let words = [Array(word.utf8), Array("xyz".utf8), Array(word.utf8)]
      let duplicate = try ranks(Vocabulary(tokens: base + words)).duplicate
      #expect(duplicate?.first == 256 && duplicate?.second == 258, "\(word)")
    }
  }

  @Test("A long token costs no more than its length asks for")
  func longTokens() throws {
    var tokens = (0...255).map { [UInt8($0)] }
    for power in 1...18 { tokens.append([UInt8](repeating: 97, count: 1 << power)) }
    let ranks = try ranks(Vocabulary(tokens: tokens))
    #expect(ranks.unmerged.isEmpty && ranks.entries.count == 18)
  }
}
