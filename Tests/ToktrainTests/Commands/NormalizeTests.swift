import Foundation
import Testing

@Suite("toktrain normalize")
struct NormalizeTests {
  let workplace = try? Workplace()

  @Test("Each line is normalized by itself, and a file as one text")
  func documents() throws {
    let place = try #require(workplace)
    let text = Array(" Ａ\u{301} \n\n\tﬁ".utf8)
    let lines = try place.tool("normalize", "-n", "strip,nfkc,lower", input: text)
    #expect(lines.text == "á\n\nfi\n" && lines.errors.isEmpty && lines.status == 0)
    let file = try place.tool(
      "normalize", "-n", "strip,nfkc,lower", "--documents", "file", input: text)
    #expect(file.text == "á \n\n\tfi")
    let parts = try place.tool(
      "normalize", "-n", "strip", "--documents", "separator:||", input: Array(" a || b".utf8))
    #expect(parts.text == "a\nb\n")
    let none = try place.tool("normalize", "-n", "none", "--documents", "file", input: text)
    #expect(none.output == text)
    try place.write(Array(#"{"text":" A\nB"}"#.utf8), to: "t.jsonl")
    #expect(try place.tool("normalize", "-n", "nmt,lower", "t.jsonl").text == " a b\n")
  }

  @Test("A file in pieces is what it is as a whole")
  func pieces() throws {
    let place = try #require(workplace)
    let line = Array("e\u{301}\u{323} 한국어 ﬁ \u{1F468}\u{200D}\u{1F469}\r\n".utf8)
    let text = Array(repeating: line, count: 20_000).joined()
    try place.write(text, to: "t")
    let whole = try place.tool("normalize", "-n", "nfkc", "--documents", "file", "t")
    let lines = try place.tool("normalize", "-n", "nfkc", "t")
    #expect(whole.output.count > 600_000 && whole.output == lines.output)
    let piped = try place.tool.shell("cat t | toktrain normalize -n nfkc --documents file")
    #expect(piped.output == whole.output)
    let checked = try place.tool(
      "normalize", "-n", "nfkc", "--documents", "file", "--invalid-utf8", "error", "t")
    #expect(checked.output == whole.output)
  }

  @Test("Bytes that are not UTF-8 stay, are replaced or are an error, as asked")
  func invalid() throws {
    let place = try #require(workplace)
    let text = Array("a\n".utf8) + [0x62, 0xFF, 0x0A, 0xE2, 0x82]
    for documents in ["line", "file"] {
      func run(_ how: String) throws -> Tool.Outcome {
        try place.tool(
          "normalize", "--documents", documents, "--invalid-utf8", how, input: text)
      }
      #expect(try run("bytes").output.starts(with: text))
      #expect(try run("replace").text.hasPrefix("a\nb\u{FFFD}\n\u{FFFD}"))
      let error = try run("error")
      #expect(error.status == 3 && error.errors.contains("standard input:2 (byte 3)"))
    }
  }

  @Test("--diff shows each change with its place, its characters and what is lost")
  func diff() throws {
    let place = try #require(workplace)
    try place.write(Array("plain\n é e\u{301} ﬁ\n".utf8), to: "t")
    let run = try place.tool("normalize", "-n", "strip-left,nfkd,strip-accents", "--diff", "t")
    #expect(
      run.text == """
        t:2\t6\tU+0020 SPACE\tnothing\tU+0020
        t:2\t7\tU+00E9 LATIN SMALL LETTER E WITH ACUTE\tU+0065 LATIN SMALL LETTER E\tU+0301
        t:2\t11\tU+0301 COMBINING ACUTE ACCENT\tnothing\tU+0301
        t:2\t14\tU+FB01 LATIN SMALL LIGATURE FI\tU+0066 LATIN SMALL LETTER F, \
        U+0069 LATIN SMALL LETTER I\tU+FB01

        """)
    #expect(
      run.errors == "4 changes in 1 document; lost: U+0301 COMBINING ACUTE ACCENT (2), "
        + "U+0020 SPACE (1), U+FB01 LATIN SMALL LIGATURE FI (1)\n")
    let none = try place.tool("normalize", "-n", "none", "--diff", "t")
    #expect(none.text.isEmpty && none.errors == "no change\n" && none.status == 0)
    let composed = try place.tool("normalize", "--diff", "--quiet", "t")
    #expect(composed.text.contains("\tU+00E9 LATIN SMALL LETTER E WITH ACUTE\t-\n"))
    #expect(composed.errors.isEmpty)
  }

  @Test("Young characters are known to ICU's data only")
  func unicode() throws {
    let place = try #require(workplace)
    let text = Array("\u{A7F2}".utf8)
    #expect(try place.tool("normalize", "-n", "nfkc", input: text).text == "\u{A7F2}\n")
    let current = try place.tool("normalize", "-n", "nfkc", "--unicode", "current", input: text)
    #expect(current.text == "C\n")
  }

  @Test("What cannot be is named")
  func broken() throws {
    let place = try #require(workplace)
    for (words, named) in [
      (["-n", "nfkc,lowr"], "lowr"), (["-n", #"{"type":"Foo"}"#], "Foo"), (["-n", "{"], "JSON"),
      (["-n", #"{"type":"Replace","pattern":{"Regex":"("},"content":""}"#], "pattern"),
    ] {
      let run = try place.tool("normalize", words[0], words[1], input: [0x61])
      #expect(run.status == 2 && run.output.isEmpty && run.errors.contains(named), "\(run.errors)")
    }
    #expect(try place.tool("normalize", "absent").status == 4)
    try place.write(Array("a".utf8), to: "t")
    #expect(try place.tool("normalize", "t", "-o", "t", "-f").status == 2)
  }
}

@Suite("Unicode data of a trained directory")
struct TrainedUnicodeTests {
  let workplace = try? Workplace()

  @Test("Text is encoded by the data by which it was trained; another ICU is named")
  func directory() throws {
    let place = try #require(workplace)
    // A letter of Unicode 14 whose compatibility form is "C".
    try place.write(Array("\u{A7F2} C C C\n".utf8), to: "t")
    func ids(_ model: String) throws -> Tool.Outcome { try place.tool("encode", model, "t") }
    for (name, words) in [("old", [] as [String]), ("new", ["--unicode", "current"])] {
      let run = try place.tool.shell(
        "toktrain bpe t -v 270 -n nfkc -q -o \(name) \(words.joined(separator: " "))")
      #expect(run.status == 0, "\(run.errors)")
    }
    let old = try ids("old")
    #expect(old.errors.isEmpty)
    #expect(try ids("old/tokenizer.json").output == old.output)
    // The file alone means what Hugging Face's library makes of it.
    let new = try ids("new")
    #expect(new.output != old.output)
    #expect(try ids("new/tokenizer.json").output == old.output)

    let manifest = String(decoding: try place.bytes(of: "new/training.json"), as: UTF8.self)
    #expect(manifest.contains("\"normalization\": \"nfkc\",\n    \"unicode\": \"current\""))
    let icu = try #require(manifest.firstMatch(of: /"icu": "(.*)"/)?.1)
    try place.write(
      Array(
        manifest.replacingOccurrences(of: "\"icu\": \"\(icu)\"", with: "\"icu\": \"1.2\"").utf8),
      to: "new/training.json")
    let warned = try ids("new")
    #expect(warned.status == 0 && warned.output == new.output)
    #expect(warned.errors.contains("ICU 1.2") && warned.errors.contains("ICU \(icu)"))
    #expect(try place.tool("encode", "new", "t", "--quiet").errors.isEmpty)
    try place.write(Array("{".utf8), to: "new/training.json")
    let broken = try ids("new")
    #expect(broken.status == 3 && broken.errors.contains("new/training.json"))
  }
}
