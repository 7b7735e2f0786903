import Testing

@testable import Tokenization

@Suite struct UnicodeNormalizerTests {
  @Test(
    "every code point in context becomes what ICU makes of it",
    arguments: TestedForm.all)
  func everyCodePoint(form: TestedForm) throws {
    var subject = try TestNormalizer(form)
    var text: [UInt8] = []
    for value in UInt32(0)...0x10_FFFF {
      // Planes without a character pass the same way; a sample of them will do.
      if (0x3_2000..<0xE_0000).contains(value) && value % 97 != 0 { continue }
      if value >= 0xF_0000 && value % 97 != 0 { continue }
      guard let scalar = Unicode.Scalar(value) else { continue }
      let c = Array(UTF8.encode(scalar) ?? .init())
      text += c
      text += c
      text.append(UInt8(ascii: "a"))
      text += c
      text += [0xCC, 0x81]
      text += c
      text.append(UInt8(ascii: "b"))
      if value % 256 == 255 || value == 0x10_FFFF {
        let result = subject.normalize(text)
        let expected = NormalizationOracle.icu(form, text)
        #expect(
          result == expected, "one of the 256 code points up to U+\(String(value, radix: 16))")
        text.removeAll(keepingCapacity: true)
      }
    }
  }

  @Test(
    "random strings of characters that change, join or order become what ICU makes of them",
    arguments: TestedForm.all)
  func randomStrings(form: TestedForm) throws {
    let active = NormalizationOracle.activeCharacters(form)
    var random = SeededRandom(seed: 1)
    var subject = try TestNormalizer(form)
    for round in 0..<6000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 1...14, using: &random) {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: text.append(contentsOf: "ae o".unicodeScalars)
        case 1:
          text.append(
            ["\u{301}", "\u{323}", "\u{1161}", "\u{11A8}"].randomElement(using: &random) ?? "a")
        default: text.append(active.randomElement(using: &random) ?? "a")
        }
      }
      let bytes = Array(String(text).utf8)
      #expect(
        subject.normalize(bytes) == NormalizationOracle.icu(form, bytes), "round \(round): \(text)")
    }
  }

  @Test(
    "ill-formed bytes pass and part what stands around them, as in ICU",
    arguments: TestedForm.all)
  func illFormedBytes(form: TestedForm) throws {
    let active = NormalizationOracle.activeCharacters(form)
    var random = SeededRandom(seed: 2)
    var subject = try TestNormalizer(form)
    for round in 0..<6000 {
      var text: [UInt8] = []
      for _ in 0..<Int.random(in: 1...10, using: &random) {
        let scalar = active.randomElement(using: &random) ?? "a"
        let character = Array(String(scalar).utf8)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: text.append(UInt8.random(in: 0x80...0xFF, using: &random))
        case 1: text += character.dropLast()
        case 2: text += [0xED, UInt8.random(in: 0xA0...0xBF, using: &random), 0x80]
        case 3: text += [0xCC, 0x81]
        default: text += character
        }
      }
      #expect(
        subject.normalize(text) == NormalizationOracle.icu(form, text), "round \(round): \(text)")
    }
  }

  @Test(
    "long stretches of starters, and what stands between them, become what ICU makes of them",
    arguments: TestedForm.all)
  func stretches(form: TestedForm) throws {
    let active = NormalizationOracle.activeCharacters(form)
    let scripts = ["abc de.", "абвгд ж", "日本語漢字。", "한국어", "हिन्दी", "αβγ", "ㅏㅓ", "😀𝐀𐍈", "éñü"]
      .map { Array($0.unicodeScalars) }
    var random = SeededRandom(seed: 3)
    var subject = try TestNormalizer(form)
    for round in 0..<1200 {
      var text: [UInt8] = []
      while text.count < 400 {
        let script = scripts.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...90, using: &random) {
          text += Array(UTF8.encode(script.randomElement(using: &random) ?? "a") ?? .init())
        }
        let other = active.randomElement(using: &random) ?? "a"
        switch Int.random(in: 0..<5, using: &random) {
        case 0: text.append(UInt8.random(in: 0x80...0xFF, using: &random))
        case 1: text += Array(String(other).utf8).dropLast()
        default: text += Array(String(other).utf8)
        }
      }
      #expect(
        subject.normalize(text) == NormalizationOracle.icu(form, text), "round \(round): \(text)")
    }
  }

  @Test("lone leads, overlong forms and numbers above U+10FFFF pass before a mark")
  func bytesOfNoCharacter() throws {
    var subject = try TestNormalizer(TestedForm(.nfc))
    let heads: [[UInt8]] = [
      [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
      [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
      [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFF], [0xE3, 0x81], [0xF0, 0x9F, 0x98], [0x80, 0x80],
    ]
    for head in heads {
      for tail in ["\u{323}\u{301}", "\u{301}\u{323}", "e\u{301}", "\u{1161}", ""] {
        let text = Array("a\u{301}".utf8) + head + Array(tail.utf8)
        #expect(
          subject.normalize(text) == NormalizationOracle.icu(TestedForm(.nfc), text), "\(text)")
      }
    }
  }

  @Test("text that is normalized already is not copied")
  func unchangedText() throws {
    var normalizer = try UnicodeNormalizer(.nfc)
    var output = NormalizedText()
    for text in ["", "plain", "naïve café", "か゛が", "각", "q\u{323}\u{307}", "日本語 😀 คำ"] {
      let bytes = Array(text.utf8)
      let isUnchanged = bytes.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map {
          normalizer.normalize($0, count: buffer.count, into: &output, recordingEdits: true)
        }
      }
      #expect(isUnchanged ?? true, "\(text)")
      #expect(output.count == 0)
      #expect(output.sourceRange(of: 3..<5) == 3..<5)
    }
  }

  @Test("the bytes after a result are readable and zero")
  func padding() throws {
    var subject = try TestNormalizer(TestedForm(.nfd))
    for length in [1, 30, 1000, 1024, 5000] {
      let text = Array(repeating: UInt8(ascii: "x"), count: length) + Array("é".utf8)
      #expect(subject.normalize(text).count == length + 3)
      let padding = subject.output.withBytes { bytes in
        bytes.baseAddress.map {
          Array(UnsafeBufferPointer(start: $0 + bytes.count, count: NormalizedText.padding))
        }
      }
      #expect(padding == Array(repeating: 0, count: NormalizedText.padding))
    }
  }
}
