import Primitives
import Testing

@testable import TokenizerTraining

@Suite("Table of short words")
struct ShortWordTableTests {
  /// Text and its pieces, one to forty bytes long and most of them often there.
  private func pieces(
    _ count: Int, seed: Int
  ) -> (text: [UInt8], starts: [UInt32], ends: [UInt32]) {
    var random = SplitMix(state: UInt64(seed))
    var (text, starts, ends): ([UInt8], [UInt32], [UInt32]) = ([], [], [])
    for _ in 0..<count {
      starts.append(UInt32(text.count))
      var word = SplitMix(state: UInt64(random.below(1 + random.below(3000))))
      let length = word.below(20) == 0 ? 1 + word.below(40) : 1 + word.below(15)
      for _ in 0..<length { text.append(UInt8(word.below(256))) }
      ends.append(UInt32(text.count))
      // Something between pieces, now and then.
      if random.below(5) == 0 { text.append(0) }
    }
    return (text + [UInt8](repeating: 0x61, count: 16), starts, ends)
  }

  @Test(
    "Words are counted with vectors and without, the longer ones are told",
    arguments: [false, true])
  func counts(usesVectors: Bool) throws {
    for seed in 0..<6 {
      let (text, starts, ends) = pieces(6000, seed: seed)
      let table = try ShortWordTable(expectedWords: 0)
      let batch = WordBatch(usesVectors: usesVectors)
      var expected: [[UInt8]: UInt64] = [:]
      var (longs, expectedLongs): ([Int], [Int]) = ([], [])
      for first in stride(from: 0, to: starts.count, by: WordBatch.capacity) {
        let count = min(WordBatch.capacity, starts.count - first)
        let longCount = text.withUnsafeBufferPointer { text in
          starts[first...].withUnsafeBufferPointer { starts in
            ends[first...].withUnsafeBufferPointer { ends in
              guard let text = text.baseAddress, let starts = starts.baseAddress,
                let ends = ends.baseAddress
              else { return 0 }
              return table.makeKeys(of: text, starts: starts, ends: ends, count: count, in: batch)
            }
          }
        }
        longs += (0..<longCount).map { first + Int(batch.words.longs[$0]) }
        try table.count(batch)
      }
      for index in starts.indices {
        let word = Array(text[Int(starts[index])..<Int(ends[index])])
        if word.count > 15 { expectedLongs.append(index) } else { expected[word, default: 0] += 1 }
      }
      var found: [[UInt8]: UInt64] = [:]
      var buffer = [UInt8](repeating: 0, count: 16)
      table.forEach(inPart: 0, of: 1) { key, _, count in
        key.write(to: &buffer)
        found[Array(buffer.prefix(key.length))] = count
      }
      #expect(found == expected, "seed \(seed)")
      #expect(longs == expectedLongs, "seed \(seed)")
      #expect(table.wordCount == expected.count)
    }
  }
}
