import Primitives
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One line at the bottom of a terminal that says where a long run stands. Drawn at most ten times
/// a second, by whichever thread reports; cleared before anything else is written.
final class ProgressLine: Sendable {
  private struct State {
    var estimate: RemainingTime?
    var step = ""
    var lastDrawn: ContinuousClock.Instant?
    var isShown = false
  }

  private let descriptor: Int32
  private let state = Mutex(State())

  /// `nil` where nobody would see it or where it would spoil a log.
  init?(on descriptor: Int32) {
    guard isatty(descriptor) == 1 else { return nil }
    if let term = getenv("TERM"), strcmp(term, "dumb") == 0 { return nil }
    self.descriptor = descriptor
  }

  /// - Parameters:
  ///   - step: what is being done, such as "counting".
  ///   - work: units of equal duration, done and in all; `nil` in all where nobody knows.
  ///   - amount: how far that is, in words.
  func show(_ step: String, work: Double, of total: Double?, amount: () -> String) {
    let now = ContinuousClock.now
    state.withLock { state in
      if state.step != step {
        state.step = step
        state.estimate = RemainingTime(start: now)
      }
      if let last = state.lastDrawn, now - last < .milliseconds(100) { return }
      state.lastDrawn = now
      var line = "\(step)  \(amount())"
      if let total, total > 0 {
        line += "  \(Int(100 * min(1, work / total)))%"
        if let left = state.estimate?.seconds(work: work, of: total, at: now) {
          line += "  \(Self.duration(left)) left"
        }
      }
      // The last column stays free: some terminals wrap when it is written.
      let shown = String(line.prefix(max(0, Self.width(of: descriptor) - 1)))
      draw("\r\(shown)\u{1B}[K")
      state.isShown = true
    }
  }

  /// Removes the line; the next report draws it anew.
  func clear() {
    state.withLock { state in
      if state.isShown { draw("\r\u{1B}[K") }
      state.isShown = false
      state.lastDrawn = nil
    }
  }

  private func draw(_ text: String) {
    var stream = FileOutput(descriptor: descriptor, path: Array("stderr".utf8))
    try? stream.write(text.utf8)
    try? stream.flush()
  }

  private static func width(of descriptor: Int32) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// "0:07", "12:30" or "1:02:03".
  static func duration(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 1e7).rounded(.up))
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    let tail = whole % 60 < 10 ? "0\(whole % 60)" : "\(whole % 60)"
    if hours == 0 { return "\(minutes):\(tail)" }
    return "\(hours):\(minutes < 10 ? "0" : "")\(minutes):\(tail)"
  }
}

/// How long a step will still take, from how long it took so far.
struct RemainingTime {
  let start: ContinuousClock.Instant

  /// `nil` in the first half second: too little is known.
  func seconds(work: Double, of total: Double, at now: ContinuousClock.Instant) -> Double? {
    let elapsed = (now - start) / .seconds(1)
    guard elapsed >= 0.5, work > 0 else { return nil }
    return elapsed * max(0, total - work) / work
  }
}
