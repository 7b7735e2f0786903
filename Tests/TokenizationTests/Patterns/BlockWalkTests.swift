import Testing

@testable import Tokenization

/// Where the processor has no AVX-512, both sides are the automaton.
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

  /// By the walk under test, and by the automaton, which alone knows of matches.
  private func ends(
    _ text: [UInt8], _ range: Range<Int>, by pattern: CompiledPattern
  ) -> (walk: [UInt32], automaton: [UInt32]) {
    let padded = text + [UInt8](repeating: 0x61, count: 16)
    let (starts, finishes) = (range.lowerBound == 0, range.upperBound == text.count)
    var ends = [UInt32](repeating: 0, count: range.count + CompiledPattern.spareEnds)
    var count = pattern.pieceEnds(
      of: padded, from: range.lowerBound, to: range.upperBound, startsDocument: starts,
      endsDocument: finishes, into: &ends)
    let walk = Array(ends.prefix(count))
    count = pattern.markedPieceEnds(
      of: padded, from: range.lowerBound, to: range.upperBound, startsDocument: starts,
      endsDocument: finishes, into: &ends)
    return (walk, ends.prefix(count).map { $0 & ~CompiledPattern.matchMark })
  }

  @Test("Ends are those of the automaton", arguments: patterns, [false, true])
  func random(pattern: SplitPattern, linesAreDocuments: Bool) throws {
    let compiled = try CompiledPattern(pattern, linesAreDocuments: linesAreDocuments)
    for seed in UInt64(1)...250 {
      var generator = SeededGenerator(seed: seed)
      let text = randomText(Int.random(in: 64...400, using: &generator), &generator)
      let (walk, automaton) = ends(text, 0..<text.count, by: compiled)
      #expect(walk == automaton, "seed \(seed)")
    }
  }

  @Test("Stretches between cuts have the ends of the whole text", arguments: patterns)
  func cuts(pattern: SplitPattern) throws {
    let compiled = try CompiledPattern(pattern)
    for seed in UInt64(1)...40 {
      var generator = SeededGenerator(seed: seed)
      let text = randomText(1000, &generator)
      let whole = ends(text, 0..<text.count, by: compiled).automaton
      var (parts, lower): ([UInt32], Int) = ([], 0)
      while lower < text.count {
        let upper =
          compiled.nextCut(
            in: text, count: text.count,
            from: lower + Int.random(in: 64...200, using: &generator), to: text.count)
          ?? text.count
        parts += ends(text, lower..<upper, by: compiled).walk
        lower = upper
      }
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
