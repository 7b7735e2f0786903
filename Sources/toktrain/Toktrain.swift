import Primitives

@main
enum Toktrain {
  static let commands = CommandTree(
    groups: [
      ("Train", [Verb(BPECommand.self)]),
      ("Use", [Verb(EncodeCommand.self), Verb(DecodeCommand.self), Verb(NormalizeCommand.self)]),
      ("Look", [Verb(InspectCommand.self)]),
    ],
    hidden: [Verb(PiecesCommand.self), Verb(NormalizationSpeedCommand.self)])

  static func main() {
    ProcessEnvironment.prepare()
    let console = Console()
    let status = run(RawArgument.ofProcess, on: console)
    ProcessEnvironment.end(status)
  }

  /// Runs a command line, reports what goes wrong, and says how the process shall end.
  static func run(_ words: [RawArgument], on console: Console) -> ExitStatus {
    do {
      defer { console.endProgress() }
      try commands.run(words, on: console)
      try console.flush()
      return .success
    } catch {
      // What was written before the error is true and belongs to its reader.
      try? console.flush()
      console.report(error)
      return error.status
    }
  }
}
