import Foundation
import Testing

@Suite("toktrain bpe")
struct TrainingTests {
  static let text = String(
    repeating: "the cat sat on the mat, the rat ate the cat's hat\n", count: 20)
  static let files = [
    "merges.txt", "tokenizer.json", "tokenizer_config.json", "training.json", "vocab.json",
  ]

  let workplace = try? Workplace()

  private func place() throws -> Workplace {
    let workplace = try #require(workplace)
    try workplace.write(Self.text.utf8, to: "corpus.txt")
    return workplace
  }

  @Test("One word after another trains: the files are there, and stdout says where and what next")
  func simple() throws {
    let place = try place()
    let run = try place.tool("bpe", "corpus.txt", "-v", "270")
    #expect(run.status == 0)
    #expect(place.names(in: "Vocab") == ["corpus-bpe"])
    #expect(place.names(in: "Vocab/corpus-bpe") == Self.files)
    let lines = run.text.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0] == "wrote Vocab/corpus-bpe")
    #expect(lines[1].hasPrefix("270 tokens, ") && lines[1].contains("bytes per token"))
    #expect(lines[2].hasPrefix("next: ") && lines[2].contains("toktrain encode Vocab/corpus-bpe"))
    #expect(run.errors.contains("read: 1 file, \(Figures.bytes(Self.text)) bytes, 1 document"))
    #expect(run.errors.contains("0 special tokens; 0 sequences"))
  }

  private enum Figures {
    static func bytes(_ text: String) -> String {
      let count = text.utf8.count
      return count < 1000
        ? "\(count)" : "\(count / 1000),\(String(count % 1000 + 1000).dropFirst())"
    }
  }

  @Test("The output is named by its first input without suffixes, or by stdin")
  func names() throws {
    let place = try place()
    try place.write(Self.text.utf8, to: "data/b.tar.txt")
    #expect(try place.tool("bpe", "data/b.tar.txt", "corpus.txt", "-v", "260").status == 0)
    #expect(try place.tool("bpe", "-", "-v", "260", input: Array(Self.text.utf8)).status == 0)
    #expect(try place.tool("bpe", "data", "-v", "260").status == 0)
    #expect(place.names(in: "Vocab") == ["b.tar-bpe", "data-bpe", "stdin-bpe"])
  }

  @Test("--quiet leaves stderr empty and stdout as it is")
  func quiet() throws {
    let run = try place().tool("bpe", "corpus.txt", "-v", "270", "-q")
    #expect(run.status == 0 && run.errors.isEmpty)
    #expect(run.text.hasPrefix("wrote Vocab/corpus-bpe\n"))
  }

  @Test("The same text gives the same files, however many threads and wherever it comes from")
  func deterministic() throws {
    let place = try place()
    #expect(
      try place.tool("bpe", "corpus.txt", "-v", "280", "-o", "a", "--threads", "1").status == 0)
    #expect(
      try place.tool("bpe", "corpus.txt", "-v", "280", "-o", "b", "--threads", "3").status == 0)
    #expect(
      try place.tool("bpe", "-", "-v", "280", "-o", "c", input: Array(Self.text.utf8)).status == 0)
    for file in Self.files {
      let bytes = try place.bytes(of: "a/\(file)")
      #expect(try place.bytes(of: "b/\(file)") == bytes, "\(file) with 3 threads")
      #expect(try place.bytes(of: "c/\(file)") == bytes, "\(file) from a pipe")
    }
  }

  @Test("training.json holds nothing of the machine, the day or the paths")
  func manifest() throws {
    let place = try place()
    _ = try place.tool("bpe", "corpus.txt", "-v", "270", "-s", "<|end|>", "-o", "out")
    let text = String(decoding: try place.bytes(of: "out/training.json"), as: UTF8.self)
    #expect(text.hasPrefix("{\n  \"format\": \"toktrain/training/1\",\n"))
    #expect(text.contains("\"vocab_size\": 270") && text.contains("<|end|>"))
    #expect(text.contains("\"xxh3_128\""))
    for word in [
      "corpus.txt", "threads", place.url.path,
      "20\(Calendar.current.component(.year, from: Date()) % 100)-",
    ] {
      #expect(!text.contains(word), "\(word)")
    }
  }

  @Test("An output that exists is refused before anything is read; --force replaces only ours")
  func existing() throws {
    let place = try place()
    try place.write("mine".utf8, to: "photos/me.txt")
    try place.write("mine".utf8, to: "file")
    // The input is a pipe that nobody writes to: who reads it first never comes back.
    let early = try place.tool.shell("timeout 4 \(Tool.url.path) bpe - -o photos < <(sleep 2)")
    #expect(early.status == 4)
    #expect(early.errors.hasPrefix("toktrain: error: photos: exists already"))
    for name in ["photos", "file"] {
      let run = try place.tool("bpe", "corpus.txt", "-v", "260", "-o", name, "--force")
      #expect(run.status == 4, "\(name): \(run.errors)")
    }
    #expect(place.names(in: "photos") == ["me.txt"])
    #expect(try place.tool("bpe", "corpus.txt", "-v", "260", "-o", "out").status == 0)
    #expect(try place.tool("bpe", "corpus.txt", "-v", "270", "-o", "out").status == 4)
    #expect(try place.tool("bpe", "corpus.txt", "-v", "270", "-o", "out", "--force").status == 0)
    try place.write("mine".utf8, to: "out/notes.txt")
    let kept = try place.tool("bpe", "corpus.txt", "-v", "260", "-o", "out", "--force")
    #expect(kept.status == 4 && kept.errors.contains("notes.txt"))
    #expect(place.names() == ["corpus.txt", "file", "out", "photos"])
  }

  @Test("A corpus that gives fewer tokens says so; --exact-size makes it an error")
  func small() throws {
    let place = try place()
    let run = try place.tool("bpe", "corpus.txt", "-v", "9999", "-o", "out")
    #expect(run.status == 0)
    #expect(run.errors.contains("the corpus gives ") && run.errors.contains("not 9,999"))
    let exact = try place.tool("bpe", "corpus.txt", "-v", "9999", "-o", "exact", "--exact-size")
    #expect(exact.status == 3)
    #expect(exact.errors.hasPrefix("toktrain: error: the corpus gives "))
    #expect(place.names() == ["corpus.txt", "out"])
  }

  @Test(
    "Bad input ends with its status, one line that names the place, and no output",
    arguments: [
      ("missing.txt", 4, "missing.txt: "),
      ("empty.txt", 3, "no text in 1 file"),
      ("blankdir", 3, "blankdir: "),
      ("utf16.txt", 3, "utf16.txt: "),
      ("latin.txt", 3, "latin.txt:2 (byte 6)"),
      ("cut.gz", 3, "cut.gz: "),
      ("cut.zst", 3, "cut.zst: "),
      ("bad.jsonl", 3, "bad.jsonl:2: "),
      ("@nolist", 4, "nolist: "),
    ] as [(String, Int32, String)])
  func badInput(row: (input: String, status: Int32, message: String)) throws {
    let place = try place()
    try place.write([], to: "empty.txt")
    try place.write([0xFF, 0xFE, 0x41, 0x00, 0x42, 0x00], to: "utf16.txt")
    try place.write(Array("line\n".utf8) + [0x63, 0xE9, 0x0A], to: "latin.txt")
    try place.write("{\"text\": \"good\"}\n{\"text\": \n".utf8, to: "bad.jsonl")
    try FileManager.default.createDirectory(
      at: place.url.appendingPathComponent("blankdir"), withIntermediateDirectories: false)
    _ = try place.tool.shell(
      "gzip -k corpus.txt; head -c 60 corpus.txt.gz > cut.gz; "
        + "zstd -q corpus.txt; head -c 40 corpus.txt.zst > cut.zst; rm corpus.txt.*")
    let before = place.names()
    let run = try place.tool("bpe", row.input, "-v", "300")
    #expect(run.status == row.status, "\(run.errors)")
    #expect(run.errors.hasPrefix("toktrain: error: \(row.message)"), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("t") })
    #expect(run.output.isEmpty)
    #expect(place.names() == before)
  }

  @Test("A file name is opened by its bytes and shown escaped")
  func hostileName() throws {
    let place = try place()
    let made = try place.tool.shell(
      #"cp -- corpus.txt $'-\xe9\x1b[2J\n.txt'; toktrain bpe -v 260 -- $'-\xe9\x1b[2J\n.txt' -x"#)
    #expect(made.status == 4)
    #expect(made.errors.contains("-x: "))
    let run = try place.tool.shell(#"toktrain bpe -v 260 -o $'o\x1b' -- $'-\xe9\x1b[2J\n.txt'"#)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text.contains(#"o\u{1B}"#))
    #expect(!run.text.contains("\u{1B}") && !run.errors.contains("\u{1B}"))
  }

  @Test("A vocabulary below the alphabet and a broken pattern are usage errors")
  func options() throws {
    let place = try place()
    let small = try place.tool("bpe", "corpus.txt", "-v", "100")
    #expect(small.status == 2 && small.errors.contains("256"), "\(small.errors)")
    let broken = try place.tool("bpe", "corpus.txt", "--pattern-regex", "a(b")
    #expect(broken.status == 2, "\(broken.errors)")
    #expect(place.names() == ["corpus.txt"])
  }
}
