import Primitives

/// The files of a tokenizer, to be put into another directory as they are.
extension TokenizerLocation {
  /// All names that `files` gives.
  public static let fileNames =
    HuggingFaceDirectory.fileNames + [
      "tekken.json", RankFile.fileName, RankFile.fileName + RankSidecar.suffix,
      TrainingRecord.fileName,
    ]

  /// The files that say what `load` takes from here, under the names by which a directory with them is
  /// loaded as the same tokenizer.
  ///
  /// - Parameter pattern: as for `load`; a sidecar says it then.
  /// - Throws: `LoadingError`; what `load` finds at fault it does not look for.
  public func files(
    pattern: NamedPattern? = nil
  ) throws(LoadingError) -> [HuggingFaceDirectory.File] {
    let isDirectory = try Self.status(of: path).kind == .directory
    let name = String(decoding: path.lastPathName, as: UTF8.self)
    var files: [HuggingFaceDirectory.File]
    if isDirectory {
      files = try Self.files(Self.fileNames, in: path)
      files.removeAll { $0.name == TrainingRecord.fileName && !Self.isRecord($0.bytes) }
    } else if ["vocab.json", "merges.txt"].contains(name) {
      files = try Self.files(
        ["vocab.json", "merges.txt"] + ConfigurationFiles.names, in: path.parentPath)
    } else if name == "vocab.txt" {
      files = try Self.files(["vocab.txt"] + ConfigurationFiles.names, in: path.parentPath)
    } else {
      files = try singleFile()
    }
    if let pattern, files.contains(where: { $0.name == RankFile.fileName }) {
      files.append(
        HuggingFaceDirectory.File(
          name: RankFile.fileName + RankSidecar.suffix, bytes: RankSidecar(pattern).bytes))
    }
    return files
  }

  /// A file of any name, and a rank file's sidecar.
  private func singleFile() throws(LoadingError) -> [HuggingFaceDirectory.File] {
    let bytes = try Self.read(path, mayBeAbsent: false) ?? []
    let name: String
    do throws(FormatError) {
      name = try TokenizerFile.nameInDirectory(of: bytes)
    } catch {
      throw .format(error, path: path)
    }
    var files = [HuggingFaceDirectory.File(name: name, bytes: bytes)]
    let suffix = RankSidecar.suffix
    if name == RankFile.fileName,
      let sidecar = try Self.read(path + Array(suffix.utf8), mayBeAbsent: true)
    {
      files.append(HuggingFaceDirectory.File(name: name + suffix, bytes: sidecar))
    }
    return files
  }

  /// Those of some files that a directory has.
  private static func files(
    _ names: [String], in folder: [UInt8]
  ) throws(LoadingError) -> [HuggingFaceDirectory.File] {
    var files: [HuggingFaceDirectory.File] = []
    for name in names {
      if let bytes = try read(folder.appendingPath(Array(name.utf8)), mayBeAbsent: true) {
        files.append(HuggingFaceDirectory.File(name: name, bytes: bytes))
      }
    }
    return files
  }

  /// Other programs have files of that name, too.
  private static func isRecord(_ bytes: [UInt8]) -> Bool {
    (try? TrainingRecord(reading: bytes)) != nil
  }

  private static func status(of path: [UInt8]) throws(LoadingError) -> FileStatus {
    do throws(FileError) { return try FileStatus(of: path) } catch { throw .file(error) }
  }
}
