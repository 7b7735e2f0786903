import Testing

@testable import Tokenization

@Suite struct NormalizedTextTests {
  static let examples = [
    OffsetExample(
      form: .nfc, text: "e\u{301}o\u{302}x", sources: [(0..<3, 2), (3..<6, 2), (6..<7, 1)]),
    OffsetExample(form: .nfc, text: "q\u{307}\u{323}", sources: [(0..<1, 1), (1..<5, 4)]),
    OffsetExample(form: .nfd, text: "q\u{307}\u{323}", sources: [(0..<1, 1), (1..<5, 4)]),
    OffsetExample(form: .nfc, text: "a\u{301}\u{323}", sources: [(0..<5, 5)]),
    OffsetExample(form: .nfc, text: "e\u{316}\u{301}", sources: [(0..<5, 4)]),
    OffsetExample(form: .nfc, text: "\u{1112}\u{1161}\u{11AB}", sources: [(0..<9, 3)]),
    OffsetExample(form: .nfc, text: "\u{D558}\u{11AB}", sources: [(0..<6, 3)]),
    OffsetExample(form: .nfd, text: "x한", sources: [(0..<1, 1), (1..<4, 9)]),
    OffsetExample(form: .nfd, text: "éa", sources: [(0..<2, 3), (2..<3, 1)]),
    OffsetExample(form: .nfkc, text: "ﬁ①", sources: [(0..<3, 2), (3..<6, 1)]),
    OffsetExample(form: .nfkd, text: "\u{FDFA}.", sources: [(0..<3, 33), (3..<4, 1)]),
  ]

  @Test("edits lead each byte back to the characters it stems from", arguments: examples)
  func sourcesOfBytes(example: OffsetExample) throws {
    var subject = try TestNormalizer(TestedForm(example.form))
    let result = subject.normalize(Array(example.text.utf8), recordingEdits: true)
    let expected = example.sources.flatMap { Array(repeating: $0.range, count: $0.bytes) }
    #expect(subject.sources(resultCount: result.count) == expected)
  }

  @Test(
    "source ranges of consecutive pieces ascend and cover the source",
    arguments: TestedForm.all)
  func coverage(form: TestedForm) throws {
    let active = NormalizationOracle.activeCharacters(form)
    var random = SeededRandom(seed: 5)
    var subject = try TestNormalizer(form)
    for round in 0..<2000 {
      var view = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 1...30, using: &random) {
        view.append(active.randomElement(using: &random) ?? "a")
        if Bool.random(using: &random) { view.append(contentsOf: "ab".unicodeScalars) }
      }
      let text = Array(String(view).utf8)
      let result = subject.normalize(text, recordingEdits: true)
      let bytes = subject.sources(resultCount: result.count)
      checkCover(bytes, of: text, round)

      if result.isEmpty { continue }
      // Pieces of any length, and queries in any order, agree with the single bytes.
      var start = 0
      while start < result.count {
        let end = min(result.count, start + Int.random(in: 1...9, using: &random))
        let expected = bytes[start].lowerBound..<bytes[end - 1].upperBound
        #expect(subject.output.sourceRange(of: start..<end) == expected, "round \(round): \(view)")
        start = end
      }
      let place = Int.random(in: 0..<result.count, using: &random)
      #expect(subject.output.sourceRange(of: place..<place + 1) == bytes[place], "round \(round)")
      let empty = subject.output.sourceRange(of: place..<place)
      #expect(empty == bytes[place].lowerBound..<bytes[place].lowerBound, "round \(round)")
      #expect(
        subject.output.sourceRange(of: result.count..<result.count) == text.count..<text.count)
    }
  }

  /// Equal bytes map to themselves; the bytes of a change share its range, but for what was dropped
  /// at its ends.
  private func checkCover(_ sources: [Range<Int>], of text: [UInt8], _ round: Int) {
    var covered = 0
    var previous = 0..<0
    for source in sources {
      #expect(source.lowerBound <= covered, "round \(round): gap")
      #expect(
        source.lowerBound >= previous.lowerBound && source.upperBound >= covered,
        "round \(round): descends")
      covered = source.upperBound
      previous = source
    }
    #expect(covered == (sources.isEmpty ? 0 : text.count), "round \(round)")
  }

  @Test("lengths beyond 32 bits are split, not cut")
  func longEdits() {
    var edits = EditList()
    let long = Int(UInt32.max) + 10
    edits.append(at: long, old: 3, new: 2)
    edits.append(at: long + 5, old: long, new: long + 7)
    var cursor = SourceCursor()
    #expect(edits.sourceRange(of: 5..<long, from: &cursor) == 5..<long)
    #expect(edits.sourceRange(of: long..<long + 1, from: &cursor) == long..<long + 3)
    #expect(edits.sourceRange(of: long + 2..<long + 5, from: &cursor) == long + 3..<long + 6)
    let whole = edits.sourceRange(of: long + 5..<2 * long + 12, from: &cursor)
    #expect(whole == long + 6..<2 * long + 6)
    let after = 2 * long + 12
    #expect(edits.sourceRange(of: after..<after + 1, from: &cursor) == 2 * long + 6..<2 * long + 7)
  }
}

struct OffsetExample: Sendable, CustomTestStringConvertible {
  let form: NormalizationForm
  let text: String
  /// Source range of each byte of the result, as "start-end" of equal neighbours with their number.
  let sources: [(range: Range<Int>, bytes: Int)]
  var testDescription: String { "\(form) of \(text.unicodeScalars.map { $0.value })" }
}
