import NativeBridges
import Testing

@testable import Tokenization

@Suite struct NormalizationTableTests {
  @Test(
    "text cut where the table allows normalizes to the same bytes",
    arguments: TestedForm.all)
  func randomCuts(form: TestedForm) throws {
    let active = NormalizationOracle.activeCharacters(form)
    let table = try form.table
    var random = SeededRandom(seed: 3)
    var subject = try TestNormalizer(form)
    for round in 0..<3000 {
      var view = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        view.append(active.randomElement(using: &random) ?? "a")
        if Bool.random(using: &random) {
          view.append(["e", " ", "漢", "1", "\n"].randomElement(using: &random) ?? "e")
        }
      }
      let text = Array(String(view).utf8)
      let whole = subject.normalize(text)
      var starts: [Int] = []
      var offset = 0
      for scalar in view {
        starts.append(offset)
        offset += UTF8.width(scalar)
      }
      for start in starts {
        let (isInert, hasBoundary) = text.withUnsafeBufferPointer { buffer in
          buffer.baseAddress.map { base in
            (
              table.isInert(at: base + start, readable: text.count - start),
              table.hasBoundary(before: base + start, readable: text.count - start)
            )
          } ?? (false, false)
        }
        let next = starts.first { $0 > start } ?? text.count
        var cuts: [Int] = hasBoundary ? [start] : []
        if isInert { cuts += [start, next] }
        for cut in cuts {
          let parts =
            subject.normalize(Array(text[..<cut])) + subject.normalize(Array(text[cut...]))
          #expect(parts == whole, "round \(round), cut at \(cut): \(view)")
        }
      }
    }
  }

  @Test("line ends, blanks, digits and ideographs may be cut from both neighbours")
  func inertCharacters() throws {
    for text in ["\n", "\r", " ", "1", "漢", "😀"] { #expect(try facts(text).isInert, "\(text)") }
    for text in ["a", "é", "\u{301}", "\u{1100}", "\u{2126}"] {
      #expect(try !facts(text).isInert, "\(text)")
    }
  }

  @Test("letters may be cut from what precedes them, marks may not")
  func boundaries() throws {
    for text in ["a", "é", "가", "\u{1100}", "\u{2126}"] {
      #expect(try facts(text).hasBoundary, "\(text)")
    }
    for text in ["\u{301}", "\u{1161}", "\u{11A8}"] {
      #expect(try !facts(text).hasBoundary, "\(text)")
    }
  }

  @Test("starters stay as they are; the ohm sign is a boundary but changes by itself")
  func starters() throws {
    for text in ["a", "é", "가", "漢", "\n"] { #expect(try facts(text).isStarter, "\(text)") }
    for text in ["\u{2126}", "\u{301}", "\u{1161}"] {
      #expect(try !facts(text).isStarter, "\(text)")
    }
  }

  @Test("a character that the end cuts is nothing yet; bytes of no character may be cut anywhere")
  func incompleteCharacters() throws {
    for bytes: [UInt8] in [[0xC3], [0xE6], [0xE6, 0xBC], [0xF0, 0x9F, 0x98]] {
      #expect(try facts(bytes) == (false, false, false), "\(bytes)")
    }
    for bytes: [UInt8] in [[0x80], [0xC0, 0x80], [0xFF], [0xE6, 0x41], [0xED, 0xA0, 0x80]] {
      #expect(try facts(bytes) == (true, true, false), "\(bytes)")
    }
    #expect(try facts([]) == (false, false, false))
  }

  @Test(
    "every code point has the class that ICU's properties give it",
    arguments: TestedForm.all)
  func everyClass(form: TestedForm) throws {
    let table = try form.table
    var classes = [UInt8](repeating: 0, count: 0x11_0000)
    _ = tt_normalizer_classes(form.icu, 0, 0x11_0000, &classes)
    var wrong: [UInt32] = []
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4) { buffer in
      guard let text = buffer.baseAddress else { return }
      for value in classes.indices {
        guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
        let length = UTF8.width(scalar)
        _ = buffer.update(fromContentsOf: UTF8.encode(scalar) ?? .init())
        if table.classByte(at: text, readable: length) != classes[value] {
          wrong.append(scalar.value)
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(20))")
  }

  private func facts(
    _ text: String
  ) throws -> (isInert: Bool, hasBoundary: Bool, isStarter: Bool) {
    try facts(Array(text.utf8))
  }

  /// What the NFC table says of the first character.
  private func facts(
    _ bytes: [UInt8]
  ) throws -> (isInert: Bool, hasBoundary: Bool, isStarter: Bool) {
    let table = try NormalizationTable.table(for: .nfc)
    // The array has a base address even when nothing is readable.
    return (bytes + [0]).withUnsafeBufferPointer { buffer in
      guard let text = buffer.baseAddress else { return (false, false, false) }
      return (
        table.isInert(at: text, readable: bytes.count),
        table.hasBoundary(before: text, readable: bytes.count),
        table.isStarter(at: text, readable: bytes.count)
      )
    }
  }
}
