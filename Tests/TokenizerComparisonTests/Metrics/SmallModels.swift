import Primitives
import Tokenization

@testable import TokenizerComparison

/// Tokenizers that can be followed by hand.
enum SmallModels {
  /// Bytes as tokens, and besides those that merges make of two of them.
  static func bytes(merging pairs: [String] = []) -> Tokenizer {
    var tokens: [[UInt8]?] = (0...255).map { [UInt8($0)] }
    var merges: [Merge] = []
    for pair in pairs {
      let bytes = Array(pair.utf8)
      merges.append(
        Merge(left: TokenID(bytes[0]), right: TokenID(bytes[1]), result: TokenID(tokens.count)))
      tokens.append(bytes)
    }
    return Tokenizer(
      normalizer: .none, preTokenizer: PreTokenizer([]),
      model: .bpe(BPEModel(vocabulary: Vocabulary(tokens: tokens), merges: merges)))
  }

  /// Words between blanks; what is none of them is unknown.
  static func wordPiece(_ words: String...) -> Tokenizer {
    let tokens = (["[UNK]"] + words).map { Array($0.utf8) as [UInt8]? }
    return Tokenizer(
      normalizer: .none, preTokenizer: PreTokenizer([.bert]),
      model: .wordPiece(WordPieceModel(vocabulary: Vocabulary(tokens: tokens))),
      detokenizer: .wordPiece(prefix: Array("##".utf8), cleansUp: true))
  }

  /// Words behind a mark that is put before the text, and stays when it is decoded.
  static func marked(_ words: String...) -> Tokenizer {
    let tokens = (["?", "▁"] + words).map { Array($0.utf8) as [UInt8]? }
    return Tokenizer(
      normalizer: Normalizer([.prepend(Array("▁".utf8))]), preTokenizer: PreTokenizer([]),
      model: .unigram(
        UnigramModel(
          vocabulary: Vocabulary(tokens: tokens), scores: tokens.map { _ in -1 },
          kinds: tokens.map { _ in .normal }, unknownID: 0,
          rules: .huggingFace(fallsBackToBytes: false))))
  }

  /// A report on texts, each a document of the one file.
  static func report(
    _ tokenizers: [Tokenizer], _ texts: [String], _ options: ComparisonOptions? = nil
  ) throws -> ComparisonReport {
    try report(tokenizers, files: [("text", texts.map { Array($0.utf8) })], options)
  }

  static func report(
    _ tokenizers: [Tokenizer], files: [(name: String, documents: [[UInt8]])],
    _ options: ComparisonOptions? = nil, batchSize: Int = 7
  ) throws -> ComparisonReport {
    let models = tokenizers.enumerated().map {
      NamedTokenizer(name: Array("model \($0)".utf8), tokenizer: $1)
    }
    let comparison = try Comparison(
      of: models, files: files.map { ComparedFile(name: Array($0.name.utf8)) },
      options: options ?? ComparisonOptions(replicates: 100))
    for (file, content) in files.enumerated() {
      var batches: [ComparedDocuments] = []
      for start in stride(from: 0, to: content.documents.count, by: batchSize) {
        let documents = content.documents[start...].prefix(batchSize)
        var batch = ComparedDocuments(bytes: [], ends: [], file: file)
        for document in documents {
          batch.bytes += document
          batch.ends.append(batch.bytes.count)
        }
        batches.append(batch)
      }
      try comparison.add(batches)
    }
    return try comparison.report()
  }
}

extension ComparisonReport {
  func values(of metric: Metric) -> [Double?] {
    metrics.first { $0.metric == metric }?.values ?? []
  }

  func difference(of metric: Metric, model: Int = 1) -> MetricDifference? {
    metrics.first { $0.metric == metric }?.differences[model]
  }
}
