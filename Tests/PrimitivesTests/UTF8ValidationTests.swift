import Primitives
import Testing

@Suite struct UTF8ValidationTests {
  @Test("every sequence of three bytes from the edges of table 3-7 is judged as String judges it")
  func edgesOfTheTable() {
    let edges: [UInt8] = [
      0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1,
      0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ]
    for first in edges {
      for second in edges {
        for third in edges { check([first, second, third]) }
      }
    }
  }

  @Test("random mixtures of characters and broken characters are judged as String judges them")
  func randomMixtures() {
    var random = SplitMix(seed: 20_261)
    for _ in 0..<4000 {
      var bytes: [UInt8] = []
      for _ in 0..<random.below(12) {
        switch random.below(4) {
        case 0: bytes.append(UInt8(random.below(256)))
        case 1: bytes += Array("plain text, long enough for a register".utf8)
        default:
          let scalar = Unicode.Scalar(UInt32(random.below(0x11_0000))) ?? "\u{FFFD}"
          let character = Array(String(scalar).utf8)
          bytes += character.prefix(random.below(3) == 0 ? random.below(4) : 4)
        }
      }
      check(bytes)
    }
  }

  @Test("the offset is that of the first byte of the ill-formed sequence")
  func offsets() {
    #expect(firstInvalidOffset([]) == nil)
    #expect(firstInvalidOffset(Array("naïve 😀".utf8)) == nil)
    #expect(firstInvalidOffset([0x61, 0xE2, 0x82]) == 1)
    #expect(firstInvalidOffset([0x61, 0xC3, 0xA9, 0xFF, 0xFF]) == 3)
    #expect(firstInvalidOffset([0xED, 0xA0, 0x80]) == 0)
    #expect(firstInvalidOffset(Array(repeating: 0x61, count: 1000) + [0x80]) == 1000)
  }

  @Test("a maximal subpart becomes one replacement character, and the count says how many")
  func maximalSubparts() {
    // The example of table 3-8 of the Unicode standard.
    let bytes: [UInt8] = [
      0x61, 0xF1, 0x80, 0x80, 0xE1, 0x80, 0xC2, 0x62, 0x80, 0x63, 0x80, 0xBF, 0x64,
    ]
    let (text, replacements) = repaired(bytes)
    #expect(text == Array("a\u{FFFD}\u{FFFD}\u{FFFD}b\u{FFFD}c\u{FFFD}\u{FFFD}d".utf8))
    #expect(replacements == 6)
  }

  /// Compares validity, repair and the number of replacements with the standard library's.
  private func check(_ bytes: [UInt8]) {
    let expected = Array(String(decoding: bytes, as: UTF8.self).utf8)
    #expect((firstInvalidOffset(bytes) == nil) == (expected == bytes), "\(bytes)")
    if let offset = firstInvalidOffset(bytes) {
      #expect(firstInvalidOffset(Array(bytes[..<offset])) == nil, "\(bytes)")
    }
    let (text, replacements) = repaired(bytes)
    #expect(text == expected, "\(bytes)")
    #expect(replacements == marks(in: expected) - marks(in: bytes), "\(bytes)")
  }

  private func marks(in bytes: [UInt8]) -> Int {
    bytes.indices.dropLast(2).count { Array(bytes[$0...($0 + 2)]) == [0xEF, 0xBF, 0xBD] }
  }

  private func firstInvalidOffset(_ bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.flatMap { UTF8Validation.firstInvalidOffset(in: $0, count: buffer.count) }
    }
  }

  private func repaired(_ bytes: [UInt8]) -> (text: [UInt8], replacements: Int) {
    var output: [UInt8] = []
    let replacements = bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map {
        UTF8Validation.repair($0, count: buffer.count, appendingTo: &output)
      }
    }
    return (output, replacements ?? 0)
  }
}

/// Steele, Lea, Flood 2014: a generator whose sequence a seed fixes on every platform.
private struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number in 0..<bound.
  mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(next() % UInt64(bound)) : 0 }
}
