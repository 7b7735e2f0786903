import Primitives

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where a command reads and writes: data on stdout, everything else on stderr. Tests give it
/// other descriptors. Used by one thread; progress has a lock of its own.
final class Console {
  let input: Int32
  /// Whether stderr carries errors only.
  var isQuiet = false
  private var output: FileOutput
  private let outputDescriptor: Int32
  private let errors: Int32
  private(set) var progress: ProgressLine?

  init(input: Int32 = 0, output: Int32 = 1, errors: Int32 = 2) {
    self.input = input
    self.output = FileOutput(descriptor: output, path: Array("stdout".utf8))
    outputDescriptor = output
    self.errors = errors
  }

  /// Whether a person sits at the input: then an absent file is a question, not a wish to type.
  var inputIsTerminal: Bool { isatty(input) == 1 }

  /// What the output is.
  var terminal: Terminal { Terminal(descriptor: outputDescriptor) }

  func write(_ bytes: some Collection<UInt8>) throws(Failure) {
    do { try output.write(bytes) } catch { throw Failure(error, isStandardOutput: true) }
  }

  func print(_ line: String) throws(Failure) { try write((line + "\n").utf8) }

  /// Must be the last thing a command's output sees: an error here is an error of the command.
  func flush() throws(Failure) {
    do { try output.flush() } catch { throw Failure(error, isStandardOutput: true) }
  }

  /// One line on stderr for a person, unless they asked for quiet and not for the line.
  func note(_ line: String, wasAskedFor: Bool = false) {
    if !isQuiet || wasAskedFor { writeError(VisibleText.message(line) + "\n") }
  }

  /// Lines of an error; nothing for a reader who went away.
  func report(_ failure: Failure) {
    if failure.status != .brokenPipe { writeError(failure.lines) }
  }

  /// Shows progress from here on if somebody can see it.
  func showProgress() {
    if !isQuiet, let line = ProgressLine(on: errors) { progress = line }
  }

  func endProgress() {
    progress?.clear()
    progress = nil
  }

  /// Clears the line of a terminal that a progress line may stand on.
  func clearLine() { writeError("\r\u{1B}[K") }

  private func writeError(_ text: String) {
    progress?.clear()
    var stream = FileOutput(descriptor: errors, path: Array("stderr".utf8))
    // Nobody is left to be told that telling failed.
    try? stream.write(text.utf8)
    try? stream.flush()
  }
}

extension [[UInt8]] {
  /// The files of a command line; without any, standard input, unless a person sits there, who
  /// would wonder what the program waits for.
  func orStandardInput(_ console: Console) throws(Failure) -> [[UInt8]] {
    if !isEmpty { return self }
    if console.inputIsTerminal {
      throw UsageError.conflict("no text was given; name a file, or '-' to type it here").failure
    }
    return [Array<UInt8>("-".utf8)]
  }
}
