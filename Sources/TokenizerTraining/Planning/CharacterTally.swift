import Primitives

/// How often each character occurs in counted words. Bytes that are no UTF-8 are none.
struct CharacterTally {
  /// The counts of the characters that occur, falling.
  let counts: [UInt64]

  init(_ words: PreTokenCounts) {
    // Pages of characters that no text has are never touched.
    guard let pages = PageBuffer<UInt64>(count: 0x11_0000) else {
      counts = []
      return
    }
    let byScalar = UnsafeMutableBufferPointer(start: pages.base, count: pages.count)
    words.bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      for index in 0..<words.wordCount {
        let word = UnsafeBufferPointer(rebasing: bytes[start..<words.ends[index]])
        start = words.ends[index]
        Self.add(word, words.counts[index], to: byScalar)
      }
    }
    counts = byScalar.filter { $0 > 0 }.sorted(by: >)
    _ = consume pages
  }

  private static func add(
    _ word: UnsafeBufferPointer<UInt8>, _ count: UInt64,
    to byScalar: UnsafeMutableBufferPointer<UInt64>
  ) {
    var decoder = Unicode.UTF8.ForwardParser()
    var bytes = word.makeIterator()
    while true {
      switch decoder.parseScalar(from: &bytes) {
      case .valid(let encoded):
        let scalar = Int(Unicode.UTF8.decode(encoded).value)
        let (sum, overflows) = byScalar[scalar].addingReportingOverflow(count)
        byScalar[scalar] = overflows ? .max : sum
      case .error: continue
      case .emptyInput: return
      }
    }
  }
}
