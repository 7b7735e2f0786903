import Primitives
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Notes when each part of a run began.
final class PhaseClock: Sendable {
  private let starts: Mutex<[(name: String, at: ContinuousClock.Instant)]>

  init(_ first: String) { starts = Mutex([(first, .now)]) }

  /// A part begins unless it goes on; called from any thread.
  func enter(_ name: String) {
    starts.withLock { starts in
      if starts.last?.name != name { starts.append((name, .now)) }
    }
  }

  /// The parts so far and how long each took, in seconds.
  var phases: [(name: String, seconds: Double)] {
    starts.withLock { starts in
      let ends = starts.dropFirst().map(\.at) + [.now]
      return zip(starts, ends).map { ($0.name, ($1 - $0.at) / .seconds(1)) }
    }
  }

  /// Bytes of this process that were resident at once at most.
  static var peakMemory: Int {
    #if canImport(Darwin)
      var usage = rusage()
      return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : 0
    #else
      // `getrusage` begins with what the process had that started this one.
      guard let status = try? WholeFile.read(Array("/proc/self/status".utf8)) else { return 0 }
      for line in status.split(separator: UInt8(ascii: "\n")) where line.starts(with: "VmHWM:".utf8)
      {
        let digits = line.filter { (0x30...0x39).contains($0) }
        return (Int(String(decoding: digits, as: UTF8.self)) ?? 0) * 1024
      }
      return 0
    #endif
  }
}
