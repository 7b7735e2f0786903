import Primitives
import Testing
import Tokenization

@testable import TokenizerTraining

@Suite("Files of counts")
struct CountFileTests {
  private static let texts = (0..<40).map { number in
    "the \(number) hot bread\nand a very long word\(String(repeating: "so", count: number)) \(number % 7)"
  }

  private static func runs() throws -> [any TrainingRun] {
    var bytes = BPETrainingRun.Options()
    bytes.training.vocabularySize = 320
    var pieces = SentencePieceOptions()
    pieces.vocabularySize = 45
    var words = WordPieceTrainingRun.Options()
    words.training.vocabularySize = 90
    return [
      try BPETrainingRun(bytes), try WordPieceTrainingRun(words), try UnigramRun(pieces),
      try SentencePieceBPERun(pieces),
    ]
  }

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func path(_ name: String) -> [UInt8] { folder.path(name) }

  /// Counts texts and writes them; returns what was counted.
  @discardableResult
  private func write(
    _ texts: [String], _ run: any TrainingRun, to name: String
  ) throws -> CountedCorpus {
    let counted = try run.count(Corpus(texts: texts), progress: .silent)
    try CountFile.write(
      counted, run.configuration(reading: counted.options),
      to: AtomicFile(at: path(name), replaces: true))
    return counted
  }

  private func read(_ name: String, _ run: any TrainingRun) throws -> CountedCorpus {
    try CountFile.read(path(name), for: run.counting, reading: CorpusOptions(), threads: 2)
  }

  private func expectSame(_ found: CountedCorpus, _ expected: CountedCorpus) {
    #expect(found.counts.bytes == expected.counts.bytes)
    #expect(found.counts.ends == expected.counts.ends)
    #expect(found.counts.counts == expected.counts.counts)
    #expect(found.summary == expected.summary)
  }

  @Test("What was written comes back, in the order in which it was counted")
  func roundTrip() throws {
    for run in try Self.runs() {
      let counted = try write(Self.texts, run, to: "counts")
      expectSame(try read("counts", run), counted)
    }
  }

  @Test("Files of the parts of a corpus add up to that of the whole, whatever the parts")
  func merging() throws {
    for run in try Self.runs() {
      let whole = try write(Self.texts, run, to: "whole")
      for size in [1, 7, 40] {
        var names: [[UInt8]] = []
        for start in stride(from: 0, to: Self.texts.count, by: size) {
          try write(
            Array(Self.texts[start..<min(start + size, Self.texts.count)]), run, to: "part\(start)")
          names.append(path("part\(start)"))
        }
        let summary = try CountFile.merge(
          names.reversed(), to: AtomicFile(at: path("sum"), replaces: true))
        let bytes = try WholeFile.read(path("sum"))
        for most in [2, 3, 17] {
          let inRounds = try CountFile.merge(
            names, to: AtomicFile(at: path("rounds"), replaces: true), sideBySide: most)
          #expect(inRounds == summary)
          #expect(try WholeFile.read(path("rounds")) == bytes, "\(most) of \(names.count)")
        }
        let sum = try read("sum", run)
        #expect(summary == sum.summary)
        #expect(sum.counts.bytes == whole.counts.bytes)
        #expect(sum.counts.counts == whole.counts.counts)
        #expect(sum.summary.documents == whole.summary.documents)
      }
    }
  }

  @Test("Training from counts is training from the text")
  func training() throws {
    for run in try Self.runs() {
      try write(Self.texts, run, to: "counts")
      let sizes = [run.vocabularySize - 5, run.vocabularySize]
      let direct = try run.train(on: Corpus(texts: Self.texts), sizes: sizes, progress: .silent)
      let counted = try run.train(on: read("counts", run), sizes: sizes, progress: .silent)
      for (one, other) in zip(direct, counted) {
        #expect(
          TrainingManifest(trained: one, files: []).bytes
            == TrainingManifest(trained: other, files: []).bytes)
        #expect(try ids(one) == ids(other))
      }
    }
  }

  private func ids(_ trained: TrainedTokenizer) throws -> [TokenID] {
    var encoder = try TokenEncoder(CompiledTokenizer(trained.tokenizer))
    var ids: [TokenID] = []
    for text in Self.texts { try encoder.encode(Array(text.utf8), into: &ids) }
    return ids
  }

  @Test("Counts that were made in another way are refused, by the name of what differs")
  func differences() throws {
    var options = BPETrainingRun.Options()
    let run = try BPETrainingRun(options)
    try write(["a b"], run, to: "counts")
    options.normalizer = .none
    let other = try BPETrainingRun(options)
    #expect {
      _ = try read("counts", other)
    } throws: { error in
      guard case .differs(_, let difference) = error as? CountFileError else { return false }
      return difference.name == "normalization" && difference.expected == Array("null".utf8)
        && difference.found == Array("{\"type\":\"NFC\"}".utf8)
    }
    try write(["a b"], other, to: "other")
    #expect {
      _ = try CountFile.merge(
        [path("counts"), path("other")], to: AtomicFile(at: path("sum")))
    } throws: { error in
      guard case .differs(let place, let difference) = error as? CountFileError else {
        return false
      }
      return place == path("other") && difference.name == "normalization"
    }
    #expect(throws: CountFileError.noFiles) {
      _ = try CountFile.merge([], to: AtomicFile(at: path("nothing")))
    }
  }

  @Test("Blocks of any bytes, with the right checksum, are words in order or an error")
  func hostileBlocks() throws {
    let run = try Self.runs()[0]
    let counted = try write(Self.texts, run, to: "counts")
    let header = CountHeader(run.configuration(reading: counted.options), counted.summary)
    var random = TestRandom(seed: 41)
    var readable = 0
    for _ in 0..<1500 {
      // Words in order, some bytes of which are changed.
      var content: [UInt8] = []
      for word in 1...UInt8.random(in: 1...9, using: &random) {
        content += [0, 2, word, UInt8.random(in: 0...255, using: &random), 3]
      }
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        let place = Int.random(in: 0..<content.count, using: &random)
        content[place] = UInt8.random(in: 0...255, using: &random)
      }
      var file = CountBlock.magic
      for block in [header.bytes, content] {
        let compressed = try block.withUnsafeBufferPointer {
          try #require(CountBlock.compressed($0))
        }
        file += CountBlock.prefix(
          length: block.count, compressed: compressed.count, hash: CountBlock.hash(compressed))
        file += compressed
      }
      let words = UInt64(content.count / 5)
      try write(bytes: file + CountBlock.prefix(length: 0, compressed: 0, hash: words), to: "odd")
      var last: [UInt8] = []
      do throws(CountFileError) {
        var heap = try CountHeap.opening([path("odd")])
        _ = try heap.forEachWord { (word, count) throws(CountFileError) in
          #expect(last.lexicographicallyPrecedes(word) && count > 0 && count < 1 << 63)
          last = Array(word)
        }
        readable += 1
      } catch {}
    }
    #expect(readable > 180 && readable < 1460)
  }

  @Test("A file that is cut or altered anywhere is told")
  func damage() throws {
    let run = try Self.runs()[2]
    try write(Array(Self.texts.prefix(3)), run, to: "counts")
    let bytes = try WholeFile.read(path("counts"))
    for length in 0..<bytes.count {
      try write(bytes: Array(bytes[..<length]), to: "cut")
      #expect(throws: CountFileError.self, "cut to \(length)") { _ = try read("cut", run) }
    }
    for place in bytes.indices {
      for change in [UInt8(1), 0x80, 0xFF] {
        var altered = bytes
        altered[place] ^= change
        try write(bytes: altered, to: "altered")
        #expect(throws: CountFileError.self, "byte \(place)") { _ = try read("altered", run) }
      }
    }
    try write(bytes: bytes + [0], to: "longer")
    #expect(throws: CountFileError.self) { _ = try read("longer", run) }
  }

  private func write(bytes: [UInt8], to name: String) throws {
    var file = try AtomicFile(at: path(name), replaces: true)
    try file.write(bytes)
    try file.commit()
  }

  @Test("Words that are out of order, counts of nothing and sums that are too large are told")
  func impossible() throws {
    let run = try Self.runs()[0]
    let header = CountHeader(
      run.configuration(reading: CorpusOptions()), CorpusSummary())
    func file(_ rows: [(String, UInt64)], to name: String) throws {
      var output = try CountFileOutput(header, to: AtomicFile(at: path(name), replaces: true))
      for (word, count) in rows {
        try Array(word.utf8).withUnsafeBufferPointer { try output.append($0, count: count) }
      }
      try output.finish()
    }
    for rows in [[("b", 1), ("a", 1)], [("a", 1), ("a", 1)], [("a", 0)], [("", 1)]] {
      try file(rows.map { ($0.0, UInt64($0.1)) }, to: "bad")
      #expect {
        _ = try read("bad", run)
      } throws: { error in
        if case .corrupt = error as? CountFileError { true } else { false }
      }
    }
    try file([("a", UInt64(Int64.max)), ("b", 1)], to: "large")
    #expect(throws: CountFileError.countsTooLarge(word: Array("b".utf8))) {
      _ = try read("large", run)
    }
    try file([("a", 1)], to: "unlike")
    #expect {
      _ = try read("unlike", run)
    } throws: { error in
      if case .corrupt(_, 0, _) = error as? CountFileError { true } else { false }
    }
    try file([("a", 1)], to: "one")
    #expect(throws: CountFileError.countsTooLarge(word: Array("a".utf8))) {
      _ = try CountFile.merge(
        [path("large"), path("one")], to: AtomicFile(at: path("sum"), replaces: true))
    }
  }
}
