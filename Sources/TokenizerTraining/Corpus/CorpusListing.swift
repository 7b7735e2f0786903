#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// From the inputs that a user names to the files that they stand for.
enum CorpusListing {
  /// Replaces every `@FILE` by the lines of the file (which are taken as they are).
  static func expandLists(_ inputs: [[UInt8]]) throws(CorpusError) -> [[UInt8]] {
    var result: [[UInt8]] = []
    for input in inputs {
      guard input.first == UInt8(ascii: "@"), input.count > 1 else {
        result.append(input)
        continue
      }
      let path = Array(input.dropFirst())
      let text = try readWhole(path)
      let lines = text.split(separator: UInt8(ascii: "\n")).map { line in
        line.last == UInt8(ascii: "\r") ? Array(line.dropLast()) : Array(line)
      }
      let named = lines.filter { !$0.isEmpty }
      guard !named.isEmpty else {
        throw CorpusError.emptyListEntry(path: PathText.display(path))
      }
      result += named
    }
    return result
  }

  /// The file itself, or the files below a directory, sorted by the bytes of their paths.
  static func files(at path: [UInt8]) throws(CorpusError) -> [[UInt8]] {
    var status = stat()
    guard path.withCString({ stat($0, &status) }) == 0 else {
      throw CorpusError.io(path: PathText.display(path), action: "read", errno: errno)
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { return [path] }
    var found: [[UInt8]] = []
    var pending = [path]
    while let directory = pending.popLast() {
      for entry in try entries(of: directory) {
        let child =
          directory.last == UInt8(ascii: "/")
          ? directory + entry : directory + [UInt8(ascii: "/")] + entry
        guard child.withCString({ lstat($0, &status) }) == 0 else { continue }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: pending.append(child)
        case S_IFREG: found.append(child)
        case S_IFLNK:
          // A link to a file counts as the file; a link to a directory could close a circle.
          if child.withCString({ stat($0, &status) }) == 0, status.st_mode & S_IFMT == S_IFREG {
            found.append(child)
          }
        default: break
        }
      }
    }
    guard !found.isEmpty else { throw CorpusError.noFiles(path: PathText.display(path)) }
    return found.sorted { $0.lexicographicallyPrecedes($1) }
  }

  private static func entries(of directory: [UInt8]) throws(CorpusError) -> [[UInt8]] {
    guard let handle = directory.withCString({ opendir($0) }) else {
      throw CorpusError.io(path: PathText.display(directory), action: "list", errno: errno)
    }
    defer { closedir(handle) }
    var names: [[UInt8]] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: UInt8.self, capacity: 256) { bytes in
          Array(UnsafeBufferPointer(start: bytes, count: strlen(bytes)))
        }
      }
      if name.first != UInt8(ascii: ".") { names.append(name) }
    }
    return names
  }

  private static func readWhole(_ path: [UInt8]) throws(CorpusError) -> [UInt8] {
    let stream = try ByteStream(opening: .path(path))
    let buffer = TextBuffer(capacity: 1 << 16)
    while true {
      buffer.reserve(buffer.count + (1 << 16))
      let count = try stream.read(
        into: UnsafeMutableRawBufferPointer(start: buffer.bytes + buffer.count, count: 1 << 16))
      if count == 0 { return Array(UnsafeBufferPointer(start: buffer.bytes, count: buffer.count)) }
      buffer.count += count
    }
  }
}

extension [UInt8] {
  /// The bytes as a C string: what file names are to the system.
  func withCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    (self + [0]).withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        // The array holds at least its closing zero, so it has a base address.
        characters.baseAddress.map(body) ?? body("")
      }
    }
  }
}
