import Foundation
import Testing
import Tokenization

@testable import TokenizerTraining

@Suite("Samples of documents")
struct DocumentSampleTests {
  private static let lines = (0..<500).map { "w\($0)" + String(repeating: "x", count: $0 % 7) }

  /// The lines that a sample draws.
  private func drawn(
    _ sample: DocumentSample, paths: [[UInt8]], documents: DocumentBoundary = .line,
    rules: SentenceRules = SentenceRules(), threads: Int = 1, blockSize: Int = 1 << 16
  ) throws -> (lines: Set<String>, summary: CorpusSummary) {
    var corpusOptions = CorpusOptions()
    corpusOptions.documents = documents
    var options = CountingOptions(preTokenizer: .none, threads: threads)
    options.sentences = rules
    options.sample = sample
    options.blockSize = blockSize
    let counted = try PreTokenCounter(options).count(
      Corpus(inputs: paths, options: corpusOptions))
    var begin = 0
    var lines: Set<String> = []
    for end in counted.counts.ends {
      lines.insert(String(decoding: counted.counts.bytes[begin..<end], as: UTF8.self))
      begin = end
    }
    return (lines, counted.summary)
  }

  private func corpus(_ folder: TemporaryFolder) throws -> [[UInt8]] {
    let (first, second) = (Self.lines[..<300], Self.lines[300...])
    return [
      try folder.write(Array((first.joined(separator: "\n") + "\n").utf8), to: "a.txt"),
      // Without a line feed at its end.
      try folder.write(Array(second.joined(separator: "\n").utf8), to: "b.txt"),
    ]
  }

  @Test("So many lines are drawn as asked for, the same wherever blocks end", arguments: 0..<6)
  func numberOfLines(seed: Int) throws {
    let folder = try TemporaryFolder()
    let paths = try corpus(folder)
    let count = [1, 2, 99, 250, 499, 500][seed]
    let sample = DocumentSample(.documents(count), seed: UInt64(seed))
    let expected = try drawn(sample, paths: paths)
    #expect(expected.lines.count == count && expected.lines.isSubset(of: Self.lines))
    #expect(expected.summary.sample.documents == count)
    #expect(expected.summary.sample.leftOut == 500 - count)
    #expect(expected.summary.documents == 500)
    for (threads, blockSize) in [(1, 64), (3, 100), (2, 1000)] {
      let other = try drawn(sample, paths: paths, threads: threads, blockSize: blockSize)
      #expect(other.lines == expected.lines)
      #expect(other.summary.sample == expected.summary.sample)
    }
  }

  @Test(
    "No more bytes are drawn than asked for, and hardly fewer", arguments: [10, 500, 1500, 4000])
  func numberOfBytes(limit: Int) throws {
    let folder = try TemporaryFolder()
    let (lines, summary) = try drawn(
      DocumentSample(.bytes(limit), seed: 5), paths: try corpus(folder))
    let bytes = lines.reduce(0) { $0 + $1.utf8.count }
    let all = Self.lines.reduce(0) { $0 + $1.utf8.count }
    #expect(summary.sample.bytes == bytes && bytes <= limit)
    #expect(bytes > min(all, limit) - 12)
  }

  @Test("Every line has its chance")
  func chances() throws {
    let folder = try TemporaryFolder()
    let paths = try corpus(folder)
    var times: [String: Int] = [:]
    for seed in 0..<100 {
      for line in try drawn(.init(.documents(100), seed: UInt64(seed)), paths: paths).lines {
        times[line, default: 0] += 1
      }
    }
    // 20 on the average, with a deviation of 4.
    #expect(times.count == 500)
    #expect(times.values.allSatisfy { (3...40).contains($0) })
  }

  @Test("What a rule leaves out is not drawn, and records and files are documents, too")
  func otherDocuments() throws {
    let folder = try TemporaryFolder()
    var rules = SentenceRules()
    rules.maximumBytes = 9
    let short = Self.lines.count { $0.utf8.count <= 9 }
    let (lines, summary) = try drawn(
      DocumentSample(.documents(short)), paths: try corpus(folder), rules: rules)
    #expect(lines.count == short && summary.sample.leftOut == 0)
    #expect(summary.skippedSentences.tooLong == 500 - short)
    let records = Self.lines.map { "{\"text\": \"\($0)\"}\n" }.joined()
    let path = try folder.write(Array(records.utf8), to: "c.jsonl")
    #expect(try drawn(DocumentSample(.documents(7)), paths: [path]).lines.count == 7)
    let files = try (0..<5).map { try folder.write([0x61 + UInt8($0)], to: "f\($0)") }
    let drawnFiles = try drawn(DocumentSample(.documents(3)), paths: files, documents: .file)
    #expect(drawnFiles.lines.count == 3)
  }
}
