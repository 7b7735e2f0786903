import Testing

@Suite("The process")
struct ProcessTests {
  let workplace = try? Workplace()

  @Test(
    "A command line that makes no sense ends with 2 and one line, on stderr only",
    arguments: [
      [], ["frobnicate"], ["--nope"], ["bpe"], ["encode"], ["bpe", "x", "--nope"], ["help", "bep"],
      ["inspect", "a", "b"], ["bpe", "-v", "x", "y"], ["bpe", "x", "-o"],
    ])
  func usage(words: [String]) throws {
    let tool = try #require(workplace).tool
    let line = words.map { "'\($0)'" }.joined(separator: " ")
    let run = try tool.shell("toktrain \(line)")
    #expect(run.status == 2)
    #expect(run.output.isEmpty)
    let lines = run.errors.split(separator: "\n")
    #expect(lines.first?.hasPrefix("toktrain: error: ") == true)
    #expect(lines.count == 1 || lines.count == 2 && lines[1].hasPrefix("tip: "))
  }

  @Test("A mistyped word brings a suggestion")
  func suggestion() throws {
    let tool = try #require(workplace).tool
    #expect(try tool("encoed").errors.contains("tip: did you mean 'toktrain encode'?"))
    #expect(
      try tool("bpe", "x", "--vocabsize", "3").errors.contains("tip: did you mean '--vocab-size'?"))
  }

  @Test("Help and version go to stdout and end with 0")
  func help() throws {
    let tool = try #require(workplace).tool
    for words in ["-h", "--help", "help", "bpe -h", "encode --help", "help decode", "inspect -h"] {
      let run = try tool.shell("toktrain \(words)")
      #expect(run.status == 0 && run.errors.isEmpty)
      #expect(run.text.contains("Usage: toktrain"))
    }
    let version = try tool("--version").text
    #expect(version.hasPrefix("toktrain 0.1.0\n"))
    #expect(version.contains("ICU ") && version.contains("Unicode "))
  }

  @Test("A hostile word shows escaped")
  func escapes() throws {
    let tool = try #require(workplace).tool
    let run = try tool.shell(#"toktrain bpe x $'--\xff\x1b[2J\nx'"#)
    #expect(run.status == 2)
    #expect(run.errors.contains(#"--\xFF\u{1B}[2J\nx"#))
    #expect(!run.errors.unicodeScalars.contains("\u{1B}"))
  }

  @Test("Write errors of stdout are errors; a reader who goes away is none")
  func standardOutput() throws {
    let tool = try #require(workplace).tool
    let full = try tool.shell("toktrain --help > /dev/full")
    #expect(full.status == 4)
    #expect(full.errors == "toktrain: error: stdout: cannot write: No space left on device\n")
    let closed = try tool.shell("toktrain --help >&-")
    #expect(closed.status == 4)
    let gone = try tool.shell("{ toktrain --help; echo $? > status; } | true; cat status")
    #expect(["0\n", "141\n"].contains(gone.text))
    #expect(gone.errors.isEmpty)
    #expect(try tool.shell("toktrain --help 2>&- <&-").status == 0)
  }
}
