import Foundation
import Testing

@testable import Tokenization

@Suite struct NormalizerTests {
  private func normalize(
    _ steps: [Normalizer.Step], _ text: String, _ unicode: UnicodeData = .current
  ) throws -> String {
    let compiled = try CompiledNormalizer(Normalizer(steps, unicode: unicode))
    return String(decoding: try compiled.normalize(Array(text.utf8)), as: UTF8.self)
  }

  /// Result, and the source range of each of its bytes.
  static func traced(
    _ steps: [Normalizer.Step], _ text: [UInt8]
  ) throws -> (result: [UInt8], sources: [Range<Int>]) {
    let chain = NormalizationChain(try CompiledNormalizer(Normalizer(steps, unicode: .current)))
    return try text.withUnsafeBufferPointer { text in
      let normal = try chain.normalize(text, recordingEdits: true).bytes
      var map = chain.sourceMap()
      return (Array(normal), normal.indices.map { map.sourceRange(of: $0..<$0 + 1) })
    }
  }

  @Test("Each step does what it says")
  func steps() throws {
    let space = Array(" ".utf8)
    #expect(try normalize([], "e\u{301}") == "e\u{301}")
    #expect(try normalize([.form(.nfc)], "e\u{301}").unicodeScalars.count == 1)
    #expect(try normalize([.form(.nfkcCasefold)], "ﬁ\u{AD}ẞ Å").utf8.elementsEqual("fiss å".utf8))
    #expect(try normalize([.lowercase], "ΑΣ İẞ").utf8.elementsEqual("ασ i\u{307}ß".utf8))
    #expect(try normalize([.caseFolding], "ΑΣς ẞŉ").utf8.elementsEqual("ασσ ssʼn".utf8))
    #expect(
      try normalize([.form(.nfd), .stripAccents], "crème ประเทศ हिन्दी") == "creme ประเทศ हनद")
    #expect(try normalize([.strip(left: true, right: false)], "\u{3000}\t a b \n") == "a b \n")
    #expect(try normalize([.strip(left: false, right: true)], " a b\u{2028}\u{85} ") == " a b")
    #expect(try normalize([.strip(left: true, right: true)], " \n ") == "")
    #expect(
      try normalize([.replace(.text(space), replacement: Array("▁".utf8))], " a  b") == "▁a▁▁b")
    #expect(try normalize([.replace(.text(Array("aa".utf8)), replacement: [])], "aaaaab") == "ab")
    #expect(try normalize([.prepend(Array("▁".utf8))], "é") == "▁é")
    #expect(try normalize([.prepend(Array("▁".utf8))], "") == "")
    #expect(try normalize([.nmt], "a\u{1}b\nc\u{200D}d\u{2581}\u{7F}") == "ab c d ")
    #expect(try normalize([.byteLevel], "é \n") == "Ã©ĠĊ")
    #expect(
      try normalize([.bert(Normalizer.BERTCleaning())], "Crème\u{0}\tBRÛLÉE 東京\u{AD}!")
        == "creme brulee  東  京 !")
    #expect(
      try normalize([.bert(Normalizer.BERTCleaning(lowercases: false))], "É\u{200B}東\r\n")
        == "É 東   ")
    #expect(
      try normalize(
        [.bert(Normalizer.BERTCleaning(spacesIdeographs: false, stripsAccents: false))], "É東")
        == "é東")
  }

  @Test("Steps follow one another")
  func sequence() throws {
    let steps: [Normalizer.Step] = [
      .strip(left: true, right: true), .prepend([0x20]), .form(.nfkd), .stripAccents, .lowercase,
      .replace(.text([0x20]), replacement: Array("_".utf8)), .byteLevel,
    ]
    #expect(try normalize(steps, "  ÀÉ ﬁ \n") == "_ae_fi")
    #expect(try normalize(steps, " \n") == "")
  }

  @Test("Characters younger than Unicode 9 do not exist for Hugging Face's data")
  func oldData() throws {
    // U+11938 decomposes since Unicode 13, U+1ACC is a mark since 14, U+A7F2 a letter since 14.
    let young = "\u{11938} \u{A7F2} a\u{301}\u{1ACC}\u{316}"
    #expect(try normalize([.form(.nfkd)], young, .current) != young)
    let old = try normalize([.form(.nfkd)], young, .huggingFace)
    #expect(old.unicodeScalars.elementsEqual(young.unicodeScalars))
    #expect(try normalize([.form(.nfc)], "e\u{301}", .huggingFace) == "é")
    #expect(try normalize([.stripAccents], "\u{1ACC}\u{301}", .huggingFace) == "\u{1ACC}")
    #expect(try normalize([.lowercase], "\u{A7CB}\u{1C89}", .huggingFace) == "\u{264}\u{1C8A}")
  }

  @Test("Offsets lead back through each step")
  func offsets() throws {
    typealias Row = (steps: [Normalizer.Step], text: String, sources: [Range<Int>])
    let rows: [Row] = [
      ([.strip(left: true, right: true)], " ab ", [1..<2, 2..<3]),
      ([.prepend(Array("__".utf8))], "éa", [0..<2, 0..<2, 0..<1, 1..<2, 2..<3]),
      (
        [.replace(.text([0x61, 0x62]), replacement: Array("xyz".utf8))], "cabd",
        [0..<1, 1..<3, 1..<3, 1..<3, 3..<4]
      ),
      ([.replace(.text([0x61]), replacement: [])], "abac", [0..<3, 3..<4]),
      ([.byteLevel], "é a", [0..<2, 0..<2, 0..<2, 0..<2, 2..<3, 2..<3, 3..<4]),
      ([.bert(.init())], "É東", [0..<2, 2..<5, 2..<5, 2..<5, 2..<5, 2..<5]),
      ([.form(.nfd), .stripAccents], "éa", [0..<2, 2..<3]),
      (
        [.form(.nfkd), .replace(.text([0x66, 0x69]), replacement: [0x78])], "aﬁb",
        [0..<1, 1..<4, 4..<5]
      ),
      (
        [.strip(left: true, right: false), .lowercase, .prepend([0x5F])], "  ÀB",
        [2..<4, 2..<4, 2..<4, 4..<5]
      ),
      (
        [.sentencePiece(SentencePieceNormalization())], " Ａ  b ",
        [1..<1, 1..<1, 1..<1, 1..<4, 4..<6, 4..<6, 4..<6, 6..<7]
      ),
      (
        [.precompiled(try Charsmap(rules: Array("61\t78\n62".utf8)))], "ab\u{301}c", [0..<4, 4..<5]
      ),
    ]
    for row in rows {
      #expect(try Self.traced(row.steps, Array(row.text.utf8)).sources == row.sources, "\(row)")
    }
  }

  @Test("Through any steps, source ranges ascend, stay inside the text and cover it")
  func coverage() throws {
    let parts =
      [
        "a", "É", "e\u{301}", "\u{301}\u{323}", "한", "\u{1112}\u{1161}", "東", "ﬁ", "\u{AD}", " ",
        "\n", "\u{200D}", "İ", "ß", "\u{0}", "👩‍👩‍👧", "\u{3000}", "ab", "\u{FDFA}",
      ].map { Array($0.utf8) } + [[0xFF], [0xE2, 0x82]]
    let steps: [Normalizer.Step] =
      Normalizer.Step.named.map(\.step).filter { $0 != .strip(left: true, right: true) } + [
        .prepend(Array("▁".utf8)), .replace(.text([0x61]), replacement: Array("xyz".utf8)),
        .replace(.text([0x20]), replacement: []),
      ]
    var random = SeededRandom(seed: 8)
    for round in 0..<1500 {
      let text = (0..<Int.random(in: 0...12, using: &random)).flatMap { _ in
        parts.randomElement(using: &random) ?? []
      }
      var chosen = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        steps.randomElement(using: &random) ?? .nmt
      }
      // What is put before a text stems from its first character, whose bytes follow: ends go back once.
      let isPrefixed = chosen.contains { if case .prepend = $0 { true } else { false } }
      // What is stripped from the ends belongs to no range, a space that SentencePiece adds to none.
      chosen.removeAll {
        if case .strip = $0 { true } else { $0 == .sentencePiece(SentencePieceNormalization()) }
      }
      let (result, sources) = try Self.traced(chosen, text)
      var covered = 0
      var lower = 0
      var upper = 0
      var stepsBack = 0
      for source in sources {
        #expect(source.lowerBound <= covered && source.lowerBound >= lower, "seed 8, \(round)")
        #expect(!source.isEmpty, "seed 8, round \(round)")
        if source.upperBound < upper { stepsBack += 1 }
        (lower, upper) = (source.lowerBound, source.upperBound)
        covered = max(covered, upper)
      }
      #expect(stepsBack <= (isPrefixed ? 1 : 0), "seed 8, round \(round): \(chosen) \(text)")
      #expect(result.isEmpty || covered == text.count, "seed 8, round \(round): \(chosen) \(text)")
    }
  }

  @Test("Matches of a pattern are replaced, in long texts too")
  func matches() throws {
    func replaced(_ pattern: String, _ text: String, by content: String = "-") throws -> String {
      let step = Normalizer.Step.replace(
        .pattern(SplitPattern(pattern)), replacement: Array(content.utf8))
      return try normalize([step], text)
    }
    #expect(try replaced(#"\s+"#, " a  b\n") == "-a-b-")
    #expect(try replaced("b|c", "abcd", by: "") == "ad")
    #expect(try replaced(#"(.)\1"#, "aabccd") == "-b-d")
    #expect(try replaced("x*", "axb") == "-a-b-")
    #expect(try replaced("z", "abc") == "abc")
    #expect(try replaced("z*", "") == "")
    let long = String(repeating: "some words  and\n\nlines ", count: 20_000)
    #expect(
      try replaced(#"\s+"#, long, by: " ")
        == String(repeating: "some words and lines ", count: 20_000))
    #expect(throws: TextPreparationError.self) { try replaced("(", "a") }
    let (_, sources) = try Self.traced(
      [.replace(.pattern(SplitPattern("b+")), replacement: Array("xy".utf8))], Array("abbc".utf8))
    #expect(sources == [0..<1, 1..<3, 1..<3, 3..<4])
  }

  @Test("A pattern that does not come to an end is an error")
  func endlessPattern() throws {
    let step = Normalizer.Step.replace(.pattern(SplitPattern("(a|aa)+\\1$")), replacement: [])
    let text = Array(String(repeating: "a", count: 60).utf8) + [0x62]
    let compiled = try CompiledNormalizer(Normalizer([step]))
    #expect(throws: PatternError.self) { try compiled.normalize(text) }
  }

  @Test("Steps are data that JSON holds")
  func codable() throws {
    let normalizer = Normalizer(
      Normalizer.Step.named.map(\.step) + [
        .prepend(Array("é".utf8)), .replace(.text([0x61]), replacement: []),
        .replace(.pattern(SplitPattern("a+")), replacement: [0x62]),
      ], unicode: .current)
    let data = try JSONEncoder().encode(normalizer)
    #expect(try JSONDecoder().decode(Normalizer.self, from: data) == normalizer)
  }

  @Test("Words name steps and come back")
  func words() {
    for (name, step) in Normalizer.Step.named {
      #expect(step.word == name)
      #expect(Normalizer([step]).words == name)
    }
    #expect(Normalizer([.form(.nfkc), .lowercase]).words == "nfkc,lower")
    #expect(Normalizer.none.words == "none")
    #expect(Normalizer([.prepend([0x61])]).words == nil)
  }
}
