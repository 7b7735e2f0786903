#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Names in a directory, as bytes.
public enum DirectoryListing {
  /// All names but "." and "..", sorted by bytes, so that no file system's order shows.
  public static func names(in path: [UInt8]) throws(FileError) -> [[UInt8]] {
    guard let directory = path.withPath({ opendir($0) }) else {
      throw .system(operation: "list", path: path, code: errno)
    }
    defer { closedir(directory) }
    var names: [[UInt8]] = []
    while true {
      // The end and an error look the same but for this.
      errno = 0
      guard let entry = readdir(directory) else { break }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        Array(bytes.prefix { $0 != 0 })
      }
      if name != [UInt8(ascii: ".")] && name != Array("..".utf8) { names.append(name) }
    }
    if errno != 0 { throw .system(operation: "list", path: path, code: errno) }
    return names.sorted { $0.lexicographicallyPrecedes($1) }
  }
}
