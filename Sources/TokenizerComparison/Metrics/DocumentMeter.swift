import Primitives
import Tokenization

/// Measures documents with all models. One for each thread.
final class DocumentMeter {
  private let models: [ModelMeter]
  private let names: [[UInt8]]
  private let text = TextMeter()
  private let keepsTokens: Bool

  /// - Parameter keepsTokens: whether rows are to have tokens, too.
  /// - Throws: `ComparisonError.model`.
  init(_ models: [PreparedModel], keepsTokens: Bool) throws(ComparisonError) {
    var meters: [ModelMeter] = []
    for model in models { meters.append(try ModelMeter(model)) }
    self.models = meters
    names = models.map(\.name)
    self.keepsTokens = keepsTokens
  }

  /// What is counted of the documents of a batch.
  struct Rows: Sendable {
    /// A tally of each, one behind the other.
    var counts: [Int] = []
    /// Of the bytes of each.
    var fingerprints: [Fingerprint] = []
    /// Tokens by model, if they are kept.
    var tokens: [Tokens] = []
  }

  /// The tokens that a model makes of the documents of a batch.
  struct Tokens: Sendable {
    /// Those of all documents, one behind the other.
    var ids: [TokenID]
    /// Where those of each end.
    var ends: [Int]

    /// Calls `body` with each document and its tokens, in their order.
    func forEachDocument(_ body: (Int, UnsafeBufferPointer<TokenID>) -> Void) {
      ids.withUnsafeBufferPointer { ids in
        var start = 0
        for (document, end) in ends.enumerated() {
          body(document, ids.extracting(start..<end))
          start = end
        }
      }
    }
  }

  /// Why a batch cannot be measured.
  enum Failure: Error {
    case outOfMemory
    /// - Parameter document: its place in the batch.
    case document(Int, model: [UInt8], TokenizerError)
  }

  func measure(_ batch: ComparedDocuments) throws(Failure) -> Rows {
    for (model, name) in zip(models, names) {
      if let (document, error) = model.encode(batch) {
        throw .document(document, model: name, error)
      }
    }
    var rows = Rows()
    if keepsTokens { rows.tokens = models.map { Tokens(ids: $0.ids, ends: $0.ends) } }
    rows.counts.reserveCapacity(batch.count * Tally.width(modelCount: models.count))
    var tally = Tally(modelCount: models.count)
    try batch.bytes.withUnsafeBufferPointer { (bytes) throws(Failure) in
      for index in 0..<batch.count {
        let document = bytes.extracting(batch.range(of: index))
        tally.reset()
        try measure(document, index, into: &tally)
        rows.counts += tally.counts
        rows.fingerprints.append(Fingerprint(of: UnsafeRawBufferPointer(document)))
      }
    }
    return rows
  }

  private func measure(
    _ document: UnsafeBufferPointer<UInt8>, _ index: Int, into tally: inout Tally
  ) throws(Failure) {
    guard text.read(document) else { throw .outOfMemory }
    tally[.documents] = 1
    tally[.notUTF8] = text.isUTF8 ? 0 : 1
    tally[.bytes] = document.count
    tally[.characters] = text.characters
    tally[.words] = text.words.count
    tally[.wideCharacters] = text.wideCharacters
    tally[.groupBorders] = text.groupBorders
    for (number, model) in models.enumerated() {
      do throws(TokenizerError) {
        try model.measure(index, document, text, as: number, into: &tally)
      } catch {
        throw .document(index, model: names[number], error)
      }
      if number > 0 {
        let common = PlaceSet.compare(models[0].borders, model.borders)
        tally[.sharedBorders, of: number] = common.shared
        tally[.eitherBorders, of: number] = common.either
      }
    }
  }

  /// Occurrences of the tokens of a model, by id, in all documents so far.
  func uses(of model: Int) -> [Int] { models[model].uses }

  func speed(of model: Int) -> EncodingSpeed { models[model].speed }
}
