import Primitives

@main
enum Toktrain {
  static let commands = CommandTree(
    groups: [
      (
        "Train",
        [
          Verb(BPECommand.self), Verb(WordPieceCommand.self), Verb(UnigramCommand.self),
          Verb(CountCommand.self), Verb(PlanCommand.self),
        ]
      ),
      (
        "Use",
        [
          Verb(EncodeCommand.self), Verb(DecodeCommand.self), Verb(NormalizeCommand.self),
          Verb(WhyCommand.self),
        ]
      ),
      ("Change", [Verb(ConvertCommand.self)]),
      (
        "Embed",
        [
          Verb(ExportCommand.self), Verb(EmbedCommand.self), Verb(NeighborsCommand.self),
          Verb(TransferCommand.self),
        ]
      ),
      ("Look", [Verb(InspectCommand.self), Verb(CompareCommand.self)]),
    ],
    hidden: [
      Verb(PiecesCommand.self), Verb(PatternSpeedCommand.self),
      Verb(NormalizationSpeedCommand.self), Verb(EncodingSpeedCommand.self),
      Verb(CorpusVectorsCommand.self),
    ])

  static func main() {
    ProcessEnvironment.prepare()
    let console = Console()
    let failure = run(RawArgument.ofProcess, on: console)
    ProcessEnvironment.end(failure?.status ?? .success) {
      if let failure { console.report(failure) }
    }
  }

  /// Runs a command line; `nil` if all went well.
  private static func run(_ words: [RawArgument], on console: Console) -> Failure? {
    do {
      defer { console.endProgress() }
      try commands.run(words, on: console)
      try console.flush()
      return nil
    } catch {
      // What was written before the error is true and belongs to its reader.
      try? console.flush()
      return error
    }
  }
}
