import Testing

@testable import Tokenization

@Suite("Sidecars of rank files")
struct RankSidecarTests {
  private func error(_ text: String) -> FormatError? {
    do throws(FormatError) {
      let sidecar = try RankSidecar(reading: Array(text.utf8))
      _ = try RankFile(reading: RankFileTests.file(), sidecar: sidecar)
      return nil
    } catch {
      return error
    }
  }

  private func file(_ tokens: String) -> String {
    #"{"format": "toktrain/ranks/1", "pattern": "\\S+|\\s+", "special_tokens": "# + tokens + "}"
  }

  @Test("What is written is read as the same, and written twice it is the same")
  func roundTrip() throws {
    let sidecar = RankSidecar(
      pattern: #"'s|\p{L}+|"\s|\s"#,
      specialTokens: [
        SpecialToken(id: 500, content: Array("<|b|>".utf8)),
        SpecialToken(id: 400, content: Array("<é\n>".utf8)),
      ])
    let again = try RankSidecar(reading: sidecar.bytes)
    #expect(again == sidecar && again.bytes == sidecar.bytes)
    #expect(again.specialTokens.map(\.id) == [400, 500])
  }

  @Test("Special tokens may be left out, and fill gaps of the ranks")
  func gaps() throws {
    #expect(error(#"{"format": "toktrain/ranks/1", "pattern": "\\S+|\\s+"}"#) == nil)
    let sidecar = try RankSidecar(reading: Array(file(#"{"<s>": 256}"#).utf8))
    _ = try RankFile(reading: RankFileTests.file(gap: 1), sidecar: sidecar)
    #expect(error(file(#"{"<s>": 256}"#)) == .duplicateID(id: 256))
    // A token may be special, too.
    #expect(error(file(#"{"ab": 256}"#)) == nil)
  }

  @Test("Errors name the field or the token")
  func errors() {
    #expect(error("{") != nil)
    #expect(error("[]") == .wrongType(field: "of the whole file", expected: "an object"))
    #expect(error("{}") == .missing(field: "format"))
    #expect(
      error(#"{"format": "other"}"#) == .wrongType(field: "format", expected: "toktrain/ranks/1"))
    #expect(error(#"{"format": "toktrain/ranks/1"}"#) == .missing(field: "pattern"))
    #expect(error(file("[]")) == .wrongType(field: "special_tokens", expected: "an object"))
    #expect(
      error(file(#"{"<s>": "1"}"#))
        == .wrongType(field: #"special_tokens["<s>"]"#, expected: "an integer"))
    #expect(error(file(#"{"": 1}"#)) != nil)
    let content = Array("<s>".utf8)
    #expect(
      error(file(#"{"<s>": -1}"#))
        == .idOutOfRange(token: content, greatest: ModelLimits.greatestID))
    #expect(
      error(file(#"{"<s>": 70000}"#)) == .idOutOfRange(token: content, greatest: 65536))
    #expect(error(file(#"{"<s>": 500, "<t>": 500}"#)) == .duplicateID(id: 500))
    #expect(error(file(#"{"<s>": 500, "<s>": 501}"#)) == .duplicateToken(token: content))
  }
}
