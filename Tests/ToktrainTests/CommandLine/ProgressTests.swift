import Foundation
import Testing

@Suite("Progress")
struct ProgressTests {
  static let script = "/usr/bin/script"

  let workplace = try? Workplace()

  /// What a terminal of this kind gets to see, stdout and stderr together.
  private func seen(term: String, _ words: String) throws -> String {
    let place = try #require(workplace)
    try place.write(String(repeating: "some words of text\n", count: 100).utf8, to: "a.txt")
    let run = try place.tool.shell(
      "TERM=\(term) \(Self.script) -qec \"\(Tool.url.path) bpe a.txt -v 260 \(words)\" /dev/null")
    return run.text
  }

  @Test(
    "A terminal sees one line that is cleared at the end",
    .enabled(if: FileManager.default.isExecutableFile(atPath: script)))
  func terminal() throws {
    let text = try seen(term: "xterm", "-o a")
    #expect(text.contains("\rcounting words  "))
    let last = try #require(text.range(of: "\r\u{1B}[K", options: .backwards))
    #expect(text[last.upperBound...].hasPrefix("read: 1 file"))
  }

  @Test(
    "A dumb terminal and --quiet see none",
    .enabled(if: FileManager.default.isExecutableFile(atPath: script)))
  func silent() throws {
    #expect(!(try seen(term: "dumb", "-o a")).contains("\u{1B}"))
    let quiet = try seen(term: "xterm", "-q -o b")
    #expect(!quiet.contains("\u{1B}") && !quiet.contains("counting"))
  }

  @Test("What is no terminal sees none")
  func piped() throws {
    let place = try #require(workplace)
    try place.write("some words of text, some words\n".utf8, to: "a.txt")
    let run = try place.tool("bpe", "a.txt", "-v", "260")
    #expect(!run.errors.contains("\r") && !run.errors.contains("counting"))
  }
}
