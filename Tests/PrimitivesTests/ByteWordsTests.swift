import Primitives
import Testing

@Suite("Words of bytes")
struct ByteWordsTests {
  /// Calls `body` with each length up to 40 and strings of it that differ in one byte, or in none.
  private func forEachPair(
    _ body: (_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int, _ place: Int?) ->
      Void
  ) {
    for count in 0...40 {
      let text = (0...count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
      for place in [nil] + (0..<count).map(Optional.init) {
        var other = text
        if let place { other[place] ^= 0x40 }
        // What stands behind the strings differs always.
        other[count] ^= 1
        text.withUnsafeBufferPointer { a in
          other.withUnsafeBufferPointer { b in
            if let a = a.baseAddress, let b = b.baseAddress { body(a, b, count, place) }
          }
        }
      }
    }
  }

  @Test("Strings are equal where all of their bytes are, and only then; so are their hashes")
  func equality() {
    var isHashDifferent = 0
    forEachPair { a, b, count, place in
      #expect(ByteWords.areEqual(a, b, count: count) == (place == nil))
      let hashes = (
        ByteWords.hash(a, count: count, seed: 5), ByteWords.hash(b, count: count, seed: 5)
      )
      if place == nil { #expect(hashes.0 == hashes.1) }
      if place != nil, hashes.0 != hashes.1 { isHashDifferent += 1 }
    }
    #expect(isHashDifferent == (0...40).reduce(0, +))
  }

  @Test("The length of a string and the seed change its hash")
  func hashes() {
    let zeros = [UInt8](repeating: 0, count: 64)
    zeros.withUnsafeBufferPointer { zeros in
      guard let start = zeros.baseAddress else { return }
      let hashes = (0...64).map { ByteWords.hash(start, count: $0, seed: 1) }
      #expect(Set(hashes).count == hashes.count)
      #expect(ByteWords.hash(start, count: 9, seed: 2) != hashes[9])
    }
  }

  @Test("Windows are in the order of their strings")
  func windows() {
    let texts: [[UInt8]] = [
      [], [1], [1, 1], [1, 2], [1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7, 8],
      [1, 2, 3, 4, 5, 6, 7, 9], [2], [0xFF, 1],
    ]
    let windows = texts.map { text in
      text.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { ByteWords.window($0, count: buffer.count) } ?? 0
      }
    }
    #expect(windows == windows.sorted())
    #expect(windows[4] == 0x0102_0304_0506_0700)
  }
}
