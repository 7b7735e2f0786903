import Foundation
import Testing

@Suite("toktrain encode, decode and inspect")
struct UseTests {
  let workplace = try? Workplace()

  /// A place with the model `m`: 270 tokens and `<|end|>`, lossless.
  private func place() throws -> Workplace {
    let workplace = try #require(workplace)
    try workplace.write(TrainingTests.text.utf8, to: "corpus.txt")
    let run = try workplace.tool(
      "bpe", "corpus.txt", "-v", "270", "-s", "<|end|>", "-n", "none", "-o", "m", "-q")
    #expect(run.status == 0, "\(run.errors)")
    return workplace
  }

  @Test("Every line becomes a line of ids, empty ones too, and comes back as it was")
  func lines() throws {
    let place = try place()
    let text = Array("the cat\n\n\tsat\u{0}\r\n東京 ".utf8) + [0xFF, 0xC0, 0x0A] + Array("end".utf8)
    let encoded = try place.tool("encode", "m", input: text)
    #expect(encoded.status == 0 && encoded.errors.isEmpty)
    #expect(encoded.output.count(where: { $0 == 0x0A }) == 5)
    let decoded = try place.tool("decode", "m", input: encoded.output)
    #expect(decoded.output == text + [0x0A])
    let raw = try place.tool("decode", "m", "--raw", input: encoded.output)
    #expect(raw.output == text.filter { $0 != 0x0A })
  }

  @Test("What is written does not depend on threads or on how the text comes")
  func deterministic() throws {
    let place = try place()
    try place.write(Array(repeating: Array("the rat sat\n".utf8), count: 90_000).joined(), to: "t")
    let one = try place.tool("encode", "m", "t", "--threads", "1").output
    #expect(one.count > 90_000)
    #expect(try place.tool("encode", "m", "t", "--threads", "3").output == one)
    #expect(try place.tool.shell("cat t | toktrain encode m --threads 2").output == one)
    #expect(try place.tool.shell("gzip -c t > t.gz; toktrain encode m t.gz").output == one)
    let whole = try place.tool("encode", "m", "t", "--documents", "file").output
    #expect(whole.count(where: { $0 == 0x0A }) == 1)
  }

  @Test("Figures go to stderr, count what was encoded, and leave the output as it is")
  func figures() throws {
    let place = try place()
    let text = Array("the cat\n\nsat\n".utf8)
    let run = try place.tool("encode", "m", "--stats", "--threads", "2", input: text)
    let plain = try place.tool("encode", "m", input: text)
    #expect(run.output == plain.output)
    let tokens = plain.text.split(whereSeparator: { $0 == " " || $0 == "\n" }).count
    #expect(run.errors.contains("encoded: 10 bytes in 3 documents, \(tokens) tokens, "))
    #expect(run.errors.contains(" MB/s a thread (2 threads)"))
    #expect(run.errors.hasPrefix("loaded: "))
    let quiet = try place.tool("encode", "m", "--stats", "-q", input: text)
    #expect(quiet.errors.contains("encoded: 10 bytes in 3 documents"))
  }

  @Test("What is wrong with a document or a line of ids is told with its file and number there")
  func places() throws {
    let place = try place()
    try place.write("a\nb\n".utf8, to: "texts/one")
    try place.write("c\nd <|end|>\n".utf8, to: "texts/two")
    try place.write("{\"text\":\"a\"}\n\n{\"text\":\"<|end|>\"}".utf8, to: "r.jsonl")
    try place.write("0 1\n".utf8, to: "ids/one")
    try place.write("2\n3 x\n".utf8, to: "ids/two")
    try place.write("1\n2\n3\n4\n".utf8, to: "four")
    for (words, message) in [
      (
        "encode m texts --special error", "document 4 (texts/two:2): the text has the special token"
      ),
      ("encode m texts -j --special error", "document 4 (texts/two:2): "),
      ("encode m texts --documents file --special error", "document 2 (texts/two): "),
      ("encode m texts --documents 'separator: ' --special error", "document 3 (texts/two:2): "),
      ("encode m r.jsonl --special error", "document 2 (r.jsonl:3): "),
      ("encode m - --special error < texts/two", "document 2 (standard input:2): "),
      (
        "encode m four --pair texts --special error",
        "document 4 (four:4 with texts/two:2): "
      ),
      ("decode m ids", "ids/two:2 (byte 3 of the line): 'x' is no token id"),
      ("decode m - < ids/two", "standard input:2 (byte 3 of the line): 'x' is no token id"),
    ] {
      let run = try place.tool.shell("toktrain \(words)")
      #expect(
        run.status == 3 && run.errors.hasPrefix("toktrain: error: \(message)"),
        "\(words): \(run.errors)")
    }
  }

  @Test("A special token is text unless it is allowed")
  func special() throws {
    let place = try place()
    let text = Array("<|end|>".utf8)
    #expect(try place.tool("encode", "m", input: text).text != "0\n")
    for choice in ["all", "<|end|>"] {
      #expect(try place.tool("encode", "m", "--allow-special", choice, input: text).text == "0\n")
    }
    let unknown = try place.tool("encode", "m", "--allow-special", "<|x|>", input: text)
    #expect(unknown.status == 3 && unknown.errors.contains("<|x|>"))
    #expect(try place.tool("decode", "m", input: Array("0".utf8)).text == "<|end|>\n")
    #expect(try place.tool("decode", "m", "--skip-special", input: Array("0".utf8)).text == "\n")
  }

  @Test("Tokens show readably, offsets point into the bytes, JSON has the file's spelling")
  func forms() throws {
    let place = try place()
    let text = Array("the \u{1B}".utf8)
    #expect(
      try place.tool("encode", "m", "--tokens", "--offsets", input: text).text
        == "the:0-3 ␣:3-4 \\u{1B}:4-5\n")
    let json = try place.tool("encode", "m", "--json", "--tokens", "--offsets", input: text).text
    #expect(json.contains("\"tokens\":[\"the\",\"Ġ\",\"ě\"]"))
    #expect(json.contains("\"offsets\":[[0,3],[3,4],[4,5]]"))
    let parsed = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let ids = (parsed?["ids"] as? [Int])?.map(String.init).joined(separator: " ")
    #expect(try place.tool("encode", "m", input: text).text == "\(ids ?? "")\n")
  }

  @Test("Encodings are cut and filled up, and what makes no sense is told")
  func lengths() throws {
    let place = try place()
    try place.write("the cat sat on the mat\n\nthe\n".utf8, to: "t")
    let whole = try place.tool("encode", "m", "t").text.split(separator: "\n").map {
      $0.split(separator: " ").map(String.init)
    }
    #expect(whole[0].count > 4 && whole.count == 2)
    let cut = try place.tool("encode", "m", "t", "--max-length", "4", "--stride", "1", "--overflow")
    #expect(
      cut.text.split(separator: "\n").first.map(String.init)
        == whole[0].prefix(4).joined(separator: " "))
    #expect(cut.text.split(separator: "\n").dropFirst().first?.hasPrefix(whole[0][3]) == true)
    for goal in ["longest", "30"] {
      let padded = try place.tool(
        "encode", "m", "t", "--pad", goal, "--pad-token", "<|end|>", "--threads", "2")
      let rows = padded.text.split(separator: "\n").map {
        $0.split(separator: " ").map(String.init)
      }
      let length = goal == "longest" ? whole[0].count : 30
      #expect(rows.map(\.count) == [length, length, length])
      #expect(rows[0].starts(with: whole[0]) && rows[1] == Array(repeating: "0", count: length))
    }
    for (words, status, message) in [
      ("--stride 2", 2, "--max-length"), ("--pad-side left", 2, "--pad"),
      ("--pad 5", 2, "--pad-token"), ("--pad 5 --pad-token <|x|>", 2, "<|x|>"),
      ("--model-lengths", 2, "--model-lengths"), ("--pad none", 2, "longest"),
      ("--max-length 4 --stride 4", 3, "document 1"),
      ("--max-length 4 --truncate only-second", 3, "document 1"),
    ] as [(String, Int32, String)] {
      let quoted = words.replacing("<|x|>", with: "'<|x|>'")
      let run = try place.tool.shell("toktrain encode m t \(quoted)")
      #expect(run.status == status && run.errors.contains(message), "\(words): \(run.errors)")
    }
  }

  @Test("Binary ids are little-endian, and a file appears whole or not at all")
  func binary() throws {
    let place = try place()
    let ids = try place.tool("encode", "m", input: Array("cat\nhat".utf8)).text
      .split(whereSeparator: \.isWhitespace).compactMap { UInt32($0) }
    for (width, bytes) in [("u16", 2), ("u32", 4)] {
      let run = try place.tool(
        "encode", "m", "--binary", width, "-o", width, input: Array("cat\nhat".utf8))
      #expect(run.status == 0 && run.output.isEmpty)
      let expected = ids.flatMap { id in
        (0..<bytes).map { UInt8(truncatingIfNeeded: id >> (8 * $0)) }
      }
      #expect(try place.bytes(of: width) == expected)
    }
    #expect(try place.tool("encode", "m", "corpus.txt", "-o", "u16").status == 4)
    #expect(try place.tool("encode", "m", "corpus.txt", "-o", "corpus.txt", "-f").status == 2)
    #expect(try place.tool("encode", "m", "corpus.txt", "-o", "u16", "-f").status == 0)
    #expect(place.names() == ["corpus.txt", "m", "u16", "u32"])
  }

  @Test(
    "Bad ids are named with file, line and place",
    arguments: [
      ("1 2\n3 x4 5\n", "standard input:2 (byte 3 of the line): 'x4'"),
      ("300", "standard input:1 (byte 1 of the line): '300'"),
      ("1\n\n-2", "standard input:3 (byte 1 of the line): '-2'"),
    ])
  func badIDs(row: (text: String, message: String)) throws {
    let run = try place().tool("decode", "m", input: Array(row.text.utf8))
    #expect(run.status == 3)
    #expect(run.errors.hasPrefix("toktrain: error: \(row.message)"), "\(run.errors)")
  }

  @Test("A model or text that cannot be had ends with its status and one line")
  func missing() throws {
    let place = try place()
    try place.write("{\"model\": ".utf8, to: "broken.json")
    try place.write([0xFF, 0xFE, 0x41, 0x00], to: "utf16.txt")
    try place.write([], to: "empty.txt")
    for (words, status, message) in [
      ("encode nowhere corpus.txt", 4, "nowhere: "), ("encode . corpus.txt", 4, ".: holds no"),
      ("encode broken.json corpus.txt", 3, "broken.json: "),
      ("encode empty.txt corpus.txt", 3, "empty.txt: "), ("encode m nowhere", 4, "nowhere: "),
      ("encode m utf16.txt", 3, "utf16.txt: "), ("decode m nowhere", 4, "nowhere: "),
      ("inspect nowhere", 4, "nowhere: "), ("inspect m --page 99", 2, "--page: "),
    ] as [(String, Int32, String)] {
      let run = try place.tool.shell("toktrain \(words)")
      #expect(run.status == status, "\(words): \(run.errors)")
      #expect(run.errors.hasPrefix("toktrain: error: \(message)"), "\(words): \(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1)
      #expect(run.output.isEmpty)
    }
    let empty = try place.tool("encode", "m", "empty.txt")
    #expect(empty.status == 0 && empty.output.isEmpty)
  }

  @Test("Write errors end with 4, and a reader who goes away is no error")
  func writeErrors() throws {
    let place = try place()
    try place.write(Array(repeating: Array("the rat sat\n".utf8), count: 90_000).joined(), to: "t")
    #expect(try place.tool.shell("toktrain encode m t > /dev/full").status == 4)
    let gone = try place.tool.shell(
      "toktrain encode m t | head -1 > /dev/null; echo ${PIPESTATUS[0]}")
    #expect(gone.text == "141\n" && gone.errors.isEmpty)
    let limited = try place.tool.shell("ulimit -f 8; toktrain encode m t -o ids")
    #expect(limited.status == 4 && limited.errors.contains("File too large"))
    #expect(place.names() == ["corpus.txt", "m", "t"])
  }

  @Test("inspect shows size, special tokens and vocabulary, and lets nothing through to a terminal")
  func inspect() throws {
    let place = try place()
    let run = try place.tool("inspect", "m")
    #expect(run.status == 0)
    for part in [
      "tokens          270", "0 <|end|>", "cut by          cl100k", "page 1 of 2", "␣the",
      "unreachable     none", "duplicates      none", "bytes           all 256",
      "unicode         16.0.0 (patterns)", "lossless        yes",
    ] {
      #expect(run.text.contains(part), "\(part)")
    }
    let pages = run.output + (try place.tool("inspect", "m", "--page", "2").output)
    #expect(pages.allSatisfy { $0 == 0x0A || $0 >= 0x20 && $0 != 0x7F })
  }
}
