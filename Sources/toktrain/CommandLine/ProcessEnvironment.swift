import Primitives
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the process must settle with the system before any work: signals and closed streams.
enum ProcessEnvironment {
  private static let hasEnded = Atomic<Bool>(false)

  static func prepare() {
    occupyClosedStreams()
    // As errors of `write`, EPIPE and EFBIG reach the code that knows what was being written.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    watchSignals()
  }

  /// Ends the process; the first caller wins, and a second thread that wants to end it waits: what
  /// it would say, such as that its output has vanished, is the doing of the first.
  static func end(_ status: ExitStatus, saying lastWords: () -> Void) -> Never {
    if hasEnded.exchange(true, ordering: .acquiringAndReleasing) {
      while true { pause() }
    }
    lastWords()
    _exit(status.rawValue)
  }

  /// A file opened while stdout is closed would become stdout. The descriptors are taken such that
  /// the forbidden direction still fails.
  private static func occupyClosedStreams() {
    for (descriptor, mode) in [(Int32(0), O_WRONLY), (1, O_RDONLY), (2, O_RDWR)]
    where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", mode)
    }
  }

  /// A thread of its own waits for signals, so that they are answered at once in every phase and
  /// in ordinary code, not in a handler that may call next to nothing.
  private static func watchSignals() {
    var watched = sigset_t()
    sigemptyset(&watched)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var current = sigaction()
      // `nohup` and shells in the background set them to be ignored: then they stay so.
      sigaction(number, nil, &current)
      if !isIgnored(current) { sigaddset(&watched, number) }
    }
    pthread_sigmask(SIG_BLOCK, &watched, nil)
    #if canImport(Glibc)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let argument = UnsafeMutablePointer<sigset_t>.allocate(capacity: 1)
    argument.initialize(to: watched)
    let failed = pthread_create(
      &thread, nil,
      { argument in
        if let set = argument?.assumingMemoryBound(to: sigset_t.self) {
          ProcessEnvironment.answerSignals(set)
        }
        return nil
      }, argument)
    // Without the thread the system's own answer, to end the process, is the next best.
    if failed != 0 { pthread_sigmask(SIG_UNBLOCK, &watched, nil) }
  }

  private static func answerSignals(_ set: UnsafePointer<sigset_t>) {
    var number: Int32 = 0
    while sigwait(set, &number) != 0 {}
    let status: ExitStatus =
      number == SIGTERM ? .terminated : number == SIGHUP ? .hangup : .interrupted
    end(status) {
      PendingOutputs.process.removeAll()
      let word = number == SIGTERM ? "terminated" : number == SIGHUP ? "hung up" : "interrupted"
      let console = Console()
      if isatty(2) == 1 { console.clearLine() }
      console.report(Failure(status, "\(word); no unfinished output was left behind"))
    }
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    #if canImport(Glibc)
      let handler = action.__sigaction_handler.sa_handler
    #else
      let handler = action.__sigaction_u.__sa_handler
    #endif
    // SIG_IGN is the address 1; functions have no equality.
    return unsafeBitCast(handler, to: Int.self) == 1
  }
}
