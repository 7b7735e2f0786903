import Primitives
import Tokenization

/// What a file of counts says before its words: how they were counted, and from what.
public struct CountHeader: Sendable, Equatable {
  static let format = "toktrain/counts/1"

  public var configuration: CountingConfiguration
  /// Of all corpora that were added up. How many words are distinct is known at the end of the file.
  public var summary: CorpusSummary
  /// In a run of a counting that is under way: the blocks whose words it has.
  var blocks: [CountedBlock] = []

  init(_ configuration: CountingConfiguration, _ summary: CorpusSummary) {
    self.configuration = configuration
    self.summary = summary
  }

  var bytes: [UInt8] {
    var writer = JSONWriter(layout: .compact)
    writer.object { json in
      json.members([
        ("format", .text(Self.format)), ("toktrain", .text(ToolkitVersion.current)),
      ])
      json.key("counting")
      configuration.write(to: &json)
      json.members([
        ("corpus", .object(Self.figures.map { ($0.name, .count($0.get(summary))) })),
        ("sources", .list(summary.sources.map { .text($0.description) })),
      ])
      if !blocks.isEmpty { json.members([("blocks", .list(blocks.map(\.value)))]) }
    }
    return writer.bytes
  }

  /// `nil` for what `bytes` never is.
  init?(_ bytes: [UInt8]) {
    guard let json = try? JSONDocument(parsing: bytes).root,
      json["format"]?.string.map({ $0 == Array(Self.format.utf8) }) == true,
      let configuration = json["counting"].flatMap(CountingConfiguration.init),
      let corpus = json["corpus"], let sources = json["sources"]?.elements
    else { return nil }
    self.configuration = configuration
    summary = CorpusSummary()
    for figure in Self.figures {
      guard let number = corpus[figure.name]?.integer, number >= 0 else { return nil }
      figure.set(&summary, number)
    }
    for source in sources {
      guard let fingerprint = source.string.flatMap(Fingerprint.init) else { return nil }
      summary.sources.append(fingerprint)
    }
    if let listed = json["blocks"]?.elements {
      for block in listed {
        guard let block = CountedBlock(block) else { return nil }
        blocks.append(block)
      }
    }
    guard zip(summary.sources, summary.sources.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      return nil
    }
  }

  /// Adds what another file says of its corpus; false where a sum is 2^63 or more.
  mutating func add(_ other: CountHeader) -> Bool {
    for figure in Self.figures {
      let (sum, overflows) = figure.get(summary).addingReportingOverflow(figure.get(other.summary))
      if overflows { return false }
      figure.set(&summary, sum)
    }
    summary.sources = (summary.sources + other.summary.sources).sorted()
    blocks += other.blocks
    return true
  }

  /// A number of a summary, by its name in the file.
  private struct Figure: Sendable {
    var name: StaticString
    var get: @Sendable (CorpusSummary) -> Int64
    var set: @Sendable (inout CorpusSummary, Int64) -> Void

    init(_ name: StaticString, _ path: any WritableKeyPath<CorpusSummary, Int> & Sendable) {
      self.name = name
      get = { Int64($0[keyPath: path]) }
      set = { $0[keyPath: path] = Int($1) }
    }

    init(_ name: StaticString, _ path: any WritableKeyPath<CorpusSummary, UInt64> & Sendable) {
      self.name = name
      get = { Int64(clamping: $0[keyPath: path]) }
      set = { $0[keyPath: path] = UInt64($1) }
    }
  }

  private static let figures: [Figure] = [
    Figure("files", \.files), Figure("bytes", \.bytes), Figure("weighted_bytes", \.weightedBytes),
    Figure("documents", \.documents),
    Figure("words", \.preTokens),
    Figure("ill_formed_sequences", \.illFormedSequences),
    Figure("special_tokens", \.specialTokens), Figure("too_long_lines", \.skippedSentences.tooLong),
    Figure("lines_with_reserved_character", \.skippedSentences.withReservedCharacter),
    Figure("documents_drawn", \.sample.documents), Figure("bytes_drawn", \.sample.bytes),
    Figure("documents_not_drawn", \.sample.leftOut),
  ]
}
