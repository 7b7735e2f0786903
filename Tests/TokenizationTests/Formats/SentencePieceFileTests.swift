import Testing

@testable import Tokenization

@Suite("tokenizer.model")
struct SentencePieceFileTests {
  /// A field of bytes.
  private func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
    [number << 3 | 2, UInt8(content.count)] + content
  }

  private func piece(
    _ text: [UInt8], score: Float = -1, kind: UInt8 = 1
  ) -> [UInt8] {
    let bits = withUnsafeBytes(of: score.bitPattern.littleEndian) { Array($0) }
    return field(1, field(1, text) + [2 << 3 | 5] + bits + [3 << 3, kind])
  }

  private var unknown: [UInt8] { piece(Array("<unk>".utf8), score: 0, kind: 2) }

  private func error(_ bytes: [UInt8]) -> FormatError? {
    do throws(FormatError) {
      let tokenizer = try SentencePieceFile(reading: bytes).tokenizer()
      _ = try? CompiledTokenizer(tokenizer)
      return nil
    } catch {
      return error
    }
  }

  @Test("Lengths past the end, above 2^31 and above 2^63 are told with their place")
  func lengths() {
    for length: [UInt8] in [
      [4], [0x7F], [0xFF, 0x7F], [0x80, 0x80, 0x80, 0x80, 0x08], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
      [UInt8](repeating: 0xFF, count: 8) + [0x7F], [UInt8](repeating: 0xFF, count: 9) + [0x01],
    ] {
      let bytes = unknown + [0x12] + length + [1, 2, 3]
      guard case .protobuf(let offset, let reason) = error(bytes) else {
        Issue.record("no error for \(length)")
        continue
      }
      #expect(offset == unknown.count && reason.contains("announced"))
    }
    // Inside a piece: its text is longer than itself.
    let inner = unknown + [0x0A, 3, 0x0A, 2, 0x61]
    #expect(
      error(inner)
        == .protobuf(
          offset: unknown.count + 2, reason: "2 bytes are announced, 1 are left"))
  }

  @Test("Numbers without end, field 0, groups and what is cut are told")
  func wire() {
    for (tail, reason) in [
      ([UInt8](repeating: 0x80, count: 11), "64 bits"), ([0x08, 0x80], "ends in a number"),
      ([0x00], "no number of a field"), ([0x0B], "wire type 3"), ([0x0C], "wire type 4"),
      ([0x0E], "wire type 6"), ([0x15, 1, 2, 3], "ends in a number"),
      ([0x11, 1], "ends in a number"),
      ([0xFA, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], "no number of a field"), ([0x78], "ends in a number"),
      ([UInt8](repeating: 0xFF, count: 9) + [0x02], "64 bits"),
    ] as [([UInt8], String)] {
      guard case .protobuf(_, let found) = error(unknown + tail) else {
        Issue.record("no error for \(tail)")
        continue
      }
      #expect(found.contains(reason), "\(tail): \(found)")
    }
  }

  @Test("Scores that are no numbers, and kinds that are none")
  func pieces() {
    for score in [Float.nan, .infinity, -.infinity, .signalingNaN] {
      #expect(
        error(unknown + piece([0x61], score: score))
          == .wrongType(field: "pieces[1].score", expected: "a finite number"))
    }
    #expect(error(unknown + piece([0x61], score: .greatestFiniteMagnitude)) == nil)
    for kind: UInt8 in [0, 7, 0x7F] {
      #expect(
        error(unknown + piece([0x61], kind: kind))
          == .wrongType(field: "pieces[1].type", expected: "1 to 6"))
    }
    for text in [[], [0xFF], [0xED, 0xA0, 0x80]] as [[UInt8]] {
      #expect(
        error(unknown + piece(text)) == .wrongType(field: "pieces[1].piece", expected: "a text"))
    }
    #expect(error(unknown + piece([0x61]) + piece([0x61])) == .duplicateToken(token: [0x61]))
    #expect(error(piece([0x61])) == .missing(field: "pieces of type UNKNOWN"))
    #expect(error([]) == .missing(field: "pieces"))
    // Pieces that are called bytes and are none.
    for text in ["<0x-1>", "<0xGG>", "<0x100>", "x"] {
      _ = error(unknown + piece(Array(text.utf8), kind: 6))
    }
  }

  @Test("What stands in the file twice is both, one behind the other")
  func repeated() throws {
    let flag = field(3, [3 << 3, 0])
    for tail in [flag + field(3, []), field(3, []) + flag, flag + field(3, [4 << 3, 1])] {
      let file = try SentencePieceFile(reading: unknown + tail)
      #expect(file.normalizer.flag(3) == false)
    }
    let file = try SentencePieceFile(reading: unknown + flag + field(3, [3 << 3, 1]))
    #expect(file.normalizer.flag(3) == true)
  }

  @Test("Rules for decoded text are refused, not left out; a message without any is kept")
  func denormalizer() throws {
    #expect(
      error(unknown + field(5, field(2, [4, 0, 0, 0])))
        == .unsupported(feature: "SentencePiece's denormalizer, which changes decoded text,"))
    // The last one holds.
    let rules = field(5, field(2, [4, 0, 0, 0]))
    #expect(error(unknown + rules + field(5, field(2, []))) == nil)
    #expect(error(unknown + field(5, []) + rules) != nil)
    guard case .protobuf = error(unknown + field(5, [0x0B])) else {
      Issue.record("no error for a broken message")
      return
    }
    for empty in [field(5, []), field(5, field(2, [])), field(5, field(1, [0x61]))] {
      #expect(error(unknown + empty) == nil)
      #expect(
        try SentencePieceFile(reading: unknown + empty).bytes.suffix(empty.count) == empty[...])
    }
  }

  @Test("Models of words and characters, and those of no type, are not supported")
  func algorithms() {
    for (type, name) in [(0, "0"), (3, "WORD"), (4, "CHAR"), (5, "5")] as [(UInt8, String)] {
      #expect(
        error(unknown + field(2, [3 << 3, type]))
          == .unsupported(feature: "SentencePiece's model type \(name)"))
    }
    let bpe = field(2, [3 << 3, 2])
    #expect(
      error(unknown + piece([0x61], kind: 5) + bpe)
        == .unsupported(feature: "the unused piece \"a\" of a BPE model"))
  }

  @Test("Ids of special pieces beyond the vocabulary, and of any size, do no harm")
  func ids() throws {
    for id: [UInt8] in [
      [5], [UInt8](repeating: 0xFF, count: 9) + [1], [0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
    ] {
      let trainer = (40...43).flatMap { number -> [UInt8] in
        [UInt8(number << 3 & 0x7F) | 0x80, UInt8(number >> 4)] + id
      }
      let file = try SentencePieceFile(reading: unknown + field(2, trainer))
      #expect(try HuggingFaceDirectory.files(for: file, file.tokenizer()).count >= 3)
    }
  }

  @Test("Rules of normalization that lead out of their array are told")
  func rules() {
    for rules: [UInt8] in [
      [1], [0, 0, 0, 0], [4, 0, 0, 0], [255, 255, 255, 255, 0], [4, 0, 0, 0, 1, 2, 3, 0xFF],
    ] {
      guard case .charsmap(let field, _) = error(unknown + self.field(3, self.field(2, rules)))
      else {
        Issue.record("no error for \(rules)")
        continue
      }
      #expect(field == "normalizer_spec.precompiled_charsmap")
    }
  }
}
