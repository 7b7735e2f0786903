import Tokenization

enum TokenizerTarget {
  /// A tokenizer.json: what is read is written and read again as the same, and encodes and decodes.
  static func readAndUse(_ input: Fuzz.Input) {
    guard let tokenizer = try? HuggingFaceTokenizer.read(Array(input)) else { return }
    if let written = try? HuggingFaceTokenizer.write(tokenizer) {
      guard let again = try? HuggingFaceTokenizer.read(written) else {
        preconditionFailure("what was written cannot be read")
      }
      let twice = try? HuggingFaceTokenizer.write(again)
      precondition(twice == written, "written twice, a file differs")
    }
    use(tokenizer)
    ConversionTargets.convert(tokenizer)
  }

  /// A tokenizer.model: what is read is written and read again as the same, and encodes and decodes.
  static func sentencePieceModel(_ input: Fuzz.Input) {
    guard let file = try? SentencePieceFile(reading: Array(input)) else { return }
    let written = file.bytes
    precondition((try? SentencePieceFile(reading: written))?.bytes == written)
    if let tokenizer = try? file.tokenizer() { use(tokenizer) }
  }

  static func use(_ tokenizer: Tokenizer) {
    guard let compiled = try? CompiledTokenizer(tokenizer),
      var encoder = try? TokenEncoder(compiled),
      let encoding = try? encoder.encode(sampleText)
    else { return }
    precondition(encoding.ids.count == encoding.offsets.count)
    for span in encoding.offsets { precondition(span.upperBound <= sampleText.count) }
    // Ids alone go another way: words of raw text, the second time out of caches.
    if tokenizer.isCertain {
      for _ in 0..<2 {
        var ids: [TokenID] = []
        let isEncoded = (try? encoder.encode(sampleText, into: &ids)) != nil
        precondition(isEncoded && ids == encoding.ids, "ids alone differ")
      }
    }
    do throws(TokenizerError) {
      _ = try TokenDecoder(tokenizer).decode(encoding.ids)
    } catch {
      // What a decoder replaces may be too much for any engine, and what it puts there too long.
      guard case .pattern = error else { preconditionFailure("\(error)") }
    }
    var options = EncodingOptions(addsSpecialTokens: true, allowedSpecialTokens: .all)
    for adds in [false, true] {
      options.addsSpecialTokens = adds
      guard var pairs = try? TokenEncoder(compiled, options: options),
        let pair = try? pairs.encode(sampleText, Array(sampleText.prefix(40)))
      else { continue }
      precondition(pair.ids.count == pair.typeIDs.count)
    }
  }

  /// A training.json.
  static func trainingRecord(_ input: Fuzz.Input) { _ = try? TrainingRecord(reading: Array(input)) }
}

extension Tokenizer {
  /// Whether nothing is left to chance.
  fileprivate var isCertain: Bool {
    if case .bpe(let model) = model { model.dropout ?? 0 == 0 } else { true }
  }
}
