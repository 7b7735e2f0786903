import Tokenization

/// A document, as each model cuts it.
public struct ComparisonSample: Sendable, Equatable, Codable {
  /// Place of its file in the report's `files`.
  public var file: Int
  /// Number of the document in its file, from 1: the number of the line where a document is a line.
  public var number: Int
  /// Its bytes up to a limit that falls between characters: foreign bytes, which renderers must escape.
  public var text: [UInt8]
  /// Bytes of the whole document; more than `text` has where that was cut.
  public var byteCount: Int
  /// Tokens of the whole document, by model.
  public var tokenCounts: [Int]
  /// Tokens of `text`, by model.
  public var tokens: [[SampleToken]]

  public init(
    file: Int, number: Int, text: [UInt8], byteCount: Int, tokenCounts: [Int],
    tokens: [[SampleToken]]
  ) {
    self.file = file
    self.number = number
    self.text = text
    self.byteCount = byteCount
    self.tokenCounts = tokenCounts
    self.tokens = tokens
  }

  /// Whether the document is longer than what is shown of it.
  public var isCut: Bool { text.count < byteCount }
}

/// One token of a text.
public struct SampleToken: Sendable, Equatable, Codable {
  public var id: TokenID
  /// What the vocabulary has for it; where that is spelled, as spelled: `##ing`, `▁the`.
  public var bytes: [UInt8]
  /// What of the text it stands for: half-open, in bytes.
  public var start: Int
  public var end: Int

  public init(id: TokenID, bytes: [UInt8], start: Int, end: Int) {
    self.id = id
    self.bytes = bytes
    self.start = start
    self.end = end
  }
}
