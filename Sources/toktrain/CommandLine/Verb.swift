/// A command of any type, as the list of verbs holds it.
struct Verb: Sendable {
  let name: String
  let summary: String
  /// Laid out when asked for: every start of the tool makes all verbs.
  private let help: @Sendable (_ isLong: Bool) -> String
  /// Parses the words behind the verb and runs it, or prints its help.
  let run: @Sendable ([RawArgument], Console) throws(Failure) -> Void

  init<C: Command>(_ type: C.Type) {
    let schema = C.schema
    name = schema.verb
    summary = schema.summary
    help = { $0 ? schema.longHelp : schema.shortHelp }
    run = { (words, console) throws(Failure) in
      let request: Schema<C>.Request
      do throws(UsageError) {
        request = try schema.parse(words)
      } catch {
        throw error.failure
      }
      switch request {
      case .shortHelp: try console.write(schema.shortHelp.utf8)
      case .longHelp: try console.write(schema.longHelp.utf8)
      case .run(let command):
        console.isQuiet = command.isQuiet
        try command.run(on: console)
      }
    }
  }

  var shortHelp: String { help(false) }
  var longHelp: String { help(true) }
}
