import Foundation
import Testing
import Tokenization

@testable import TokenizerTraining

@Suite("Pre-token counter")
struct PreTokenCounterTests {
  private static let gpt2 = NamedPattern.gpt2.pattern

  /// Text with all that makes cutting hard: runs of blanks, marks, quotes, long words, rare words.
  private func text(length: Int, _ random: inout TestRandom) -> [UInt8] {
    let parts = [
      "the", " cat", "'s", "\n", "\n\n", "  ", "   x", "\r\n", "é", "e\u{301}", "\u{301}\u{323}",
      "東京", "한", "1234", "...", " ", "antidisestablishmentarianism", "\u{1F600}", "\t", "<s>",
      "<sep>", "\u{2028}", "\u{A0}", "ßſ", "don't", "||", "|",
    ]
    var text: [UInt8] = []
    while text.count < length {
      let part = parts[Int.random(in: 0..<parts.count, using: &random)]
      let times = Int.random(in: 0..<20, using: &random) == 0 ? 40 : 1
      for _ in 0..<times { text += Array(part.utf8) }
    }
    return text
  }

  private func split(_ text: [UInt8], by separator: [UInt8]) -> [[UInt8]] {
    var documents: [[UInt8]] = [[]]
    var place = 0
    while place < text.count {
      if !separator.isEmpty, text[place...].starts(with: separator) {
        documents.append([])
        place += separator.count
      } else {
        documents[documents.count - 1].append(text[place])
        place += 1
      }
    }
    return documents
  }

  private func lines(_ text: [UInt8]) -> [[UInt8]] {
    var documents: [[UInt8]] = [[]]
    for byte in text {
      documents[documents.count - 1].append(byte)
      if byte == 10 { documents.append([]) }
    }
    return documents
  }

  private func count(
    _ path: [UInt8], _ documents: DocumentBoundary, pattern: SplitPattern?,
    normalizer: Normalizer = .none, specialTokens: [[UInt8]] = [], threads: Int = 1,
    blockSize: Int
  ) throws -> CountedCorpus {
    var corpusOptions = CorpusOptions()
    corpusOptions.documents = documents
    var options = CountingOptions(
      preTokenizer: PreTokenizer(pattern), normalizer: normalizer, specialTokens: specialTokens,
      threads: threads)
    options.blockSize = blockSize
    return try PreTokenCounter(options).count(Corpus(inputs: [path], options: corpusOptions))
  }

  @Test("Words and counts are those of whole documents, wherever blocks end", arguments: 0..<6)
  func equalsReference(seed: Int) throws {
    var random = TestRandom(seed: UInt64(seed))
    let text = text(length: 6_000, &random)
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "text.txt")
    let pattern = try Self.gpt2.map { try CompiledPattern($0) }
    let cases: [(DocumentBoundary, [[UInt8]])] = [
      (.file, [text]), (.line, lines(text)),
      (.separator(Array("||".utf8)), split(text, by: Array("||".utf8))),
      (.separator(Array("\n\n".utf8)), split(text, by: Array("\n\n".utf8))),
    ]
    for (boundary, documents) in cases {
      let expected = ReferenceCounter.count(documents: documents, pattern: pattern)
      for blockSize in [97, 256, 1000, 1 << 18] {
        let counted = try count(path, boundary, pattern: Self.gpt2, blockSize: blockSize)
        #expect(
          ReferenceCounter.dictionary(counted.counts) == expected,
          "seed \(seed), \(boundary), blocks of \(blockSize)")
      }
    }
  }

  @Test("Special tokens are borders and are not counted", arguments: 0..<6)
  func specialTokens(seed: Int) throws {
    var random = TestRandom(seed: UInt64(seed))
    let text = text(length: 4_000, &random)
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "text.txt")
    let pattern = try Self.gpt2.map { try CompiledPattern($0) }
    let documents = split(text, by: Array("<s>".utf8))
    let expected = ReferenceCounter.count(documents: documents, pattern: pattern)
    for blockSize in [97, 1000, 1 << 18] {
      let counted = try count(
        path, .file, pattern: Self.gpt2, specialTokens: [Array("<s>".utf8)], blockSize: blockSize)
      #expect(
        ReferenceCounter.dictionary(counted.counts) == expected,
        "seed \(seed), blocks of \(blockSize)")
      #expect(counted.summary.specialTokens == documents.count - 1)
    }
  }

  @Test("Lists are equal for any number of threads and any blocks, and ranked", arguments: 0..<4)
  func deterministic(seed: Int) throws {
    var random = TestRandom(seed: UInt64(seed))
    let folder = try TemporaryFolder()
    let path = try folder.write(text(length: 30_000, &random), to: "text.txt")
    let first = try count(
      path, .file, pattern: Self.gpt2, normalizer: Normalizer([.form(.nfc)]), blockSize: 1 << 18)
    for (threads, blockSize) in [(2, 500), (3, 1_000), (8, 97), (8, 1 << 18)] {
      let other = try count(
        path, .file, pattern: Self.gpt2, normalizer: Normalizer([.form(.nfc)]), threads: threads,
        blockSize: blockSize)
      #expect(other.counts.bytes == first.counts.bytes, "seed \(seed), \(threads) threads")
      #expect(other.counts.counts == first.counts.counts)
      #expect(other.counts.ends == first.counts.ends)
    }
    #expect(first.counts.counts == first.counts.counts.sorted(by: >))
  }

  @Test("Text is normalized before it is cut", arguments: 0..<2)
  func normalization(seed: Int) throws {
    var random = TestRandom(seed: UInt64(seed))
    let text = text(length: 4_000, &random)
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "text.txt")
    let pattern = try Self.gpt2.map { try CompiledPattern($0) }
    for normalizer in Self.normalizers {
      let compiled = try CompiledNormalizer(normalizer)
      for (boundary, documents) in [(DocumentBoundary.file, [text]), (.line, lines(text))] {
        let expected = ReferenceCounter.count(
          documents: try documents.map { try compiled.normalize($0) }, pattern: pattern)
        for blockSize in [97, 1000, 1 << 18] {
          let counted = try count(
            path, boundary, pattern: Self.gpt2, normalizer: normalizer, blockSize: blockSize)
          #expect(
            ReferenceCounter.dictionary(counted.counts) == expected,
            "seed \(seed), \(normalizer.steps), \(boundary), blocks of \(blockSize)")
        }
      }
    }
  }

  /// Steps that see ends of documents, or take line feeds away, are among them.
  private static let normalizers: [Normalizer] =
    NormalizationForm.allCases.map { Normalizer([.form($0)]) } + [
      Normalizer([.form(.nfkd), .lowercase, .stripAccents]),
      Normalizer([.strip(left: true, right: true), .prepend(Array("x".utf8))]),
      Normalizer([.bert(Normalizer.BERTCleaning())]),
      Normalizer([.nmt, .form(.nfkc)]),
      Normalizer([.replace(.text(Array("\n".utf8)), replacement: Array(" | ".utf8))]),
      Normalizer([
        .replace(.text(Array("e".utf8)), replacement: Array("\n".utf8)), .form(.nfc),
      ]),
      Normalizer([.byteLevel]),
      Normalizer([.replace(.pattern(SplitPattern(#"\s+"#)), replacement: Array(" ".utf8))]),
    ]

  @Test("Without a pattern a document is one word")
  func noPattern() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Array("one two\nthree\nthree\nlast".utf8), to: "text.txt")
    let lines = try count(path, .line, pattern: nil, blockSize: 97).counts
    #expect(
      ReferenceCounter.dictionary(lines)
        == [
          Array("one two\n".utf8): 1, Array("three\n".utf8): 2, Array("last".utf8): 1,
        ])
    let whole = try count(path, .file, pattern: nil, blockSize: 97).counts
    #expect(whole.wordCount == 1 && whole.ends == [24])
  }

  @Test("The same text has the same counts and fingerprint plain, gzipped and with zstd")
  func compressed() throws {
    let folder = try TemporaryFolder()
    var random = TestRandom(seed: 9)
    let text = text(length: 20_000, &random)
    let plain = try folder.write(text, to: "text")
    let expected = try count(plain, .file, pattern: Self.gpt2, blockSize: 1_000)
    for tool in ["gzip", "zstd"] {
      let packed = try folder.write(text, to: "\(tool).in")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = [tool, "-q", String(decoding: packed, as: UTF8.self)]
      try process.run()
      process.waitUntilExit()
      let name = tool == "gzip" ? "gzip.in.gz" : "zstd.in.zst"
      for threads in [1, 3] {
        let counted = try count(
          folder.path(name), .file, pattern: Self.gpt2, threads: threads, blockSize: 1_000)
        #expect(counted.counts.bytes == expected.counts.bytes)
        #expect(counted.counts.counts == expected.counts.counts)
        #expect(counted.summary == expected.summary)
      }
      let whole = try Data(contentsOf: folder.url.appendingPathComponent(name))
      let cut = try folder.write(Array(whole.dropLast(9)), to: "cut")
      #expect(
        throws: CorpusError.truncatedCompression(
          path: String(decoding: cut, as: UTF8.self), format: tool)
      ) {
        try count(cut, .file, pattern: Self.gpt2, blockSize: 1_000)
      }
    }
  }

  @Test("A text of one character is counted in linear time")
  func oneCharacter() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([UInt8](repeating: 97, count: 200_000), to: "text")
    let counted = try count(path, .file, pattern: Self.gpt2, blockSize: 1_000)
    #expect(counted.counts.ends == [200_000])
  }
}
