import Foundation
import Primitives
import Testing

@testable import TokenizerTraining

@Suite("Corpus")
struct CorpusTests {
  private func names(_ corpus: Corpus, in folder: TemporaryFolder) -> [String] {
    corpus.sources.map { $0.displayName.replacingOccurrences(of: folder.url.path + "/", with: "") }
  }

  @Test("A directory stands for its files in the order of their bytes, without hidden ones")
  func directory() throws {
    let folder = try TemporaryFolder()
    for name in ["b.txt", "a/z.txt", "a.txt", "B.txt", ".hidden", "a/y.jsonl"] {
      _ = try folder.write([65], to: name)
    }
    let corpus = try Corpus(inputs: [Array(folder.url.path.utf8)])
    #expect(names(corpus, in: folder) == ["B.txt", "a.txt", "a/y.jsonl", "a/z.txt", "b.txt"])
    #expect(corpus.sources.map(\.isJSONL) == [false, false, true, false, false])
  }

  @Test("A list names one input on each line, with either line end")
  func list() throws {
    let folder = try TemporaryFolder()
    let first = try folder.write([65], to: "first file.txt")
    let second = try folder.write([66], to: "second.txt")
    let list = try folder.write(first + [13, 10, 10] + second + [10], to: "list")
    let corpus = try Corpus(inputs: [[UInt8(ascii: "@")] + list])
    #expect(names(corpus, in: folder) == ["first file.txt", "second.txt"])
    #expect(corpus.name == "first file")
  }

  @Test(
    "A run is named after its first input",
    arguments: [
      ("english.txt.zst", "english"), ("a.b.jsonl.gz", "a.b"), ("plain", "plain"),
      (".txt", ".txt"),
    ])
  func name(file: String, expected: String) throws {
    let folder = try TemporaryFolder()
    #expect(try Corpus(inputs: [folder.write([65], to: file)]).name == expected)
  }

  @Test("Standard input is named stdin")
  func standardInput() throws {
    #expect(try Corpus(inputs: [[UInt8(ascii: "-")]]).name == "stdin")
  }

  @Test("What does not exist is an error with its errno")
  func missing() throws {
    let path = Array("/nowhere/at all".utf8)
    let missing = FileError.system(
      operation: "look at", path: Array("/nowhere/at all".utf8), code: ENOENT)
    #expect(throws: CorpusError.file(missing)) {
      try Corpus(inputs: [path])
    }
  }

  @Test("A directory without files and an empty list are errors")
  func empty() throws {
    let folder = try TemporaryFolder()
    let list = try folder.write([10, 10], to: ".list")
    #expect(throws: CorpusError.noFiles(path: folder.url.path)) {
      try Corpus(inputs: [Array(folder.url.path.utf8)])
    }
    #expect(throws: CorpusError.emptyListEntry(path: folder.url.path + "/.list")) {
      try Corpus(inputs: [[UInt8(ascii: "@")] + list])
    }
  }
}
