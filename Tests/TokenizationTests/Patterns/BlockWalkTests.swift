import Testing

@testable import Tokenization

/// Where the processor has neither AVX2 nor AVX-512, both sides are the automaton.
@Suite("Walk by blocks")
struct BlockWalkTests {
  /// Characters of all classes and lengths, and what contractions, digits and line feeds are about.
  private static let alphabets = [
    "aesrltvdmASREV''''   \t\n\r\n123 1!.,-é中字я١٣²  \u{A0}\u{2003}\u{3000}。😀𝐀🄀´—ſK",
    "   \n\n\r\t a!'1\u{2003}", "1234567 a", "é中字я١٣² \u{A0}\u{3000}。😀𝐀—한ह्1१२३!",
    "'sS tT'reRE'llſ\u{17F}",
  ].map { Array($0.unicodeScalars) }

  private static let patterns: [SplitPattern] = {
    let names: [NamedPattern] = [.gpt2, .cl100k, .llama3, .qwen2]
    return names.compactMap(\.pattern)
      + names.compactMap { $0.huggingFaceText.map { SplitPattern($0) } } + [
        SplitPattern(
          #"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"#,
          dialect: .tiktoken)
      ]
  }()

  private func randomText(_ length: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    let alphabet = Self.alphabets.randomElement(using: &generator) ?? []
    var text = ""
    while text.utf8.count < length {
      let scalar = alphabet.randomElement(using: &generator) ?? "a"
      let run = Int.random(in: 0..<60, using: &generator) == 0 ? 70 : 1
      for _ in 0..<run { text.unicodeScalars.append(scalar) }
    }
    return Array(text.utf8)
  }

  /// By a walk, or what `CompiledPattern` has; and by the automaton, which alone knows of matches.
  private func ends(
    _ text: [UInt8], _ range: Range<Int>, by pattern: CompiledPattern, _ blockWalk: BlockWalk? = nil
  ) -> (walk: [UInt32], automaton: [UInt32]) {
    let padded = text + [UInt8](repeating: 0x61, count: 16)
    let (starts, finishes) = (range.lowerBound == 0, range.upperBound == text.count)
    var ends = [UInt32](repeating: 0, count: range.count + CompiledPattern.spareEnds)
    var count =
      blockWalk?.pieceEnds(
        of: padded, from: range.lowerBound, to: range.upperBound, startsDocument: starts,
        endsDocument: finishes, into: &ends)
      ?? pattern.pieceEnds(
        of: padded, from: range.lowerBound, to: range.upperBound, startsDocument: starts,
        endsDocument: finishes, into: &ends)
    let walk = Array(ends.prefix(count))
    count = pattern.markedPieceEnds(
      of: padded, from: range.lowerBound, to: range.upperBound, startsDocument: starts,
      endsDocument: finishes, into: &ends)
    return (walk, ends.prefix(count).map { $0 & ~CompiledPattern.matchMark })
  }

  /// The ends of stretches between cuts, each by itself.
  private func partEnds(
    _ text: [UInt8], by pattern: CompiledPattern, _ blockWalk: BlockWalk?,
    _ generator: inout SeededGenerator
  ) -> [UInt32] {
    var (parts, lower): ([UInt32], Int) = ([], 0)
    while lower < text.count {
      let from = lower + Int.random(in: 64...200, using: &generator)
      let upper =
        pattern.nextCut(in: text, count: text.count, from: from, to: text.count) ?? text.count
      parts += ends(text, lower..<upper, by: pattern, blockWalk).walk
      lower = upper
    }
    return parts
  }

  @Test("Ends are those of the automaton", arguments: patterns, [false, true])
  func random(pattern: SplitPattern, linesAreDocuments: Bool) throws {
    let compiled = try CompiledPattern(pattern, linesAreDocuments: linesAreDocuments)
    for seed in UInt64(1)...250 {
      var generator = SeededGenerator(seed: seed)
      let text = randomText(Int.random(in: 64...400, using: &generator), &generator)
      for kernel in BlockKernel.allCases {
        let blockWalk = BlockWalk(pattern, linesAreDocuments: linesAreDocuments, kernel: kernel)
        let (walk, automaton) = ends(text, 0..<text.count, by: compiled, blockWalk)
        #expect(walk == automaton, "\(kernel), seed \(seed)")
      }
    }
  }

  /// Borders as those of Llama 2 and XLNet, and others: with weak characters of all lengths.
  private static let borders: [WordBorders] = {
    let mark = CodePointSet(0x2581)
    let signs = CodePointSet(scalars: ["!", ",", ";"].map { (sign: Unicode.Scalar) in sign.value })
    let single = CodePointSet(
      scalars: ["'", ".", "R"].map { (sign: Unicode.Scalar) in sign.value })
    let many = CodePointSet(scalars: [0x1, 0xA0, 0xAD, 0x2003, 0x3000, 0x1F600, 0x939]).union(mark)
    return [
      WordBorders(
        blanks: CodePointSet(0x20), weakEnds: mark, single: single, signs: signs,
        trimsEnds: false, isolatesLineFeeds: true, growth: 3),
      WordBorders(
        blanks: CodePointSet(scalars: [0x9, 0xA, 0xD, 0x20]), weakEnds: many, single: single,
        signs: .empty, trimsEnds: true, isolatesLineFeeds: false, growth: 3),
      WordBorders(
        blanks: CodePointSet(0x20), weakEnds: many, single: .empty, signs: signs,
        trimsEnds: false, isolatesLineFeeds: true, growth: 3),
    ]
  }()

  @Test("Words of raw text are those of their pattern", arguments: 0..<3)
  func rawWords(number: Int) throws {
    let borders = Self.borders[number]
    let compiled = try CompiledPattern(borders.pattern, blockWalk: nil)
    for seed in UInt64(1)...400 {
      var generator = SeededGenerator(seed: seed)
      var text = randomText(Int.random(in: 64...500, using: &generator), &generator)
      if seed % 3 == 0 {
        // Text in which weak characters stand apart, and follow words.
        let marks = ["▁", " ▁", "a▁ b", "▁\n", "▁▁", "\u{3000}"]
        text = text.reduce(into: []) { longer, byte in
          longer.append(byte)
          if byte < 0x80, Int.random(in: 0..<40, using: &generator) == 0 {
            longer += Array((marks.randomElement(using: &generator) ?? "").utf8)
          }
        }
      }
      for kernel in BlockKernel.allCases {
        let blockWalk = borders.blockWalk(by: kernel)
        let (walk, automaton) = ends(text, 0..<text.count, by: compiled, blockWalk)
        #expect(walk == automaton, "\(kernel), seed \(seed)")
        let parts = partEnds(text, by: compiled, blockWalk, &generator)
        #expect(parts == automaton, "\(kernel), seed \(seed), between cuts")
      }
    }
  }

  @Test("Stretches between cuts have the ends of the whole text", arguments: patterns)
  func cuts(pattern: SplitPattern) throws {
    let compiled = try CompiledPattern(pattern)
    for seed in UInt64(1)...40 {
      var generator = SeededGenerator(seed: seed)
      let text = randomText(1000, &generator)
      let whole = ends(text, 0..<text.count, by: compiled).automaton
      let parts = partEnds(text, by: compiled, nil, &generator)
      #expect(parts == whole, "seed \(seed)")
    }
  }

  @Test("Bytes that are not UTF-8, and long texts, are left to the automaton")
  func others() throws {
    for pattern in Self.patterns {
      let compiled = try CompiledPattern(pattern)
      var generator = SeededGenerator(seed: 1)
      let bytes = (0..<500).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let (walk, automaton) = ends(bytes, 0..<bytes.count, by: compiled)
      #expect(walk == automaton)
      let long = randomText(70_000, &generator)
      let (longWalk, longAutomaton) = ends(long, 0..<long.count, by: compiled)
      #expect(longWalk == longAutomaton)
    }
  }
}
