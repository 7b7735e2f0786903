import Primitives

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
      let text = try CorpusError.mapping { () throws(FileError) in try WholeFile.read(path) }
      let lines = text.split(separator: UInt8(ascii: "\n")).map { line in
        line.last == UInt8(ascii: "\r") ? Array(line.dropLast()) : Array(line)
      }
      let named = lines.filter { !$0.isEmpty }
      guard !named.isEmpty else {
        throw CorpusError.emptyListEntry(path: VisibleText.path(path))
      }
      result += named
    }
    return result
  }

  /// The file itself, or the files below a directory, sorted by the bytes of their paths.
  static func files(at path: [UInt8]) throws(CorpusError) -> [[UInt8]] {
    let found = try CorpusError.mapping { () throws(FileError) in try regularFiles(at: path) }
    guard !found.isEmpty else { throw CorpusError.noFiles(path: VisibleText.path(path)) }
    return found.sorted { $0.lexicographicallyPrecedes($1) }
  }

  private static func regularFiles(at path: [UInt8]) throws(FileError) -> [[UInt8]] {
    guard try FileStatus(of: path).kind == .directory else { return [path] }
    var found: [[UInt8]] = []
    var pending = [path]
    while let directory = pending.popLast() {
      for name in try DirectoryListing.names(in: directory) where name.first != UInt8(ascii: ".") {
        let child = directory.appendingPath(name)
        switch try FileStatus(of: child, followingLinks: false).kind {
        case .directory: pending.append(child)
        case .regular: found.append(child)
        // A link to a file counts as the file; a link to a directory could close a circle.
        case .link where try FileStatus(of: child).kind == .regular: found.append(child)
        case .link, .other: break
        }
      }
    }
    return found
  }
}
