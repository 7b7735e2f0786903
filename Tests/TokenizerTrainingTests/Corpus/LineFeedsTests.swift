import Testing

@testable import TokenizerTraining

@Suite("Line feeds")
struct LineFeedsTests {
  @Test("Line feeds are counted and found among all other bytes, at any place", arguments: 0..<20)
  func counts(seed: Int) {
    var random = TestRandom(seed: UInt64(seed))
    let near: [UInt8] = [0x0A, 0x0A, 0x0B, 0x09, 0x8A, 0x00, 0xFF, 0x4A]
    let bytes = (0..<200).map { _ in near.randomElement(using: &random) ?? 0 }
    bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for lower in 0..<40 {
        for upper in lower..<lower + 40 {
          let expected = bytes[lower..<upper].count(where: { $0 == 0x0A })
          #expect(LineFeeds.count(in: base, from: lower, to: upper) == expected, "seed \(seed)")
          #expect(
            LineFeeds.next(in: base, from: lower, to: upper)
              == bytes[lower..<upper].firstIndex(of: 0x0A), "seed \(seed)")
        }
      }
    }
  }
}
