import Tokenization

enum PipelineTargets {
  /// A normalizer of tokenizer.json, 0xFF, a text. In pieces it becomes what it becomes as a whole.
  static func normalizer(_ input: Fuzz.Input) {
    let parts = Parts(input)
    guard let normalizer = try? HuggingFaceNormalizer.read(parts.first),
      let compiled = try? CompiledNormalizer(normalizer)
    else { return }
    let text = parts.second.isEmpty ? sampleText : parts.second
    guard let whole = compiled.normalize(text) as [UInt8]? else { return }
    let stream = NormalizationStream(compiled)
    var output: [UInt8] = []
    let step = 1 + (parts.first.count % 7)
    var lower = 0
    repeat {
      let upper = min(lower + step, text.count)
      text.withUnsafeBufferPointer { text in
        stream.append(
          text.extracting(lower..<upper), isLast: upper == text.count, to: &output)
      }
      lower = upper
    } while lower < text.count
    precondition(output == whole, "in pieces a text becomes another")
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
