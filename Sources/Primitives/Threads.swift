import NativeBridges

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs the same work on several threads and waits for all of them.
///
/// Plain threads, not the cooperative pool: workers block in `pread` and run for the whole phase.
public enum Threads {
  /// Processors that this process may use.
  public static var available: Int { Int(tt_available_processors()) }

  /// Calls `work` with 0..<count, each on a thread of its own (0 on the caller's); returns when all
  /// have returned. Where a thread cannot be had, the caller does its share.
  public static func run(_ count: Int, _ work: @Sendable (Int) -> Void) {
    guard count > 0 else { return }
    withoutActuallyEscaping(work) { work in
      var handles: [pthread_t] = []
      for index in 1..<count {
        if let handle = start({ work(index) }) {
          handles.append(handle)
        } else {
          work(index)
        }
      }
      work(0)
      for handle in handles { pthread_join(handle, nil) }
    }
  }

  private final class Job: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private static func start(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
    let job = Unmanaged.passRetained(Job(body))
    #if canImport(Glibc)
      var handle = pthread_t()
    #else
      var handle: pthread_t?
    #endif
    let status = pthread_create(
      &handle, nil,
      { argument in
        #if canImport(Glibc)
          guard let argument else { return nil }
        #endif
        Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, job.toOpaque())
    guard status == 0 else {
      job.release()
      return nil
    }
    return handle
  }
}
