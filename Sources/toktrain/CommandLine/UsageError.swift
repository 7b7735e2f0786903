/// What can be wrong with a command line.
enum UsageError: Error, Equatable, Sendable {
  case unknownVerb(String, suggestion: String?)
  /// `verb` is empty before any verb.
  case unknownOption(String, verb: String, suggestion: String?)
  case missingValue(option: String, placeholder: String)
  case unexpectedValue(option: String)
  case badValue(option: String, value: String, expected: String, suggestion: String? = nil)
  case missingArgument(String, verb: String)
  case unexpectedArgument(String, verb: String)
  /// Options that are fine each but not together.
  case conflict(String)
}

extension UsageError {
  /// The error as the process reports it.
  var failure: Failure {
    switch self {
    case .unknownVerb(let verb, let suggestion):
      return Failure(
        .usage, "'\(verb)' is not a command; 'toktrain --help' lists them",
        tip: suggestion.map { "did you mean 'toktrain \($0)'?" })
    case .unknownOption(let option, let verb, let suggestion):
      let call = verb.isEmpty ? "toktrain" : "toktrain \(verb)"
      return Failure(
        .usage, "\(option): no such option; '\(call) --help' lists them",
        tip: suggestion.map { "did you mean '\($0)'?" })
    case .missingValue(let option, let placeholder):
      return Failure(.usage, "\(option): needs a value; write \(option) \(placeholder)")
    case .unexpectedValue(let option):
      return Failure(.usage, "\(option): takes no value; write \(option) alone")
    case .badValue(let option, let value, let expected, let suggestion):
      return Failure(
        .usage, "\(option): '\(value)' will not do; give \(expected)",
        tip: suggestion.map { "did you mean '\(option) \($0)'?" })
    case .missingArgument(let argument, let verb):
      return Failure(
        .usage, "\(argument) is missing; 'toktrain \(verb) --help' shows how to call it")
    case .unexpectedArgument(let argument, let verb):
      return Failure(
        .usage, "'\(argument)' is one argument too many; 'toktrain \(verb) --help' shows them")
    case .conflict(let message):
      return Failure(.usage, message)
    }
  }
}
