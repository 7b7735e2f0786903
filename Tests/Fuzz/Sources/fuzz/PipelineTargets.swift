import Tokenization

enum PipelineTargets {
  /// A normalizer of tokenizer.json, 0xFF, a text. In pieces it becomes what it becomes as a whole.
  static func normalizer(_ input: Fuzz.Input) {
    let parts = Parts(input)
    guard let normalizer = try? HuggingFaceNormalizer.read(parts.first),
      let compiled = try? CompiledNormalizer(normalizer)
    else { return }
    let text = parts.second.isEmpty ? sampleText : parts.second
    guard let whole = try? compiled.normalize(text) else { return }
    // A pattern that comes to its end in a whole text does so in pieces of it, or says that it does not.
    guard let joined = try? inPieces(text, of: 1 + parts.first.count % 7, by: compiled) else {
      return
    }
    precondition(joined == whole, "in pieces a text becomes another")
  }

  private static func inPieces(
    _ text: [UInt8], of length: Int, by normalizer: CompiledNormalizer
  ) throws(PatternError) -> [UInt8] {
    let stream = NormalizationStream(normalizer)
    var output: [UInt8] = []
    var lower = 0
    repeat {
      let upper = min(lower + length, text.count)
      try text.withUnsafeBufferPointer { (text) throws(PatternError) in
        try stream.append(
          text.extracting(lower..<upper), isLast: upper == text.count, to: &output)
      }
      lower = upper
    } while lower < text.count
    return output
  }

  /// A pre-tokenizer of tokenizer.json, 0xFF, a text.
  static func preTokenizer(_ input: Fuzz.Input) {
    let parts = Parts(input)
    guard let preTokenizer = try? HuggingFaceTokenizer.readPreTokenizer(parts.first),
      let compiled = try? CompiledPreTokenizer(preTokenizer, keepsBytes: false)
    else { return }
    for text in [parts.second, sampleText] { try? Pieces.check(text, by: compiled) }
  }
}
