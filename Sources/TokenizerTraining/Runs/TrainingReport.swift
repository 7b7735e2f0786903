import Primitives

/// What a run took and how it came to its end, as JSON: what `training.json` does not say, because it
/// changes from run to run.
public struct TrainingReport: Sendable {
  /// A part of the run and how long it took, in seconds.
  public typealias Phase = (name: String, seconds: Double)

  private let phases: [Phase]
  private let threads: Int
  private let peakMemory: Int
  private let trained: [TrainedTokenizer]

  /// - Parameters:
  ///   - phases: in their order.
  ///   - peakMemory: bytes that were resident at once at most.
  public init(
    of trained: [TrainedTokenizer], phases: [Phase], threads: Int, peakMemory: Int
  ) {
    self.trained = trained
    self.phases = phases
    self.threads = threads
    self.peakMemory = peakMemory
  }

  /// The file: `each_round` has the loss of each estimation where a trainer estimates.
  public var bytes: [UInt8] {
    var writer = JSONWriter(layout: .pretty)
    writer.write(
      .object([
        ("format", .text("toktrain/report/1")),
        ("toktrain", .text(ToolkitVersion.current)),
        ("threads", .count(threads)),
        ("seconds", .decimal(rounded(phases.reduce(0) { $0 + $1.seconds }))),
        ("peak_memory_bytes", .count(peakMemory)),
        (
          "phases",
          .list(
            phases.map { phase in
              .object([
                ("name", .text(phase.name)), ("seconds", .decimal(rounded(phase.seconds))),
              ])
            })
        ),
        ("vocabularies", .list(trained.map(Self.value))),
      ]))
    return writer.bytes + [UInt8(ascii: "\n")]
  }

  private static func value(of trained: TrainedTokenizer) -> TrainingAccount.Value {
    .object(
      [
        ("algorithm", .text("\(trained.account.algorithm)")),
        ("tokens", .count(trained.tokenCount)),
        ("corpus_tokens", .count(trained.corpusTokens)),
      ] + trained.account.result
        + [("each_round", .list(trained.account.rounds.map { .object($0) }))])
  }

  private func rounded(_ seconds: Double) -> Double { (seconds * 1e6).rounded() / 1e6 }
}
