import Primitives

/// Whether two tokenizers give the same ids, line by line.
public struct ConversionProof: Sendable {
  /// A line whose ids differ.
  public struct Difference: Sendable {
    /// From 1.
    public let line: Int
    public let text: [UInt8]
    public let original: [TokenID]
    public let converted: [TokenID]
  }

  /// Lines that were compared.
  public private(set) var lines = 0
  /// Those with equal ids.
  public private(set) var equal = 0
  public private(set) var first: Difference?

  /// - Parameter lines: texts without their line ends. Special tokens in them are text.
  /// - Throws: `TokenizerError` where one of the two cannot encode a line.
  public init(
    _ original: Tokenizer, _ converted: Tokenizer, on lines: [ArraySlice<UInt8>]
  ) throws(TokenizerError) {
    var ours = try TokenEncoder(try CompiledTokenizer(original))
    var theirs = try TokenEncoder(try CompiledTokenizer(converted))
    for line in lines {
      let text = Array(line)
      var ids: (original: [TokenID], converted: [TokenID]) = ([], [])
      try ours.encode(text, into: &ids.original)
      try theirs.encode(text, into: &ids.converted)
      self.lines += 1
      if ids.original == ids.converted {
        equal += 1
      } else if first == nil {
        first = Difference(
          line: self.lines, text: text, original: ids.original, converted: ids.converted)
      }
    }
  }
}
