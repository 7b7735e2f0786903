import Primitives

/// What a reader should know before believing the numbers.
public enum ComparisonWarning: Sendable, Equatable, Codable, CustomStringConvertible {
  /// There is no text at all, so that no metric has a value.
  case emptyCorpus
  /// Nothing can be resampled, so that there are no intervals.
  case singleDocument
  /// So few documents that intervals say little.
  case fewDocuments(count: Int)
  /// Documents with bytes that are not UTF-8.
  case notUTF8(documents: Int)
  /// Documents of which a model does not give back the bytes. `model`: its place in the report.
  case notLossless(model: Int, documents: Int)
  /// Two models normalize by different versions of Unicode. `model`: its place in the report.
  case otherUnicode(model: Int, version: String, firstVersion: String)
  /// Sizes of vocabularies differ so much that the larger one has an advantage in all lengths.
  case otherSize(model: Int, tokens: Int, firstTokens: Int)
  /// A model that leaves out merges by chance was compared without doing so.
  case noDropout(model: Int)
  /// What was said when a model was loaded.
  case ofModel(model: Int, message: String)

  /// Whether it was said when a model was loaded, too.
  public var isOfLoading: Bool { if case .ofModel = self { true } else { false } }

  public var description: String {
    switch self {
    case .emptyCorpus:
      return "the corpus has no text, so that nothing could be measured"
    case .singleDocument:
      return
        "one document alone: there is nothing to resample, so that no interval is given; a document "
        + "a line gives more of them"
    case .fewDocuments(let count):
      return "\(count) documents only: the intervals say little"
    case .notUTF8(let documents):
      return "\(documents) documents have bytes that are not UTF-8; they were taken as they are"
    case .notLossless(let model, let documents):
      return
        "\(Self.name(model)) does not give back \(documents) documents as they were; see round-trip"
    case .otherUnicode(let model, let version, let firstVersion):
      return "\(Self.name(model)) normalizes by Unicode \(version), A by Unicode \(firstVersion): "
        + "characters that only one of them knows come out differently"
    case .otherSize(let model, let tokens, let firstTokens):
      return
        "\(Self.name(model)) has \(tokens) tokens, A has \(firstTokens): the larger vocabulary "
        + "needs fewer tokens for that alone"
    case .noDropout(let model):
      return "\(Self.name(model)) leaves out merges by chance; here it does not"
    case .ofModel(let model, let message):
      return "\(Self.name(model)): \(message)"
    }
  }

  /// The letter that tables call a model by.
  private static func name(_ model: Int) -> String { ComparedModel.letter(model) }
}

extension ComparisonWarning {
  /// What there is to say of the corpus.
  ///
  /// - Parameter drawnCount: documents, those that are drawn together as one.
  static func ofCorpus(
    _ total: Tally, drawnCount: Int, modelCount: Int
  ) -> [ComparisonWarning] {
    var warnings: [ComparisonWarning] = []
    let documents = total[.documents]
    if total[.bytes] == 0 { warnings.append(.emptyCorpus) }
    if drawnCount == 1 {
      warnings.append(.singleDocument)
    } else if total[.bytes] > 0, drawnCount < 30 {
      warnings.append(.fewDocuments(count: drawnCount))
    }
    if total[.notUTF8] > 0 { warnings.append(.notUTF8(documents: total[.notUTF8])) }
    for model in 0..<modelCount {
      let lost = documents - total[.exactDocuments, of: model]
      if lost > 0 { warnings.append(.notLossless(model: model, documents: lost)) }
    }
    return warnings
  }

  /// What there is to say of the models before any text is read.
  static func ofModels(
    _ models: [NamedTokenizer], _ summaries: [ComparedModel]
  ) -> [ComparisonWarning] {
    var warnings: [ComparisonWarning] = []
    for (place, model) in models.enumerated() {
      if let version = model.unicodeVersion, let first = models[0].unicodeVersion, version != first
      {
        warnings.append(.otherUnicode(model: place, version: version, firstVersion: first))
      }
      let (tokens, firstTokens) = (summaries[place].tokenCount, summaries[0].tokenCount)
      if max(tokens, firstTokens) - min(tokens, firstTokens) > min(tokens, firstTokens) / 10 {
        warnings.append(.otherSize(model: place, tokens: tokens, firstTokens: firstTokens))
      }
      if model.leavesOutMerges { warnings.append(.noDropout(model: place)) }
      warnings += model.notes.map { .ofModel(model: place, message: $0) }
    }
    return warnings
  }
}

extension ComparedModel {
  /// The letter that tables call a model by: A for the first, B for the second; behind Z, numbers.
  public static func letter(_ place: Int) -> String {
    guard (0..<26).contains(place),
      let letter = UInt32(exactly: place).flatMap({
        Unicode.Scalar(0x41 + $0)
      })
    else { return "#\(place + 1)" }
    return String(letter)
  }
}
