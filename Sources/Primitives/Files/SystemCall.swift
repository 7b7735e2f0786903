#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What every system call here needs: another try after an interruption, and words for an errno.
public enum SystemCall {
  /// Runs `call` until it is not interrupted; returns its value, or throws what it failed with.
  @inline(__always)
  static func retrying<Value: SignedInteger>(
    _ operation: String, _ path: [UInt8], _ call: () -> Value
  ) throws(FileError) -> Value {
    while true {
      let value = call()
      if value >= 0 { return value }
      let code = errno
      if code != EINTR { throw .system(operation: operation, path: path, code: code) }
    }
  }

  /// The system's words for an errno, such as "No space left on device".
  public static func message(_ code: Int32) -> String {
    var text = [CChar](repeating: 0, count: 256)
    _ = strerror_r(code, &text, text.count)
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return bytes.isEmpty ? "error \(code)" : String(decoding: bytes, as: UTF8.self)
  }
}

/// Paths are bytes: no encoding, no normalization, as the kernel takes them.
extension [UInt8] {
  /// Lends the path as C wants it. A zero byte ends it; the kernel knows no path with one.
  @inline(__always)
  func withPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    var terminated = map { CChar(bitPattern: $0) }
    terminated.append(0)
    return terminated.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return body("") }
      return body(base)
    }
  }

  /// The entry `name` of this directory.
  public func appendingPath(_ name: [UInt8]) -> [UInt8] {
    if isEmpty { return name }
    return last == UInt8(ascii: "/") ? self + name : self + [UInt8(ascii: "/")] + name
  }

  /// Path without slashes at its end; "/" stays.
  public var withoutTrailingSlashes: [UInt8] {
    var end = count
    while end > 1, self[end - 1] == UInt8(ascii: "/") { end -= 1 }
    return Array(self[..<end])
  }

  /// The directory that holds this entry: "." for a bare name.
  public var parentPath: [UInt8] {
    let path = withoutTrailingSlashes
    guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return [UInt8(ascii: ".")] }
    return slash == 0 ? [UInt8(ascii: "/")] : Array(path[..<slash]).withoutTrailingSlashes
  }

  /// Last name of the path; empty for "/".
  public var lastPathName: [UInt8] {
    let path = withoutTrailingSlashes
    guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return Array(path[(slash + 1)...])
  }
}
