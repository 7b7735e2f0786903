import Testing

@testable import Primitives

@Suite("Short keys")
struct ShortKeyTests {
  @Test("A key holds the bytes and the length of its string, whatever stands behind it")
  func bytes() {
    let text = (0..<48).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ 200) }
    let masks = ShortKey.Masks()
    text.withUnsafeBufferPointer { text in
      guard let base = text.baseAddress else { return }
      for start in 0..<16 {
        for length in 1...ShortKey.maximumLength {
          let key = ShortKey(at: base + start, length: length)
          var written = [UInt8](repeating: 1, count: 16)
          written.withUnsafeMutableBufferPointer { buffer in
            if let target = buffer.baseAddress { key.write(to: target) }
          }
          #expect(Array(written[..<length]) == Array(text[start..<start + length]))
          #expect(written[length...].allSatisfy { $0 == 0 })
          #expect(key.length == length)
          #expect(ShortKey(at: base + start, shortLength: length, masks: masks) == key)
        }
        #expect(ShortKey(at: base + start, length: 16) == .long)
      }
    }
  }
}
