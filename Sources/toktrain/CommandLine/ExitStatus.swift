/// How the process ends, as scripts see it.
enum ExitStatus: Int32, Sendable {
  case success = 0
  /// A question that was asked has the answer "no".
  case answeredNo = 1
  /// The command line makes no sense.
  case usage = 2
  /// A text, a model or a pattern is not what it must be.
  case badData = 3
  /// The system failed: a file, a disk, memory.
  case resource = 4
  case hangup = 129
  case interrupted = 130
  /// Nobody reads the output any more, as after `| head -1`.
  case brokenPipe = 141
  case terminated = 143
}
