import Primitives
import Testing
import Tokenization

@testable import TokenizerTraining

@Suite("Counting in bounded memory")
struct SortedRunsTests {
  private let folder: TemporaryFolder

  private let corpus: Corpus

  /// Two texts of some hundred blocks.
  init() throws {
    folder = try TemporaryFolder()
    var random = TestRandom(seed: 19)
    var paths: [[UInt8]] = []
    for name in ["a.txt", "b.txt"] {
      var text = ""
      for _ in 0..<900 {
        let word = String(UInt32.random(in: 0..<3000, using: &random), radix: 3)
        text += word + (UInt8.random(in: 0..<9, using: &random) == 0 ? "\n" : " ")
        if UInt8.random(in: 0..<30, using: &random) == 0 {
          text += String(repeating: word, count: 9)
        }
      }
      paths.append(try folder.write(Array(text.utf8), to: name))
    }
    corpus = try Corpus(inputs: paths, options: Self.options)
  }

  private func path(_ name: String) -> [UInt8] { folder.path(name) }

  private static var options: CorpusOptions {
    var options = CorpusOptions()
    options.documents = .line
    return options
  }

  private func counting(threads: Int) throws -> CountingOptions {
    var counting = CountingOptions(
      preTokenizer: PreTokenizer([.split(try #require(NamedPattern.gpt2.pattern))]),
      threads: threads)
    counting.blockSize = 64
    return counting
  }

  private func configuration() throws -> CountingConfiguration {
    CountingConfiguration(try counting(threads: 1), Self.options)
  }

  /// The file of what is counted in bounds in which each block is a run.
  private func bytes(of runs: SortedRuns, threads: Int) throws -> [UInt8] {
    let counter = try PreTokenCounter(try counting(threads: threads))
    let bounds = CountingBounds(wordMemory: 1, runs: runs)
    guard case .runs(let bounds, let summary) = try counter.count(corpus, within: bounds) else {
      Issue.record("everything had room")
      return []
    }
    _ = try bounds.write(summary, to: AtomicFile(at: path("bounded"), replaces: true))
    return try WholeFile.read(path("bounded"))
  }

  private func expected() throws -> [UInt8] {
    let counted = try PreTokenCounter(try counting(threads: 1)).count(corpus)
    try CountFile.write(
      counted, configuration(), to: AtomicFile(at: path("whole"), replaces: true))
    return try WholeFile.read(path("whole"))
  }

  private func kept(resumes: Bool = true) throws -> SortedRuns {
    try SortedRuns(keptAt: path("runs"), resumes: resumes, corpus, configuration())
  }

  private func runNames() throws -> [[UInt8]] {
    try DirectoryListing.names(in: path("runs")).filter { $0.starts(with: "run-".utf8) }
  }

  @Test("What had no room is the same as if it had, for any threads", arguments: [1, 3])
  func spilling(threads: Int) throws {
    let expected = try expected()
    let runs = try SortedRuns(beside: path("x"), configuration())
    let place = runs.path
    #expect(try bytes(of: runs, threads: threads) == expected)
    #expect(try DirectoryListing.names(in: place).count <= 4)
  }

  @Test("A counting that lost any of its runs goes on to the same end")
  func resuming() throws {
    let expected = try expected()
    var random = TestRandom(seed: 7)
    for _ in 0..<6 {
      let runs = try kept()
      _ = try PreTokenCounter(try counting(threads: 2)).count(
        corpus, within: CountingBounds(wordMemory: 1, runs: runs))
      // What a process that was ended had not done yet.
      for name in try runNames() where Bool.random(using: &random) {
        try KeptFolder.remove(file: path("runs").appendingPath(name))
      }
    }
    let runs = try kept()
    #expect(try bytes(of: runs, threads: 2) == expected)
    try runs.remove()
    #expect(try !DirectoryListing.names(in: path(".")).contains(Array("runs".utf8)))
  }

  @Test("Runs that have become a larger one are counted once")
  func leftovers() throws {
    let expected = try expected()
    do {
      let runs = try kept()
      _ = try PreTokenCounter(try counting(threads: 2)).count(
        corpus, within: CountingBounds(wordMemory: 1, runs: runs))
      let old = try runNames().map { ($0, try WholeFile.read(path("runs").appendingPath($0))) }
      _ = try runs.forEachWord(sideBySide: 4) { (_, _) throws(CountFileError) in }
      #expect(try runNames().count <= 4)
      for (name, bytes) in old {
        _ = try folder.write(bytes, to: "runs/" + String(decoding: name, as: UTF8.self))
      }
    }
    #expect(try bytes(of: kept(), threads: 1) == expected)
  }

  @Test("Runs in use, unfinished ones and those of another corpus are refused")
  func refusals() throws {
    do {
      let runs = try kept()
      #expect(throws: CountFileError.inUse(path: path("runs"))) { _ = try kept() }
      _ = try PreTokenCounter(try counting(threads: 1)).count(
        corpus, within: CountingBounds(wordMemory: 1, runs: runs))
    }
    #expect(throws: CountFileError.unfinished(path: path("runs"))) { _ = try kept(resumes: false) }
    _ = try folder.write(Array("other".utf8), to: "b.txt")
    #expect {
      _ = try SortedRuns(keptAt: path("runs"), resumes: true, corpus, configuration())
    } throws: { error in
      guard case .otherCorpus(_, let found, let expected) = error as? CountFileError else {
        return false
      }
      return found.hasSuffix("b.txt") && expected.hasPrefix("5 bytes")
    }
  }

  @Test("Words come in the order of their bytes")
  func order() {
    var random = TestRandom(seed: 3)
    for size in [0, 1, 2, 50, 3000] {
      let words = (0..<size).map { _ in
        (0..<Int.random(in: 1...12, using: &random)).map { _ in
          UInt8.random(in: 0...2, using: &random) * 127
        }
      }
      var entries = words.indices.map { index in
        WordOrder.Entry(
          prefix: (0..<8).reduce(0) {
            $0 << 8 | ($1 < words[index].count ? UInt64(words[index][$1]) : 0)
          }, word: index)
      }
      WordOrder.sort(&entries) { words[$0].lexicographicallyPrecedes(words[$1]) }
      #expect(
        entries.map { words[$0.word] } == words.sorted { $0.lexicographicallyPrecedes($1) })
    }
  }
}
