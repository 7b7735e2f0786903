import Foundation
import Testing
import Tokenization

@testable import TokenizerTraining

@Suite("Corpus input")
struct CorpusInputTests {
  private func count(
    _ bytes: [UInt8], name: String = "text.txt", pattern: SplitPattern? = nil, threads: Int = 1,
    blockSize: Int = 97, _ change: (inout CorpusOptions) -> Void = { _ in }
  ) throws -> CountedCorpus {
    let folder = try TemporaryFolder()
    let path = try folder.write(bytes, to: name)
    var corpusOptions = CorpusOptions()
    corpusOptions.documents = .line
    change(&corpusOptions)
    var options = CountingOptions(preTokenizer: PreTokenizer(pattern), threads: threads)
    options.blockSize = blockSize
    return try PreTokenCounter(options).count(Corpus(inputs: [path], options: corpusOptions))
  }

  private func words(_ counted: CountedCorpus) -> [String: UInt64] {
    Dictionary(
      uniqueKeysWithValues: ReferenceCounter.dictionary(counted.counts).map {
        (String(decoding: $0.key, as: UTF8.self), $0.value)
      })
  }

  @Test("Invalid UTF-8 is an error that names line and byte, in any block")
  func invalidUTF8() throws {
    let bytes = Array(String(repeating: "line\n", count: 60).utf8) + [65, 0xFF, 66, 10]
    for threads in [1, 3] {
      let error = #expect(throws: CorpusError.self) { try count(bytes, threads: threads) }
      guard case .invalidUTF8(_, 61, 301) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test("Invalid UTF-8 is replaced or kept when asked, and counted")
  func invalidUTF8Policies() throws {
    let bytes: [UInt8] = [65, 0xE2, 0x82, 66, 10, 0xFF, 10]
    let replaced = try count(bytes) { $0.invalidUTF8 = .replace }
    #expect(words(replaced) == ["A\u{FFFD}B\n": 1, "\u{FFFD}\n": 1])
    #expect(replaced.summary.illFormedSequences == 2)
    let kept = try count(bytes) { $0.invalidUTF8 = .bytes }
    #expect(
      ReferenceCounter.dictionary(kept.counts)
        == [[65, 0xE2, 0x82, 66, 10]: 1, [0xFF, 10]: 1])
  }

  @Test("NUL, CR, CRLF, a byte order mark and reserved-looking characters are ordinary text")
  func ordinaryText() throws {
    let lines = ["a\0b\n", "a\rb\n", "c\r\n", "\u{FEFF}d\n", "\u{2581}e\n", "\u{2585}f\n"]
    let counted = try count(Array(lines.joined().utf8))
    #expect(words(counted) == Dictionary(uniqueKeysWithValues: lines.map { ($0, 1) }))
    #expect(counted.summary.documents == 6)
  }

  @Test("No line is skipped for its length")
  func longLine() throws {
    let line = [UInt8](repeating: 97, count: 100_000)
    let counted = try count([98, 10] + line)
    #expect(counted.counts.bytes.count == 100_002)
  }

  @Test(
    "UTF-16 is told apart from broken UTF-8",
    arguments: [[0xFF, 0xFE], [0xFE, 0xFF]] as [[UInt8]])
  func utf16(mark: [UInt8]) {
    let error = #expect(throws: CorpusError.self) { try count(mark + [65, 0, 10, 0]) }
    guard case .utf16 = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("A corpus without text is an error", arguments: [[], []] as [[UInt8]])
  func empty(bytes: [UInt8]) {
    #expect(throws: CorpusError.noText(files: 1)) { try count(bytes) }
  }

  @Test("JSONL gives the text of a field, escapes undone, a record a document")
  func jsonl() throws {
    let text = #"""
      {"text": "one\ntwo \u00e9\ud83d\ude00", "id": 1}

      {"id": 2, "text": "three"}
      """#
    for threads in [1, 3] {
      let counted = try count(Array(text.utf8), name: "t.jsonl", threads: threads) {
        $0.documents = .file
      }
      #expect(words(counted) == ["one\ntwo é😀": 1, "three": 1])
      #expect(counted.summary.documents == 2)
    }
    let nested = #"{"a": {"text": 1, "b": "inner"}}"#
    let counted = try count(Array(nested.utf8), name: "t.jsonl") { $0.jsonlField = ["a", "b"] }
    #expect(words(counted) == ["inner": 1])
  }

  @Test(
    "A bad JSONL line is named by its number",
    arguments: [#"{"text": 5}"#, #"{"other": "x"}"#, #"{"text": "x""#, "[]", "no json"])
  func badRecord(line: String) {
    let good = String(repeating: "{\"text\": \"good\"}\n", count: 30)
    let error = #expect(throws: CorpusError.self) {
      try count(Array((good + line + "\n" + good).utf8), name: "t.jsonl", threads: 2)
    }
    guard case .invalidRecord(_, 31, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("A file that is shorter than it was is an error")
  func shrunk() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([65, 66], to: "t")
    let file = try PlainFile(opening: path, size: 5)
    let buffer = TextBuffer(capacity: 8)
    #expect(
      throws: CorpusError.shrank(path: String(decoding: path, as: UTF8.self), expected: 5, found: 2)
    ) {
      try file.read(UnsafeMutableRawBufferPointer(start: buffer.bytes, count: 5), at: 0)
    }
  }
}
