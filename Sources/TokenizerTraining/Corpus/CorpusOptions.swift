/// What ends a document: a pre-token never spans the border between two.
public enum DocumentBoundary: Sendable, Equatable {
  /// A file is a document, so that blank lines and paragraph breaks can become tokens.
  case file
  /// A line, with its line feed, is a document, as Hugging Face's trainers read files.
  case line
  /// Documents stand between occurrences of these bytes, which belong to none of them.
  case separator([UInt8])
}

/// What happens to bytes of a corpus that are not UTF-8.
public enum InvalidUTF8Policy: String, Sendable, CaseIterable {
  /// The run ends with an error that names the place.
  case error
  /// Each maximal ill-formed subpart becomes U+FFFD; they are counted.
  case replace
  /// The bytes are counted as they stand; only byte-level models can hold them.
  case bytes
}

/// How the files of a corpus are read.
public struct CorpusOptions: Sendable, Equatable {
  public var documents: DocumentBoundary = .file
  public var invalidUTF8: InvalidUTF8Policy = .error
  /// Path of the field that holds the text of a JSONL record, outermost name first; `nil`:
  /// `text` of files that are named `.jsonl`. When set, standard input is JSONL too.
  public var jsonlField: [String]? = nil
  /// Files that count more than once; of several patterns that name one the last holds.
  public var weights: [SourceWeight] = []

  public init() {}
}
