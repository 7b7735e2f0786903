import Tokenization

/// What several tokenizers make of one text.
public struct TextComparison: Sendable {
  public let models: [ComparedModel]
  /// By model.
  public let results: [TokenizedText]
  public let alignment: TextAlignment

  /// - Parameters:
  ///   - models: as many as `results`; the first one is what others are compared with.
  public init(_ text: [UInt8], models: [ComparedModel], results: [TokenizedText]) {
    self.models = models
    self.results = results
    alignment = TextAlignment(text, results.map(\.tokens))
  }

  public var text: [UInt8] { alignment.text }

  /// Whether a token of a model stands for text without a token.
  func isUnknown(_ token: SampleToken, of model: Int) -> Bool {
    models[model].unknownID == token.id
  }

  /// By model: bytes of the text for each token; `nil` without tokens.
  var bytesPerToken: [Double?] {
    results.map { $0.tokens.isEmpty ? nil : Double(text.count) / Double($0.tokens.count) }
  }
}
