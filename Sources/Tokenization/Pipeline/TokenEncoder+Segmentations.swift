/// What a unigram model says of a text besides its best cut.
extension TokenEncoder {
  /// The best ways to cut a text, the best first.
  ///
  /// For a SentencePiece model these are the ways of its `NBestEncode`, with its scores; see
  /// `NBestSearch` for ties and limits.
  /// - Parameter count: at most so many, 1...`Sampling.mostCandidates`.
  /// - Throws: as `encode`, and `TokenizerError.noLattice` for other models.
  public mutating func segmentations(
    of text: [UInt8], count: Int
  ) throws(TokenizerError) -> [Segmentation] {
    guard let (lattice, spelling) = compiled.unigramLattice else { throw .noLattice }
    let count = max(1, min(count, Sampling.mostCandidates))
    var sink = SegmentationSink(lattice, spelling, count: count)
    try encode(text, to: &sink)
    return sink.segmentations
  }

  /// How uncertain the cut of a text is that `Sampling.Method.ways` draws from all ways, in nats.
  ///
  /// - Throws: as `encode`, and `TokenizerError.noLattice` for other models.
  public mutating func entropy(
    of text: [UInt8], alpha: Double = 1
  ) throws(TokenizerError) -> Double {
    guard let (lattice, _) = compiled.unigramLattice else { throw .noLattice }
    guard alpha.isFinite, alpha >= 0 else {
      throw .unfitSampling(.ways(alpha: alpha, candidates: nil))
    }
    var sink = EntropySink(lattice, alpha: alpha)
    try encode(text, to: &sink)
    return sink.entropy
  }

  private mutating func encode(
    _ text: [UInt8], to sink: inout some TokenSink
  ) throws(TokenizerError) {
    try text.withUnsafeBufferPointer { (buffer) throws(TokenizerError) in
      try encode(buffer, to: &sink)
    }
  }
}
