import Primitives

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where a tokenizer lies: a directory that a trainer wrote or another library reads, or a file of any
/// format that is known, told apart by content.
public struct TokenizerLocation: Sendable {
  /// The path, as the system has it.
  public let path: [UInt8]

  public init(_ path: [UInt8]) { self.path = path }

  /// Loads what lies there, with what should be known of it.
  ///
  /// - Parameter pattern: how text is cut, for a rank file that does not say it.
  /// - Throws: `LoadingError`.
  public func load(pattern: NamedPattern? = nil) throws(LoadingError) -> LoadedTokenizer {
    let isDirectory = try Self.mapping { () throws(FileError) in
      try FileStatus(of: path).kind == .directory
    }
    if let loaded = try LegacyVocabulary.load(path, isDirectory: isDirectory) { return loaded }
    let record = isDirectory ? try trainingRecord() : nil
    let (file, bytes) =
      isDirectory
      ? try content(isOurs: record != nil) : (path, try Self.read(path, mayBeAbsent: false) ?? [])
    let sidecar = try Self.sidecar(of: file, bytes, pattern: pattern)
    do throws(FormatError) {
      if let record { return try TokenizerFile.load(bytes, trainedAs: record) }
      return try TokenizerFile.loadWhole(bytes, sidecar: sidecar)
    } catch {
      throw .format(error, path: file)
    }
  }

  /// The file that a directory is loaded from.
  private func content(isOurs: Bool) throws(LoadingError) -> (file: [UInt8], bytes: [UInt8]) {
    let names = TokenizerFile.namesInDirectory(isOurs: isOurs)
    for name in names {
      let file = path.appendingPath(Array(name.utf8))
      if let bytes = try Self.read(file, mayBeAbsent: true) { return (file, bytes) }
    }
    throw .nothingThere(path: path, names: names.sorted())
  }

  /// What stands beside a rank file, or in its place the pattern that was given.
  private static func sidecar(
    of path: [UInt8], _ bytes: [UInt8], pattern: NamedPattern?
  ) throws(LoadingError) -> RankSidecar? {
    guard RankFile.isRankFile(bytes) else {
      if pattern == nil { return nil }
      throw .patternNotNeeded(path: path)
    }
    let file = path + Array(RankSidecar.suffix.utf8)
    guard let bytes = try read(file, mayBeAbsent: true) else {
      return pattern.map { RankSidecar($0) }
    }
    if pattern != nil { throw .patternSaidTwice(path: file) }
    do throws(FormatError) {
      return try RankSidecar(reading: bytes)
    } catch {
      throw .format(error, path: file)
    }
  }

  private func trainingRecord() throws(LoadingError) -> TrainingRecord? {
    let file = path.appendingPath(Array(TrainingRecord.fileName.utf8))
    guard let bytes = try Self.read(file, mayBeAbsent: true) else { return nil }
    do throws(FormatError) {
      return try TrainingRecord(reading: bytes)
    } catch {
      throw .format(error, path: file)
    }
  }

  static func exists(_ file: [UInt8]) throws(LoadingError) -> Bool {
    do throws(FileError) {
      _ = try FileStatus(of: file)
      return true
    } catch {
      if case .system(_, _, ENOENT) = error { return false }
      throw .file(error)
    }
  }

  static func read(_ file: [UInt8], mayBeAbsent: Bool) throws(LoadingError) -> [UInt8]? {
    do throws(FileError) {
      return try WholeFile.read(file)
    } catch {
      if mayBeAbsent, case .system("open", _, ENOENT) = error { return nil }
      throw .file(error)
    }
  }

  private static func mapping<Value>(
    _ body: () throws(FileError) -> Value
  ) throws(LoadingError) -> Value {
    do { return try body() } catch { throw .file(error) }
  }
}

/// Why no tokenizer can be loaded from a path.
public enum LoadingError: Error, Equatable, CustomStringConvertible {
  /// A file cannot be read.
  case file(FileError)
  /// A file is broken, or asks for what toktrain does not do.
  case format(FormatError, path: [UInt8])
  /// A directory has none of the files that tokenizers are loaded from.
  case nothingThere(path: [UInt8], names: [String])
  /// A pattern was given for a file that says itself how text is cut.
  case patternNotNeeded(path: [UInt8])
  /// A pattern was given, and the file beside a rank file says it, too.
  case patternSaidTwice(path: [UInt8])

  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .format(let error, let path): "\(VisibleText.path(path)): \(error)"
    case .nothingThere(let path, let names):
      "\(VisibleText.path(path)): holds no \(names.joined(separator: ", ")), "
        + "vocab.json with merges.txt, or vocab.txt; give a directory with a tokenizer in it"
    case .patternNotNeeded(let path):
      "a pattern is for rank files; \(VisibleText.path(path)) says itself how text is cut"
    case .patternSaidTwice(let path):
      "a pattern is given and \(VisibleText.path(path)) says how text is cut, too; use one of them"
    }
  }
}

extension Tokenizer {
  /// Loads a tokenizer: `tokenizer.json`, SentencePiece's `.model`, a `.tiktoken` rank file, `tekken.json`,
  /// `vocab.txt`, or `vocab.json` with `merges.txt`; or a directory that has one of them.
  ///
  /// `TokenizerLocation` also gives the warnings that a file may be worth, and takes a pattern for rank
  /// files that do not say it.
  /// - Throws: `LoadingError`.
  public init(contentsOf path: String) throws(LoadingError) {
    self = try TokenizerLocation(Array(path.utf8)).load().tokenizer
  }
}
