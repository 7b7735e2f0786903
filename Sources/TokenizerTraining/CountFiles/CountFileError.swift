import Primitives

/// Why a file of counts could not be read, added up or trained from. Paths are shown as given.
public enum CountFileError: Error, Sendable, Equatable, CustomStringConvertible {
  case file(FileError)
  /// No such file, or one of another version.
  case notCounts(path: [UInt8])
  /// What is wrong, and from which byte on.
  case corrupt(path: [UInt8], offset: Int, expected: String)
  /// The file ends before its last block.
  case truncated(path: [UInt8])
  /// A line of a table. `line`: from 1.
  case line(path: [UInt8], Int, expected: String)
  /// Counts that were made in two ways. `nil`: the setting is unknown there.
  case differs(path: [UInt8], CountingConfiguration.Difference)
  /// Nothing to add up.
  case noFiles
  /// Words that a table cannot hold.
  case noTable(reason: String)
  /// A word that sentences cannot have.
  case illFormedWord(path: [UInt8], word: [UInt8])
  /// The sum of a word's counts is 2^63 or more.
  case countsTooLarge(word: [UInt8])
  /// Another process puts its runs there.
  case inUse(path: [UInt8])
  /// Runs are there that nobody asked to go on from.
  case unfinished(path: [UInt8])
  /// Runs of another corpus, or counted in another way; lines of what they are of.
  case otherCorpus(path: [UInt8], found: String, expected: String)
  /// What would have to be read again to go on, by its name.
  case readOnlyOnce(String)
  case outOfMemory

  public var description: String {
    switch self {
    case .file(let error): return error.description
    case .notCounts(let path):
      return "\(VisibleText.path(path)): no file of counts that this version reads; make one with "
        + "toktrain count"
    case .corrupt(let path, let offset, let expected):
      return
        "\(VisibleText.path(path)), byte \(offset): expected \(expected); the file was altered "
        + "or damaged, count again"
    case .truncated(let path):
      return "\(VisibleText.path(path)): the file ends before its last block; copy it again, or "
        + "count again"
    case .line(let path, let line, let expected):
      return "\(VisibleText.path(path)):\(line): expected \(expected)"
    case .differs(let path, let difference):
      let (found, expected) = (Self.shown(difference.found), Self.shown(difference.expected))
      return "\(VisibleText.path(path)): was counted with \(difference.name) \(found), not "
        + "\(expected); only counts made alike go together"
    case .noFiles: return "no files to add up; name files that toktrain count wrote"
    case .noTable(let reason): return reason
    case .illFormedWord(let path, let word):
      return
        "\(VisibleText.path(path)): the word '\(VisibleText.path(word))' is not UTF-8, as words of "
        + "sentences are; count the text again"
    case .countsTooLarge(let word):
      return "the counts of '\(VisibleText.path(word))' add up to 2^63 or more"
    case .inUse(let path):
      return "\(VisibleText.path(path)): another process counts here; let it end, or write "
        + "elsewhere"
    case .unfinished(let path):
      return "\(VisibleText.path(path)): holds an unfinished counting; --resume goes on from it, "
        + "or remove the folder to begin again"
    case .otherCorpus(let path, let found, let expected):
      return "\(VisibleText.path(path)): holds a counting of another corpus: '\(found)', and here "
        + "it is '\(expected)'; remove the folder to begin again"
    case .readOnlyOnce(let name):
      return "\(name): what goes on later is read from files; write it to a file first"
    case .outOfMemory: return "not enough memory for the words of the counts"
    }
  }

  private static func shown(_ value: [UInt8]?) -> String {
    value.map { VisibleText.message(String(decoding: $0, as: UTF8.self)) } ?? "(not set)"
  }

  static func mapping<Value: ~Copyable>(
    _ body: () throws(FileError) -> Value
  ) throws(CountFileError) -> Value {
    do throws(FileError) { return try body() } catch { throw .file(error) }
  }
}
