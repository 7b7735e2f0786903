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
  static func load(_ path: [UInt8], _ console: Console) throws(Failure) -> Tokenizer {
    var file = path
    let isDirectory = try Failure.mapping { () throws(FileError) in
      try FileStatus(of: path).kind == .directory
    }
    if isDirectory { file = path.appendingPath(Array(TokenizerFile.nameInDirectory.utf8)) }
    guard let bytes = try read(file, mayBeAbsent: isDirectory) else {
      throw Failure(
        .resource,
        "\(VisibleText.path(path)): holds no \(TokenizerFile.nameInDirectory); give a directory "
          + "that toktrain wrote")
    }
    let record = isDirectory ? try trainingRecord(of: path) : nil
    do throws(FormatError) {
      guard let record else { return try TokenizerFile.load(bytes) }
      let loaded = try TokenizerFile.load(bytes, trainedAs: record)
      for warning in loaded.warnings {
        console.note("warning: \(VisibleText.path(path)): \(warning)")
      }
      return loaded.tokenizer
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

  private static func read(_ file: [UInt8], mayBeAbsent: Bool) throws(Failure) -> [UInt8]? {
    do throws(FileError) {
      return try WholeFile.read(file)
    } catch {
      if mayBeAbsent, case .system("open", _, ENOENT) = error { return nil }
      throw Failure(error)
    }
  }
}
