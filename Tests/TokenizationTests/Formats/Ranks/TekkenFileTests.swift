import Primitives
import Testing

@testable import Tokenization

@Suite("tekken.json")
struct TekkenFileTests {
  /// A file of all bytes and a few words.
  struct File {
    var words = ["ab", "abc", "xyz"]
    var size = 256 + 3 + 22
    var specialCount = "22"
    var version = "\"v3\""
    var specials: String?
    var tail = ""

    var text: String {
      let tokens = (0...255).map { [UInt8($0)] } + words.map { Array($0.utf8) }
      let vocabulary = tokens.enumerated().map { rank, token in
        let text = String(decoding: Base64.encode(token), as: UTF8.self)
        return #"{"rank": \#(rank), "token_bytes": "\#(text)", "token_str": null}"#
      }.joined(separator: ",\n")
      let special = specials.map { #", "special_tokens": \#($0)"# } ?? ""
      return #"{"config": {"pattern": "\\S+|\\s+", "num_vocab_tokens": 259, "#
        + #""default_vocab_size": \#(size), "default_num_special_tokens": \#(specialCount), "#
        + #""version": \#(version)}, "vocab": [\#(vocabulary)]\#(special)}\#(tail)"#
    }

    func tokenizer() throws(FormatError) -> Tokenizer {
      try TokenizerFile.load(Array(text.utf8))
    }
  }

  private func error(_ change: (inout File) -> Void) -> FormatError? {
    var file = File()
    change(&file)
    do throws(FormatError) {
      _ = try file.tokenizer()
      return nil
    } catch {
      return error
    }
  }

  private func encode(_ text: String, by tokenizer: Tokenizer) throws -> [TokenID] {
    var encoder = try TokenEncoder(CompiledTokenizer(tokenizer))
    var ids: [TokenID] = []
    try encoder.encode(Array(text.utf8), into: &ids)
    return ids
  }

  @Test("Special tokens have the first ids, ranks follow")
  func ids() throws {
    let tokenizer = try File().tokenizer()
    #expect(tokenizer.idCount == 281 && tokenizer.specialTokens.count == 22)
    #expect(tokenizer.bytes(of: 1).map(Array.init) == Array("<s>".utf8))
    #expect(tokenizer.bytes(of: 21).map(Array.init) == Array("<SPECIAL_21>".utf8))
    // No merge makes "xyz"; as a word it is taken whole.
    #expect(try encode("abc xyz xyza", by: tokenizer).prefix(4) == [279, 54, 280, 54])
    #expect(try encode("xyza", by: tokenizer) == [142, 143, 144, 119])
    #expect(try TokenDecoder(tokenizer).decode([1, 279]) == Array("<s>abc".utf8))
  }

  @Test("The vocabulary ends where the file says")
  func cut() throws {
    var file = File()
    file.size = 22 + 257
    let tokenizer = try file.tokenizer()
    #expect(tokenizer.idCount == 279)
    #expect(try encode("abc", by: tokenizer) == [278, 121])
  }

  @Test("The file's own special tokens are filled up")
  func ownSpecialTokens() throws {
    var file = File()
    file.version = "\"v11\""
    file.specials = """
      [{"rank": 0, "token_str": "<a>", "is_control": true},
       {"rank": 1, "token_str": "<b>", "is_control": false}]
      """
    let tokens = try file.tokenizer().specialTokens
    #expect(tokens.count == 22 && tokens[1].content == Array("<b>".utf8))
    #expect(tokens[2].content == Array("<SPECIAL_2>".utf8))
  }

  @Test("What is read can be written as a rank file, with its special tokens in the gap")
  func asRanks() throws {
    let tokenizer = try File().tokenizer()
    let file = try RankFile(of: tokenizer)
    #expect(file.bytes.starts(with: Array("AA== 22\n".utf8)))
    let again = try RankFile(reading: file.bytes, sidecar: file.sidecar).tokenizer()
    #expect(try encode("abc xyzab", by: again) == encode("abc xyzab", by: tokenizer))
  }

  @Test("Errors name the field")
  func errors() {
    #expect(error { $0.version = "\"v13\"" } == .missing(field: "special_tokens"))
    #expect(
      error { $0.version = "3" } == .wrongType(field: "config.version", expected: "a string"))
    #expect(
      error { $0.version = "\"3\"" }
        == .wrongType(field: "config.version", expected: "a version such as \"v3\""))
    #expect(
      error { $0.specialCount = "-1" }
        == .wrongType(
          field: "config.default_num_special_tokens", expected: "a number from 0 to 16384"))
    #expect(error { $0.specialCount = "99999999999" } != nil)
    #expect(error { $0.specialCount = "5" } != nil)
    #expect(error { $0.size = 10_000 } != nil)
    #expect(error { $0.size = 10 } != nil)
    #expect(error { $0.size = 100 } == .missingByte(78))
    #expect(error { $0.words[1] = "ab" } == .duplicateToken(token: Array("ab".utf8)))
    #expect(error { $0.specials = #"[{"rank": 1, "token_str": "<a>"}]"# } != nil)
    #expect(error { $0.specials = #"[{"rank": 0, "token_str": ""}]"# } != nil)
    #expect(
      error {
        $0.specials = #"[{"rank": 0, "token_str": "<a>"}, {"rank": 1, "token_str": "<a>"}]"#
      } == .duplicateToken(token: Array("<a>".utf8)))
    #expect(error { $0.tail = "x" } != nil)
  }

  @Test("Ranks out of place and broken base64 are named")
  func tokens() {
    func error(_ old: String, _ new: String) -> FormatError? {
      let text = File().text
      let parts = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
      precondition(parts.count == 2)
      do throws(FormatError) {
        _ = try TokenizerFile.load(Array(parts.joined(separator: new).utf8))
        return nil
      } catch {
        return error
      }
    }
    #expect(
      error(#""rank": 257"#, #""rank": 258"#)
        == .wrongType(field: "vocab[257].rank", expected: "257, its place in the list"))
    #expect(
      error(#""YWI=""#, #""YW=""#)
        == .wrongType(field: "vocab[256].token_bytes", expected: "bytes in base64"))
    #expect(
      error(#""AQ==""#, #""AA==""#)
        == .wrongType(field: "vocab[1].token_bytes", expected: "the byte 1 in base64"))
    #expect(
      error(#""token_bytes": "YWI=""#, #""x": 1"#) == .missing(field: "vocab[256].token_bytes"))
  }

  @Test("A file cut short anywhere is an error")
  func truncation() {
    let bytes = Array(File().text.utf8)
    for length in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: FormatError.self, "\(length)") {
        try TokenizerFile.load(Array(bytes.prefix(length)))
      }
    }
  }
}
