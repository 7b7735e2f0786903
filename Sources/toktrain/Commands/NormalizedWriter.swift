import Primitives
import Tokenization
import TokenizerTraining

extension Failure {
  /// What a pattern cannot do with a text is the fault of both; the text is named.
  static func normalizing<Value>(
    _ name: String, _ body: () throws(PatternError) -> Value
  ) throws(Failure) -> Value {
    do { return try body() } catch { throw Failure(.badData, "\(name): \(error)") }
  }
}

/// Writes sources of text normalized.
struct NormalizedWriter {
  private let chain: NormalizationChain
  private let stream: NormalizationStream
  private let options: CorpusOptions

  init(_ normalizer: CompiledNormalizer, _ options: CorpusOptions) {
    chain = NormalizationChain(normalizer)
    stream = NormalizationStream(normalizer)
    self.options = options
  }

  /// - Parameter source: one of `Corpus.apart`.
  func write(_ source: Corpus, to output: inout CommandOutput) throws(Failure) {
    if options.documents == .file && !source.isJSONL {
      try writePieces(of: source, to: &output)
    } else {
      try writeDocuments(of: source, to: &output)
    }
  }

  /// Documents one by one, a line feed behind each.
  private func writeDocuments(
    of source: Corpus, to output: inout CommandOutput
  ) throws(Failure) {
    let reader = DocumentReader(source)
    var place = DocumentPlace(source)
    while let batch = try Failure.mapping({ () throws(CorpusError) in try reader.nextBatch() }) {
      var text: [UInt8] = []
      text.reserveCapacity(batch.bytes.count + batch.count)
      for index in 0..<batch.count {
        let bytes = try place.checked(batch, index)
        try Failure.normalizing(place.name) { () throws(PatternError) in
          try bytes.withUnsafeBufferPointer { (document) throws(PatternError) in
            let normal = try chain.normalize(document, recordingEdits: false)
            text.append(contentsOf: normal.bytes)
          }
        }
        text.append(UInt8(ascii: "\n"))
      }
      try output.write(text)
      if reader.inputIsWaiting { try output.flush() }
    }
  }

  /// A file that is one document, in pieces, and nothing else.
  private func writePieces(of source: Corpus, to output: inout CommandOutput) throws(Failure) {
    let pieces = try Failure.mapping { () throws(CorpusError) in try SourceBytes(source) }
    var check = PieceCheck(source)
    var isLast = false
    while !isLast {
      let piece = try Failure.mapping { () throws(CorpusError) in try pieces.next() }
      isLast = piece == nil
      let bytes = try check.checked(piece ?? [], isLast: isLast)
      var text: [UInt8] = []
      try Failure.normalizing(source.sourceName) { () throws(PatternError) in
        try bytes.withUnsafeBufferPointer { (bytes) throws(PatternError) in
          try stream.append(bytes, isLast: isLast, to: &text)
        }
      }
      try output.write(text)
      try output.flush()
    }
  }
}
