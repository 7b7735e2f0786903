import Primitives
import Tokenization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A MODEL of the command line: a directory that a trainer wrote, or a file.
enum ModelFile {
  /// Loads a model; what should be known of it goes to the console.
  ///
  /// - Parameter pattern: how text is cut, for a rank file that does not say it.
  static func load(
    _ path: [UInt8], pattern: NamedPattern? = nil, _ console: Console
  ) throws(Failure) -> Tokenizer {
    try loadWhole(path, pattern: pattern, console).tokenizer
  }

  /// The same, with what else its file says.
  static func loadWhole(
    _ path: [UInt8], pattern: NamedPattern? = nil, _ console: Console
  ) throws(Failure) -> LoadedTokenizer {
    let isDirectory = try Failure.mapping { () throws(FileError) in
      try FileStatus(of: path).kind == .directory
    }
    if let loaded = try LegacyVocabulary.load(path, isDirectory: isDirectory) {
      warn(of: loaded, path, console)
      return loaded
    }
    let record = isDirectory ? try trainingRecord(of: path) : nil
    let (file, bytes) =
      isDirectory
      ? try content(of: path, isOurs: record != nil)
      : (path, try read(path, mayBeAbsent: false) ?? [])
    let sidecar = try sidecar(of: file, bytes, pattern: pattern)
    do throws(FormatError) {
      let loaded =
        if let record {
          try TokenizerFile.load(bytes, trainedAs: record)
        } else {
          try TokenizerFile.loadWhole(bytes, sidecar: sidecar)
        }
      warn(of: loaded, path, console)
      return loaded
    } catch {
      throw Failure(error, in: file)
    }
  }

  private static func warn(of loaded: LoadedTokenizer, _ path: [UInt8], _ console: Console) {
    for warning in loaded.warnings {
      console.note("warning: \(VisibleText.path(path)): \(warning)")
    }
  }

  /// The file that a directory is loaded from.
  private static func content(
    of directory: [UInt8], isOurs: Bool
  ) throws(Failure) -> (file: [UInt8], bytes: [UInt8]) {
    let names = TokenizerFile.namesInDirectory(isOurs: isOurs)
    for name in names {
      let file = directory.appendingPath(Array(name.utf8))
      if let bytes = try read(file, mayBeAbsent: true) { return (file, bytes) }
    }
    throw Failure(
      .resource,
      "\(VisibleText.path(directory)): holds no \(names.sorted().joined(separator: ", ")), "
        + "vocab.json with merges.txt, or vocab.txt; give a directory with a tokenizer in it")
  }

  /// What stands beside a rank file, or in its place the pattern that was given.
  private static func sidecar(
    of path: [UInt8], _ bytes: [UInt8], pattern: NamedPattern?
  ) throws(Failure) -> RankSidecar? {
    guard RankFile.isRankFile(bytes) else {
      if pattern == nil { return nil }
      throw UsageError.conflict(
        "--pattern is for rank files; \(VisibleText.path(path)) says itself how text is cut"
      ).failure
    }
    let file = path + Array(RankSidecar.suffix.utf8)
    guard let bytes = try read(file, mayBeAbsent: true) else {
      return pattern.map { RankSidecar($0) }
    }
    if pattern != nil {
      throw UsageError.conflict(
        "--pattern and \(VisibleText.path(file)) both say how text is cut; use one of them"
      ).failure
    }
    do throws(FormatError) {
      return try RankSidecar(reading: bytes)
    } catch {
      throw Failure(error, in: file)
    }
  }

  private static func trainingRecord(of path: [UInt8]) throws(Failure) -> TrainingRecord? {
    let file = path.appendingPath(Array(TrainingRecord.fileName.utf8))
    guard let bytes = try read(file, mayBeAbsent: true) else { return nil }
    do throws(FormatError) {
      return try TrainingRecord(reading: bytes)
    } catch {
      throw Failure(error, in: file)
    }
  }

  static func exists(_ file: [UInt8]) throws(Failure) -> Bool {
    do throws(FileError) {
      _ = try FileStatus(of: file)
      return true
    } catch {
      if case .system(_, _, ENOENT) = error { return false }
      throw Failure(error)
    }
  }

  static func read(_ file: [UInt8], mayBeAbsent: Bool) throws(Failure) -> [UInt8]? {
    do throws(FileError) {
      return try WholeFile.read(file)
    } catch {
      if mayBeAbsent, case .system("open", _, ENOENT) = error { return nil }
      throw Failure(error)
    }
  }
}

extension Option {
  /// How text is cut, for rank files.
  static func rankPattern(_ field: OptionField<C, NamedPattern?>) -> Option {
    .optional(
      "pattern", field, .choice("NAME"), "how text is cut, if MODEL is a rank file",
      detail: "Such a file (.tiktoken) does not say it. Not needed for well-known ones, nor where "
        + "a file beside it, with .json behind its name, says it."
    ).detailed
  }
}
