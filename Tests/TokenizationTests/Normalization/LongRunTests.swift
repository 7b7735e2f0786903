import Testing

@testable import Tokenization

@Suite struct LongRunTests {
  @Test(
    "runs longer than the cache and than ICU's share equal ICU's result",
    arguments: TestedForm.all)
  func longRuns(form: TestedForm) throws {
    let marks = NormalizationOracle.activeCharacters(form).filter {
      $0.properties.canonicalCombiningClass != .notReordered || (0x1160...0x11FF).contains($0.value)
    }
    var random = SeededRandom(seed: 4)
    var subject = try TestNormalizer(form)
    for round in 0..<600 {
      var view = String.UnicodeScalarView()
      view.append(
        ["e", "가", "\u{1100}", "\u{1E69}", "ﬃ", "\u{301}"].randomElement(using: &random) ?? "e")
      for _ in 0..<Int.random(in: 5...300, using: &random) {
        view.append(marks.randomElement(using: &random) ?? "\u{301}")
      }
      view.append("x")
      var text = Array(String(view).utf8)
      if round % 5 == 0 { text.insert(contentsOf: [0xED, 0xA0, 0x80], at: 0) }
      if round % 7 == 0 { text.removeFirst() }
      #expect(
        subject.normalize(text) == NormalizationOracle.icu(form, text), "round \(round): \(view)")
    }
  }

  @Test("marks in the worst order take linear time", arguments: TestedForm.all)
  func worstOrder(form: TestedForm) throws {
    var subject = try TestNormalizer(form)
    let pair: [UInt8] = [0xCC, 0x81, 0xCC, 0xA3]
    func cost(_ pairs: Int) -> Duration {
      let text = [UInt8(ascii: "a")] + (0..<pairs).flatMap { _ in pair }
      var result: [UInt8] = []
      let time = ContinuousClock().measure { result = subject.normalize(text) }
      let acute = Array(repeating: [0xCC, 0x81] as [UInt8], count: pairs).joined()
      let dot = Array(
        repeating: [0xCC, 0xA3] as [UInt8], count: pairs - (form.form.composes ? 1 : 0)
      )
      .joined()
      let head: [UInt8] =
        form.form.composes ? [0xE1, 0xBA, 0xA1] : [UInt8(ascii: "a"), 0xCC, 0xA3]
      #expect(result == head + dot.dropFirst(form.form.composes ? 0 : 2) + acute)
      return time
    }
    _ = cost(500)
    let short = (0..<3).map { _ in cost(5_000) }.min() ?? .zero
    let long = (0..<3).map { _ in cost(50_000) }.min() ?? .zero
    // Quadratic time would be 100 times as long.
    #expect(long < short * 40, "20 KB \(short), 200 KB \(long)")
  }
}
