import Primitives
import Tokenization

/// Rows for the tokens of a new vocabulary, made from the table of a model with an old one: tokens that
/// both have keep their rows, the rest is built from rows that are there.
///
/// What is made of which rows is decided once, from the vocabularies; it is then the same for the input
/// table and the output table of a model.
public struct VocabularyTransfer: Sendable {
  public let method: TransferMethod
  /// Of each new id.
  public let origins: [RowOrigin]
  /// Ids of the old vocabulary, which are the rows that count.
  private let oldCount: Int

  /// - Parameters:
  ///   - auxiliary: for `focus`, a vector for each new token, of any dimension, that says how it is
  ///     used; zeros where that is not known.
  ///   - threads: at most; results are the same for any number.
  /// - Throws: `TransferError`.
  public init(
    from old: Tokenizer, to new: Tokenizer, method: TransferMethod,
    auxiliary: EmbeddingMatrix? = nil, threads: Int = Threads.available
  ) throws(TransferError) {
    self.method = method
    oldCount = old.idCount
    for tokenizer in [old, new] { try Self.checkIDs(of: tokenizer) }
    let (oldForms, newForms) = (try TokenForms(old), try TokenForms(new))
    var origins = [RowOrigin](repeating: .absent, count: new.idCount)
    var copies: [(new: TokenID, old: TokenID)] = []
    var open: [TokenID] = []
    for id in 0..<TokenID(new.idCount) {
      if let same = oldForms.id(like: id, of: newForms) {
        origins[Int(id)] = .copied(same)
        copies.append((id, same))
      } else if new.bytes(of: id) != nil {
        open.append(id)
      }
    }
    switch method {
    case .mean: for id in open { origins[Int(id)] = .mean }
    case .sampledMean: for id in open { origins[Int(id)] = .drawn }
    case .subwordMean:
      var pieces = try OldPieces(old, oldForms)
      for id in open {
        let ids = try newForms.texts[Int(id)].map { (text) throws(TransferError) in
          try pieces.ids(of: text)
        }
        // Special tokens have no text, and some texts no tokens.
        origins[Int(id)] = ids.flatMap { $0.isEmpty ? nil : .pieces($0) } ?? .mean
      }
    case .focus:
      guard let auxiliary else { throw .noAuxiliary }
      guard auxiliary.rowCount >= new.idCount else {
        throw .tooFewAuxiliaryRows(rows: auxiliary.rowCount, ids: new.idCount)
      }
      let shared = try SharedTokenWeights(auxiliary, copies: copies, threads: threads)
      for (id, weights) in zip(open, shared.weights(of: open, in: auxiliary)) {
        origins[Int(id)] = weights.map { .weighted($0) } ?? .drawn
      }
    }
    self.origins = origins
  }

  private static func checkIDs(of tokenizer: Tokenizer) throws(TransferError) {
    if tokenizer.idCount > 2 * tokenizer.tokenCount + 65536 {
      throw .sparseIDs(tokens: tokenizer.tokenCount, ids: tokenizer.idCount)
    }
  }

  /// The rows of the new vocabulary, from a table of the old one.
  ///
  /// - Parameters:
  ///   - rowCount: rows of the result, with zeros behind those of the vocabulary; `nil`: no more.
  ///   - seed: what draws depend on, with the row.
  /// - Throws: `TransferError.tooFewRows`.
  public func rows(
    from matrix: EmbeddingMatrix, rowCount: Int? = nil, seed: UInt64 = 0,
    threads: Int = Threads.available
  ) throws(TransferError) -> EmbeddingMatrix {
    guard matrix.rowCount >= oldCount else {
      throw .tooFewRows(rows: matrix.rowCount, ids: oldCount)
    }
    let statistics = RowStatistics(matrix, rowCount: oldCount)
    let draws = RowDraws(
      statistics,
      root: method == .sampledMean && origins.contains(.drawn)
        ? statistics.covarianceRoot(threads: threads) : nil, seed: seed)
    var rows = EmbeddingMatrix(
      rowCount: max(rowCount ?? 0, origins.count), dimension: matrix.dimension)
    let mean = statistics.mean.map { Float($0) }
    for (id, origin) in origins.enumerated() {
      let row: [Float]
      switch origin {
      case .copied(let old): row = Array(matrix[old] ?? [])
      case .pieces(let ids):
        row = Self.sum(ids.map { ($0, 1 / Double(ids.count)) }, of: matrix)
      case .weighted(let weights):
        row = Self.sum(weights.map { ($0.id, Double($0.weight)) }, of: matrix)
      case .mean: row = mean
      case .drawn: row = draws.row(id)
      case .absent: continue
      }
      rows.values.replaceSubrange(id * matrix.dimension..<(id + 1) * matrix.dimension, with: row)
    }
    return rows
  }

  private static func sum(
    _ parts: [(id: TokenID, weight: Double)], of matrix: EmbeddingMatrix
  ) -> [Float] {
    var sum = [Double](repeating: 0, count: matrix.dimension)
    for (id, weight) in parts {
      guard let row = matrix[id] else { continue }
      for (column, value) in zip(sum.indices, row) { sum[column] += weight * Double(value) }
    }
    return sum.map { Float($0) }
  }
}

/// Normal draws about the mean of a table, each a function of the seed and its row.
private struct RowDraws {
  private let statistics: RowStatistics
  /// `nil`: each column is drawn by itself, with its own deviation.
  private let root: SmallMatrix?
  private let seed: UInt64

  /// What Hugging Face multiplies the covariance by (`_init_added_embeddings_weights_with_mean` in
  /// modeling_utils.py).
  private static let covarianceScale = 1e-9

  init(_ statistics: RowStatistics, root: SmallMatrix?, seed: UInt64) {
    self.statistics = statistics
    self.root = root
    self.seed = seed
  }

  func row(_ id: Int) -> [Float] {
    var random = RandomSequence(seed: seed, place: UInt64(id))
    let normal = statistics.mean.map { _ in Self.normal(&random) }
    guard let root else {
      return zip(statistics.mean, zip(statistics.deviations, normal)).map {
        Float($0 + $1.0 * $1.1)
      }
    }
    let scale = Self.covarianceScale.squareRoot()
    return statistics.mean.indices.map { column in
      var sum = 0.0
      for inner in 0...column { sum += root[column, inner] * normal[inner] }
      return Float(statistics.mean[column] + scale * sum)
    }
  }

  /// One bit is the sign, 31 the size.
  private static func normal(_ random: inout RandomSequence) -> Double {
    let word = random.next()
    let half = NormalQuantile.value((Double(word >> 1) + 0.5) * 0x1p-32)
    return word & 1 == 0 ? half : -half
  }
}
