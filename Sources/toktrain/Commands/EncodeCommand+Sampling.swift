import Tokenization
import TokenizerTraining

extension Option<EncodeCommand> {
  /// Encoding by chance, and what a unigram model says besides its best cut.
  static var ofSampling: [Option] {
    [
      .optional(
        "sampling", \.sampling, .sampling,
        "draw how text is cut from what a unigram model allows",
        detail:
          "As likely as e^(A x score) says (default 0.1; 0: all cuts alike), among the N best "
          + "or, with -1, all, which is the default. A text that is cut into words is drawn word by "
          + "word."
      ).detailed,
      .optional(
        "dropout", \.dropout, .number("P", 0...1, "a number from 0 to 1"),
        "leave out each merge of a BPE model with probability P",
        detail: "Without it, what the model's file says holds, which is nothing in most."
      ).detailed,
      .value(
        "seed", \.seed, .seed, "seed of --sampling and --dropout (default 0)",
        detail: "What chance does depends on the seed, on the number of the document and on the "
          + "place in it: it is the same in every run."
      ).detailed,
      .optional(
        "nbest", \.segmentationCount, .number(1...Sampling.mostCandidates),
        "show the N best cuts of a unigram model, each with its score",
        detail: "A line for each: the score, a tab, the ids; an empty line behind each document. "
          + "With --json: {\"nbest\": [{\"score\": S, \"ids\": [...]}]}."
      ).detailed,
      .optional(
        "entropy", \.entropyAlpha, .number("A", 0...1e6, "an alpha from 0"),
        "show how uncertain the cut is that --sampling alpha=A draws, in nats"
      ).detailed,
    ]
  }
}

extension EncodeCommand {
  /// Whether cuts are shown, not encoded.
  var showsSegmentations: Bool { segmentationCount != nil || entropyAlpha != nil }

  func validateSampling() throws(UsageError) {
    if sampling != nil && dropout != nil {
      throw .conflict("--sampling is for unigram models and --dropout for BPE; use one of them")
    }
    guard showsSegmentations else { return }
    if sampling != nil || dropout != nil {
      throw .conflict("--nbest and --entropy exclude --sampling and --dropout")
    }
    if lengths != LengthChoices() {
      throw .conflict("--nbest and --entropy show whole texts: give no lengths and no padding")
    }
    if binaryWidth != nil || showsOffsets || pairedInput != nil || showsFigures {
      throw .conflict(
        "--nbest and --entropy exclude --binary, --offsets, --pair and --stats")
    }
  }

  /// What the options leave to chance.
  var chosenSampling: Sampling? {
    (sampling?.method ?? dropout.map { .dropout($0) }).map { Sampling($0, seed: seed) }
  }

  /// Writes the best cuts of each document, and its entropy.
  func writeSegmentations(
    of corpus: Corpus, by compiled: CompiledTokenizer, to output: inout CommandOutput
  ) throws(Failure) {
    guard case .unigram = compiled.tokenizer.model else {
      throw Failure(TokenizerError.noLattice, of: model)
    }
    let options = try encodingOptions(of: compiled.tokenizer)
    var encoder = try Failure.mapping(of: model) { () throws(TokenizerError) in
      try TokenEncoder(compiled, options: options)
    }
    let form = SegmentationForm(
      tokenizer: compiled.tokenizer, showsTokens: showsTokens, isJSON: writesJSON)
    let reader = DocumentReader(corpus)
    var number = 1
    while let batch = try Failure.mapping({ () throws(CorpusError) in try reader.nextBatch() }) {
      for index in 0..<batch.count {
        let text = Array(batch.bytes[batch.range(of: index)])
        let lines: [UInt8]
        do throws(TokenizerError) {
          lines = try written(text, by: &encoder, form)
        } catch {
          let name = BatchEncoder.Job(documents: batch).name(of: index, from: number)
          throw Failure(.badData, "\(name): \(error)")
        }
        try output.write(lines)
      }
      number += batch.count
      if reader.inputIsWaiting { try output.flush() }
    }
  }

  private func written(
    _ text: [UInt8], by encoder: inout TokenEncoder, _ form: SegmentationForm
  ) throws(TokenizerError) -> [UInt8] {
    var segmentations: [Segmentation]?
    var entropy: Double?
    if let count = segmentationCount {
      segmentations = try encoder.segmentations(of: text, count: count)
    }
    if let alpha = entropyAlpha { entropy = try encoder.entropy(of: text, alpha: alpha) }
    return form.written(segmentations, entropy: entropy)
  }
}
