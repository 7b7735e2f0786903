import Testing

@testable import Tokenization

@Suite("Merging")
struct MergingTests {
  private func encode(_ piece: [UInt8], by model: CompiledBPE) -> [TokenID] {
    var ids = [TokenID](repeating: 0, count: piece.count + 4)
    let count = piece.withUnsafeBufferPointer { piece in
      ids.withUnsafeMutableBufferPointer { ids in
        ids.baseAddress.map { model.encode(piece, into: $0) } ?? 0
      }
    }
    return Array(ids.prefix(count))
  }

  @Test("The example of the paper: aaabdaaabac becomes XdXac")
  func helloWorld() {
    let letters = Array("abcd".utf8)
    let tokens = letters.map { [$0] } + ["aa", "ab", "aaab"].map { Array($0.utf8) }
    let model = CompiledBPE(
      BPEModel(
        vocabulary: Vocabulary(tokens: tokens),
        merges: [
          Merge(left: 0, right: 0, result: 4), Merge(left: 0, right: 1, result: 5),
          Merge(left: 4, right: 5, result: 6),
        ]))
    #expect(encode(Array("aaabdaaabac".utf8), by: model) == [6, 3, 6, 0, 2])
  }

  @Test("Random models and words of all lengths give what the definition gives")
  func oracle() {
    for seed in UInt64(1)...60 {
      var generator = SeededGenerator(seed: seed)
      let letters = Array("abcde".utf8.prefix(Int.random(in: 1...5, using: &generator)))
      let naive = NaiveBPE(letters: letters, mergeCount: 40, using: &generator)
      let model = CompiledBPE(naive.model)
      for length in [1, 2, 3, 7, 39, 40, 41, 42, 80, 150] {
        // A stranger among the letters has no token and falls out.
        let piece = (0..<length).map { _ in
          Int.random(in: 0..<20, using: &generator) == 0
            ? UInt8(ascii: "?") : letters.randomElement(using: &generator) ?? 0
        }
        #expect(encode(piece, by: model) == naive.encode(piece), "seed \(seed), length \(length)")
      }
    }
  }

  @Test("A pair that is listed twice has its last rank")
  func duplicates() {
    let tokens = ["a", "b", "c", "ab", "bc"].map { Array($0.utf8) }
    let model = CompiledBPE(
      BPEModel(
        vocabulary: Vocabulary(tokens: tokens),
        merges: [
          Merge(left: 0, right: 1, result: 3), Merge(left: 1, right: 2, result: 4),
          Merge(left: 0, right: 1, result: 3),
        ]))
    #expect(encode(Array("abc".utf8), by: model) == [0, 4])
  }

  @Test("A model that ignores merges takes a piece whole if it is a token")
  func wholePieces() {
    let tokens = ["a", "b", "ab", "aba"].map { Array($0.utf8) }
    let merges = [Merge(left: 0, right: 1, result: 2)]
    for ignores in [true, false] {
      let model = CompiledBPE(
        BPEModel(
          vocabulary: Vocabulary(tokens: tokens), merges: merges, ignoresMerges: ignores))
      #expect(encode(Array("aba".utf8), by: model) == (ignores ? [3] : [2, 0]))
      #expect(encode(Array("abab".utf8), by: model) == [2, 2])
    }
  }
}
