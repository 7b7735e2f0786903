import Testing

@testable import Tokenization

@Suite struct PieceCutterTests {
  struct Piece: Equatable {
    var text: [UInt8]
    var source: Range<Int>
  }

  static func pieces(
    _ compiled: CompiledPreTokenizer, _ text: [UInt8], _ range: Range<Int>? = nil,
    starts: Bool = true, ends: Bool = true
  ) throws -> [Piece] {
    let range = range ?? 0..<text.count
    var cutter = PieceCutter(compiled)
    var pieces: [Piece] = []
    try text.withUnsafeBufferPointer { text in
      var lower = range.lowerBound
      while lower < range.upperBound {
        let chunk = try cutter.chunk(
          of: text, from: lower, to: range.upperBound,
          startsDocument: starts && lower == range.lowerBound, endsDocument: ends,
          startsText: true, isPadded: false)
        for index in 0..<chunk.count {
          let place = Int(chunk.starts[index])..<Int(chunk.ends[index])
          pieces.append(
            Piece(
              text: Array(
                UnsafeBufferPointer(start: chunk.bytes + place.lowerBound, count: place.count)),
              source: chunk.sourceRange(of: place)))
        }
        lower = chunk.range.upperBound
      }
    }
    return pieces
  }

  private static func texts(
    _ steps: PreTokenizer.Step..., text: String, lines: Bool = false
  ) throws -> [String] {
    let compiled = try CompiledPreTokenizer(
      PreTokenizer(steps), linesAreDocuments: lines, keepsBytes: false)
    return try pieces(compiled, Array(text.utf8)).map { String(decoding: $0.text, as: UTF8.self) }
  }

  static let steps: [[PreTokenizer.Step]] = [
    [], [.bert], [.whitespace], [.whitespaceSplit], [.unicodeScripts],
    [.digits(individually: true)], [.digits(individually: false)], [.characterDelimiter(0x62)],
    [.sentencePiece(SentencePieceCuts())],
    [.punctuation(.mergedWithNext)], [.punctuation(.contiguous)],
    [.metaspace(MetaspaceSettings())],
    [.metaspace(MetaspaceSettings(prependScheme: .first))],
    [.metaspace(MetaspaceSettings(prependScheme: .never, splits: false))],
    [.byteLevel(ByteLevelSettings(addsPrefixSpace: true, usesPattern: true))],
    [.byteLevel(ByteLevelSettings(addsPrefixSpace: true, usesPattern: false))],
    [.whitespaceSplit, .metaspace(MetaspaceSettings())],
    [.split(.text(Array("b ".utf8)), .mergedWithPrevious, inverts: true)],
    [.split(.pattern(SplitPattern(#"\s\p{L}"#)), .removed, inverts: false), .fixedLength(2)],
    [.split(.pattern(SplitPattern(#"(\w)\1"#)), .contiguous, inverts: false)],
    [
      .punctuation(.isolated),
      .byteLevel(ByteLevelSettings(addsPrefixSpace: true, usesPattern: true)),
    ],
  ]
  static let parts: [[UInt8]] =
    [
      "a", "b", "B", "é", "中", "ア", "x", " ", "  ", "\n", "\u{2581}", "1", "23", "!", "_",
      "\u{3000}",
      "e\u{301}", "\u{1F600}",
    ].map { Array($0.utf8) } + [[0xFF], [0xE2, 0x82], [0xC0, 0x80]]

  static func randomText(_ generator: inout SeededGenerator, parts count: Int) -> [UInt8] {
    (0..<count).flatMap { _ in parts[Int.random(in: 0..<parts.count, using: &generator)] }
  }

  @Test("Parts between certain cuts give the pieces of the whole", arguments: steps.indices)
  func cuts(index: Int) throws {
    for lines in [false, true] {
      let compiled = try CompiledPreTokenizer(
        PreTokenizer(Self.steps[index]), linesAreDocuments: lines, keepsBytes: false)
      var generator = SeededGenerator(seed: 5)
      for _ in 0..<60 {
        let text = Self.randomText(&generator, parts: 24)
        let whole = try Self.pieces(compiled, text)
        var joined: [Piece] = []
        var lower = 0
        while lower < text.count {
          let upper =
            compiled.nextCut(in: text, count: text.count, from: lower + 1, to: text.count)
            ?? text.count
          joined += try Self.pieces(
            compiled, text, lower..<upper, starts: lower == 0, ends: upper == text.count)
          lower = upper
        }
        #expect(joined == whole, "seed 5, lines \(lines): \(text)")
      }
    }
  }

  @Test("Lines as documents equal one call for each line", arguments: steps.indices)
  func lines(index: Int) throws {
    let preTokenizer = PreTokenizer(Self.steps[index])
    let file = try CompiledPreTokenizer(preTokenizer, keepsBytes: false)
    let line = try CompiledPreTokenizer(
      preTokenizer, linesAreDocuments: true, keepsBytes: false)
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<60 {
      let text = Self.randomText(&generator, parts: 24)
      var expected: [Piece] = []
      var start = 0
      for at in text.indices where text[at] == 10 || at == text.count - 1 {
        expected += try Self.pieces(file, Array(text[start...at])).map {
          Piece(
            text: $0.text, source: $0.source.lowerBound + start..<$0.source.upperBound + start)
        }
        start = at + 1
      }
      #expect(try Self.pieces(line, text) == expected, "seed 7: \(text)")
    }
  }

  @Test("Pieces come from ascending stretches of the text", arguments: steps.indices)
  func sources(index: Int) throws {
    let compiled = try CompiledPreTokenizer(PreTokenizer(Self.steps[index]), keepsBytes: false)
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<100 {
      let text = Self.randomText(&generator, parts: 20)
      var last = 0..<0
      for piece in try Self.pieces(compiled, text) {
        #expect(
          !piece.text.isEmpty && !piece.source.isEmpty && piece.source.upperBound <= text.count)
        #expect(
          piece.source.lowerBound >= last.lowerBound && piece.source.upperBound >= last.upperBound,
          "seed 9: \(text)")
        last = piece.source
      }
    }
  }

  @Test("A blank put first leads back to the character that it stands before")
  func prefix() throws {
    let compiled = try CompiledPreTokenizer(
      PreTokenizer([.byteLevel(ByteLevelSettings(addsPrefixSpace: true, usesPattern: true))]),
      keepsBytes: false)
    let pieces = try Self.pieces(compiled, Array("é\n x".utf8))
    #expect(pieces.map { String(decoding: $0.text, as: UTF8.self) } == ["ĠÃ©", "Ċ", "Ġx"])
    #expect(pieces.map(\.source) == [0..<2, 2..<3, 3..<5])
  }

  @Test("A replacement is put before each piece, before the first, or before none")
  func schemes() throws {
    func settings(_ scheme: MetaspaceSettings.PrependScheme) -> PreTokenizer.Step {
      .metaspace(MetaspaceSettings(prependScheme: scheme))
    }
    let text = "ab c"
    #expect(try Self.texts(.whitespaceSplit, settings(.always), text: text) == ["▁ab", "▁c"])
    #expect(try Self.texts(.whitespaceSplit, settings(.first), text: text) == ["▁ab", "c"])
    #expect(try Self.texts(.whitespaceSplit, settings(.first), text: " ab") == ["ab"])
    #expect(try Self.texts(settings(.never), text: " ab  c") == ["▁ab", "▁", "▁c"])
    #expect(try Self.texts(settings(.first), text: "a\nb", lines: true) == ["▁a\n", "▁b"])
  }

  @Test(
    "A hundred thousand characters take one walk", .timeLimit(.minutes(1)), arguments: steps.indices
  )
  func linear(index: Int) throws {
    let compiled = try CompiledPreTokenizer(PreTokenizer(Self.steps[index]), keepsBytes: false)
    for character in ["a", " ", "中", "\u{301}", "!"] {
      let text = Array(String(repeating: character, count: 100_000).utf8)
      _ = try Self.pieces(compiled, text).count
    }
  }

  @Test("A pattern that does not come to an end is an error that names the byte")
  func hostile() throws {
    let pattern = SplitPattern(#"(a|aa)+$|(\w)\2"#)
    let compiled = try CompiledPreTokenizer(PreTokenizer(pattern))
    let text = Array(("bb " + String(repeating: "a", count: 3_000) + "c").utf8)
    #expect(throws: PatternError.tooSlow(byte: 2)) { _ = try Self.pieces(compiled, text) }
  }
}
