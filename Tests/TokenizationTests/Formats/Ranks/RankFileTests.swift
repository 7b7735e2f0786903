import Primitives
import Testing

@testable import Tokenization

@Suite("Rank files")
struct RankFileTests {
  private static let words = ["ab", " a", "abc", "é", "cab"]
  private static let sidecar = RankSidecar(
    pattern: #" ?\w+|\s+|[^\s\w]+"#,
    specialTokens: [SpecialToken(id: 300, content: Array("<|end|>".utf8))])

  /// All bytes in order, and words behind them.
  static func file(_ words: [String] = words, gap: Int = 0) -> [UInt8] {
    var lines: [UInt8] = []
    let tokens = (0...255).map { [UInt8($0)] } + words.map { Array($0.utf8) }
    for (index, token) in tokens.enumerated() {
      lines += Base64.encode(token)
      lines += Array(" \(index < 256 ? index : index + gap)\n".utf8)
    }
    return lines
  }

  private func error(_ bytes: [UInt8], sidecar: RankSidecar? = sidecar) -> FormatError? {
    do throws(FormatError) {
      _ = try RankFile(reading: bytes, sidecar: sidecar).tokenizer()
      return nil
    } catch {
      return error
    }
  }

  private func encode(_ text: String, by tokenizer: Tokenizer) throws -> [TokenID] {
    var encoder = try TokenEncoder(
      CompiledTokenizer(tokenizer), options: EncodingOptions(allowedSpecialTokens: .all))
    var ids: [TokenID] = []
    try encoder.encode(Array(text.utf8), into: &ids)
    return ids
  }

  @Test("A file is read, encodes, and is written as it was")
  func reading() throws {
    for gap in [0, 7] {
      let bytes = Self.file(gap: gap)
      let file = try RankFile(reading: bytes, sidecar: Self.sidecar)
      #expect(file.bytes == bytes)
      let tokenizer = try file.tokenizer()
      let first = TokenID(256 + gap)
      #expect(
        try encode("cab ab<|end|>", by: tokenizer) == [first + 4, 32, first, 300])
      #expect(try TokenDecoder(tokenizer).decode([first + 2, 300]) == Array("abc<|end|>".utf8))
      #expect(try RankFile(of: tokenizer).bytes == bytes)
      #expect(try RankFile(of: tokenizer).sidecar == Self.sidecar)
    }
  }

  @Test("Lines may end in CRLF, be empty, and come in any order")
  func otherForms() throws {
    let lines = String(decoding: Self.file(), as: UTF8.self).split(separator: "\n")
    for text in [
      lines.joined(separator: "\r\n"), "\n\n" + lines.joined(separator: "\n\n"),
      lines.reversed().joined(separator: "\n"),
      lines.map { $0.split(separator: " ").joined(separator: " \t ") + " " }
        .joined(separator: "\n"),
    ] {
      let bytes = Array(text.utf8)
      #expect(RankFile.isRankFile(bytes))
      #expect(try RankFile(reading: bytes).bytes == Self.file())
    }
  }

  @Test("What stands between matches of the pattern is left out, as tiktoken does")
  func gaps() throws {
    let sidecar = RankSidecar(pattern: "[a-z]+")
    let tokenizer = try RankFile(reading: Self.file(), sidecar: sidecar).tokenizer()
    #expect(try encode("ab, x", by: tokenizer) == [256, 120])
    #expect(try RankFile(of: tokenizer).sidecar == sidecar)
  }

  @Test("Without a pattern the error says what to write, and what it shows can be read")
  func missingPattern() throws {
    let error: FormatError = try #require(self.error(Self.file(), sidecar: nil))
    #expect(
      error
        == .missingPattern(known: ["r50k_base", "p50k_base", "cl100k_base", "o200k_base", "llama3"])
    )
    let text = error.description
    let example = text[(text.firstIndex(of: "{") ?? text.startIndex)...]
    #expect(try RankSidecar(reading: Array(example.utf8)).pattern == #"\S+|\s+"#)
  }

  @Test("A broken line is named with its number")
  func brokenLines() {
    let good = Self.file()
    let problems: [(String, FormatError)] = [
      ("YWJ= 400", .malformedRank(found: Array("YWJ= 400".utf8))),
      ("YWJ 400", .malformedRank(found: Array("YWJ 400".utf8))),
      ("Y*Jj 400", .malformedRank(found: Array("Y*Jj 400".utf8))),
      ("YWJjYw==", .malformedRank(found: Array("YWJjYw==".utf8))),
      ("YWJjYw== -1", .malformedRank(found: Array("YWJjYw== -1".utf8))),
      ("YWJjYw== 1.5", .malformedRank(found: Array("YWJjYw== 1.5".utf8))),
      ("YWJjYw== 400 5", .malformedRank(found: Array("YWJjYw== 400 5".utf8))),
      (" 400", .malformedRank(found: Array(" 400".utf8))),
      ("==== 400", .malformedRank(found: Array("==== 400".utf8))),
      (
        "YWJjYw== 99999999999999999999",
        .malformedRank(found: Array("YWJjYw== 99999999999999999999".utf8))
      ),
      (
        "YWJjYw== 4000000",
        .idOutOfRange(token: Array("abcc".utf8), greatest: 65536)
      ),
      ("YWJjYw== 100", .duplicateID(id: 100)),
      ("YWJj 400", .duplicateToken(token: Array("abc".utf8))),
      ("YQ== 400", .duplicateToken(token: Array("a".utf8))),
    ]
    for (line, problem) in problems {
      #expect(error(good + Array("\n\(line)".utf8)) == .line(263, problem), "\(line)")
      #expect(error(good + Array("\r\n\(line)\r\n".utf8)) == .line(263, problem), "\(line)")
    }
  }

  @Test("A byte without a token is an error")
  func missingByte() {
    let lines = String(decoding: Self.file(), as: UTF8.self).split(separator: "\n")
    for byte in [0, 65, 255] {
      var rest = lines
      rest.remove(at: byte)
      #expect(error(Array(rest.joined(separator: "\n").utf8)) == .missingByte(UInt8(byte)))
    }
  }

  @Test("A file cut short anywhere is an error, or a smaller vocabulary")
  func truncation() {
    let good = Self.file()
    for length in 0..<good.count {
      let bytes = Array(good.prefix(length))
      let problem = error(bytes)
      #expect(problem != nil || length > 4 * 256, "\(length)")
      if RankFile.isRankFile(bytes) || length == 0 { continue }
      #expect(length < 7)
    }
  }

  @Test("A changed byte is an error or another vocabulary, never a trap")
  func damage() {
    var generator = SeededGenerator(seed: 5)
    let good = Self.file()
    for _ in 0..<400 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        bytes[place] = UInt8.random(in: 0...255, using: &generator)
      }
      guard let file = try? RankFile(reading: bytes, sidecar: Self.sidecar) else { continue }
      #expect((try? RankFile(reading: file.bytes))?.bytes == file.bytes)
    }
  }

  @Test("Other texts are no rank files")
  func otherTexts() {
    for text in ["", "\n\n", "{\"a\": 1}", "a b\nc d\n", "#version: 0.2\n", "YQ==", "YQ== x"] {
      #expect(!RankFile.isRankFile(Array(text.utf8)), "\(text)")
    }
  }

  @Test("The loader knows rank files by their first line")
  func loading() throws {
    let tokenizer = try TokenizerFile.load(Self.file(), sidecar: Self.sidecar)
    #expect(tokenizer.idCount == 301)
    #expect(throws: FormatError.self) { try TokenizerFile.load(Self.file()) }
  }
}
