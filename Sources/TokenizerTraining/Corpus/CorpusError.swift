import Primitives
import Tokenization

/// Why a corpus could not be read. Paths are shown as the user gave them, bytes escaped.
public enum CorpusError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A system call failed.
  case file(FileError)
  case shrank(path: String, expected: Int, found: Int)
  case utf16(path: String)
  case invalidUTF8(path: String, line: Int, byteOffset: Int)
  case corruptCompression(path: String, format: String)
  case truncatedCompression(path: String, format: String)
  /// A pattern did not come to an end in this line, or one near it if text was normalized.
  case pattern(path: String, line: Int, PatternError)
  case invalidRecord(path: String, line: Int, reason: String)
  case emptyListEntry(path: String)
  case noFiles(path: String)
  /// What a sample is drawn from is read more than once.
  case readOnlyOnce(path: String)
  /// Two corpora have not as many documents. `pairs`: as many as there are in both.
  case unpaired(path: String, pairs: Int, isLonger: Bool)
  case noText(files: Int)
  /// A weight for files that are not there.
  case unusedWeight(pattern: [UInt8])
  case pieceTooLong(path: String)
  case wordTooLong(bytes: Int)
  case outOfMemory
  /// What was counted could not be put down.
  case counts(CountFileError)

  /// Whether the system failed, not the data: a full disk, a missing file, a missing permission.
  public var isSystemFailure: Bool {
    switch self {
    case .file, .shrank, .outOfMemory, .counts(.file), .counts(.outOfMemory): true
    default: false
    }
  }

  public var description: String {
    switch self {
    case .file(let error): return error.description
    case .shrank(let path, let expected, let found):
      return "\(path): the file shrank while it was read, from \(expected) to \(found) bytes; "
        + "run again when nothing writes to it"
    case .utf16(let path):
      return "\(path): the text is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8"
    case .invalidUTF8(let path, let line, let offset):
      return "\(path):\(line) (byte \(offset)): not valid UTF-8; repair the file, or choose "
        + "--invalid-utf8 replace or bytes"
    case .corruptCompression(let path, let format):
      return "\(path): the \(format) data are corrupt; fetch or compress the file again"
    case .truncatedCompression(let path, let format):
      return "\(path): the \(format) data end too early; fetch or compress the file again"
    case .pattern(let path, let line, let error):
      return "\(path):\(line): \(error)"
    case .invalidRecord(let path, let line, let reason):
      return "\(path):\(line): \(reason)"
    case .emptyListEntry(let path):
      return "\(path): names no files; write one path on each line"
    case .noFiles(let path):
      return "\(path): the directory holds no files"
    case .readOnlyOnce(let path):
      return "\(path): a sample is drawn from files, which can be read twice; write it to a file "
        + "first"
    case .unpaired(let path, let pairs, let isLonger):
      return "\(path): "
        + (isLonger
          ? "more documents than the input, which has \(pairs)"
          : "only \(pairs) documents, and the input has more")
        + "; each needs a partner"
    case .noText(let files):
      return "no text in \(files) \(files == 1 ? "file" : "files"); give a corpus that has some"
    case .unusedWeight(let pattern):
      return "--weight: no file is named by '\(VisibleText.path(pattern))'; give a pattern of its "
        + "path, or of the end of it"
    case .pieceTooLong(let path):
      return "\(path): 2 GB without a place where text may be cut; choose --documents line or a "
        + "pattern that cuts"
    case .wordTooLong(let bytes):
      return "a pre-token of \(bytes) bytes is longer than 4 GB; choose a pattern that cuts"
    case .outOfMemory:
      return "not enough memory for the words of the corpus"
    case .counts(let error): return error.description
    }
  }

  static func mapping<Value: ~Copyable>(
    _ body: () throws(FileError) -> Value
  ) throws(CorpusError) -> Value {
    do throws(FileError) { return try body() } catch { throw .file(error) }
  }
}
