import Primitives

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The one place that says which error of which room ends the process with which status.
extension Failure {
  /// - Parameter isStandardOutput: whether a reader who goes away is no error.
  init(_ error: OutputError, isStandardOutput: Bool = false) {
    switch error {
    case .system(_, _, EPIPE) where isStandardOutput:
      self.init(.brokenPipe, error.description)
    case .exists:
      self.init(.resource, error.description, tip: "--force replaces it, -o PATH writes elsewhere")
    case .interrupted:
      self.init(.interrupted, error.description)
    default:
      self.init(.resource, error.description)
    }
  }
}
