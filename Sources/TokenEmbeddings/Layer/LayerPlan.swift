import Primitives
import Tokenization

/// Where vectors of tokens come from.
public enum TokenVectors: Sendable {
  /// They are drawn.
  case drawn
  /// One for each id of the vocabulary, and what they were made from, for the record.
  case given(EmbeddingMatrix, origin: String)
  /// Vectors that were learned, and from what, for the record; rows that were not are drawn.
  case learned(EmbeddingMatrix, isLearned: [Bool], origin: String)
  /// The rows of a file: the first ones, if there are more than ids; drawn ones behind them, if there are
  /// less.
  case resized(StoredMatrix)
}

/// The tables of a layer, each row of which can be made by itself.
public struct LayerPlan: Sendable {
  public let options: LayerOptions
  public let draws: LayerDraws
  /// Ids of the vocabulary; rows of tokens behind them are zeros.
  public let vocabularySize: Int
  /// The token that fills up texts, whose row is zeros.
  public let paddingID: TokenID?
  public let tables: [LayerTable]
  /// Rows that were taken from a file.
  public let resizedRows: Int?
  let origin: String?

  /// - Throws: `LayerError`.
  /// - Parameter threads: for what an orthogonal table must know before its first row.
  public init(
    _ options: LayerOptions, for tokenizer: Tokenizer, vectors: TokenVectors = .drawn,
    threads: Int = 1
  ) throws(LayerError) {
    let count = tokenizer.idCount
    try Self.checkIDs(of: tokenizer)
    let draws = try options.draws(vocabularySize: count)
    paddingID = tokenizer.specialTokenRoles.first { $0.name == "pad_token" }?.id
    self.options = options
    self.draws = draws
    vocabularySize = count
    let multiple = options.paddingMultiple
    let rowCount = (count + multiple - 1) / multiple * multiple
    var drawing = Drawing(options: options, threads: threads)
    let (rows, resized) = try Self.tokenRows(vectors, count, draws, &drawing)
    resizedRows = resized
    origin =
      switch vectors {
      case .given(_, let origin), .learned(_, _, let origin): origin
      case .drawn, .resized: nil
      }
    // A row that a model brought along stays, whatever its token is for.
    let zeroRow = paddingID.map { Int($0) }.flatMap { $0 < resized ?? 0 ? nil : $0 }
    var tables = [
      LayerTable(
        .token, Self.name(.token, options), rowCount, options.dimension, rows, zerosFrom: count,
        zeroRow: zeroRow)
    ]
    tables += try Self.positionTables(options, draws, drawing)
    if draws.segmentCount > 0 {
      tables.append(
        LayerTable(
          .segment, Self.name(.segment, options), draws.segmentCount, options.dimension,
          try drawing.rows(draws.segment, draws.segmentCount, .segment)))
    }
    self.tables = tables
  }

  /// Rows without a token cost as much as others: at least half of the ids must have one.
  private static func checkIDs(of tokenizer: Tokenizer) throws(LayerError) {
    let count = tokenizer.idCount
    let tokens = (0..<count).reduce(0) { $0 + (tokenizer.bytes(of: TokenID($1)) == nil ? 0 : 1) }
    if tokens == 0 { throw .noTokens }
    if tokens < count - tokens { throw .sparseIDs(tokens: tokens, ids: count) }
  }

  private static func tokenRows(
    _ vectors: TokenVectors, _ count: Int, _ draws: LayerDraws, _ drawing: inout Drawing
  ) throws(LayerError) -> (LayerTable.Rows, resized: Int?) {
    let dimension = drawing.options.dimension
    switch vectors {
    case .drawn: return (try drawing.rows(draws.token, count, .token), nil)
    case .given(let matrix, _):
      guard matrix.rowCount == count && matrix.dimension == dimension else {
        throw .vectorsDiffer(
          rows: matrix.rowCount, columns: matrix.dimension, expectedRows: count,
          expectedColumns: dimension)
      }
      return (.numbers(matrix.values), nil)
    case .learned(let matrix, let isLearned, _):
      guard matrix.rowCount == count && isLearned.count == count && matrix.dimension == dimension
      else {
        throw .vectorsDiffer(
          rows: matrix.rowCount, columns: matrix.dimension, expectedRows: count,
          expectedColumns: dimension)
      }
      if case .orthogonal = draws.token { throw .fixedWidth(draws.token) }
      let drawn = drawing.table(draws.token, count, .token)
      var values = matrix.values
      values.withUnsafeMutableBufferPointer { values in
        for id in 0..<count where !isLearned[id] {
          drawn.fill(id..<id + 1, into: values.extracting(id * dimension..<(id + 1) * dimension))
        }
      }
      return (.numbers(values), nil)
    case .resized(let matrix):
      guard matrix.dimension == dimension else {
        throw .vectorsDiffer(
          rows: matrix.rowCount, columns: matrix.dimension, expectedRows: nil,
          expectedColumns: dimension)
      }
      guard case .orthogonal = draws.token else {
        let drawn = drawing.table(draws.token, count, .token)
        return (.stored(matrix, then: drawn), min(count, matrix.rowCount))
      }
      throw .fixedWidth(draws.token)
    }
  }

  private static func positionTables(
    _ options: LayerOptions, _ draws: LayerDraws, _ drawing: Drawing
  ) throws(LayerError) -> [LayerTable] {
    let (length, dimension) = (options.maxLength, options.dimension)
    func table(_ role: TableRole, _ columns: Int, _ rows: LayerTable.Rows) -> LayerTable {
      LayerTable(role, name(role, options), length, columns, rows)
    }
    switch draws.positions {
    case .none: return []
    case .learned:
      return [table(.position, dimension, try drawing.rows(draws.position, length, .position))]
    case .sinusoidal(let sinusoids):
      let frequencies = sinusoids.frequencies(dimension: dimension)
      return [table(.position, dimension, .sinusoids(sinusoids, frequencies: frequencies))]
    case .rotary(let rotary):
      let (head, frequencies) = (rotary.headDimension, rotary.frequencies)
      return [
        table(.rotaryCosines, head, .angles(rotary, .cosine, frequencies: frequencies)),
        table(.rotarySines, head, .angles(rotary, .sine, frequencies: frequencies)),
      ]
    case .linearBias(let heads):
      let slopes = LinearBias.slopes(headCount: heads)
      return [
        LayerTable(.biasSlopes, name(.biasSlopes, options), 1, heads, .numbers(slopes))
      ]
    }
  }

  private static func name(_ role: TableRole, _ options: LayerOptions) -> String {
    // `LayerOptions.draws` has checked that there is one.
    options.naming.name(of: role) ?? role.rawValue
  }

  /// Makes tables of random numbers.
  private struct Drawing {
    let options: LayerOptions
    let threads: Int

    /// - Precondition: the distribution is not `orthogonal`.
    func table(_ distribution: Distribution, _ rows: Int, _ role: TableRole) -> RandomTable {
      RandomTable(
        distribution, rows: rows, columns: options.dimension, seed: options.seed,
        table: number(role))
    }

    func rows(
      _ distribution: Distribution, _ rows: Int, _ role: TableRole
    ) throws(LayerError) -> LayerTable.Rows {
      guard case .orthogonal(let gain) = distribution else {
        return .drawn(table(distribution, rows, role))
      }
      let (columns, limit) = (options.dimension, OrthogonalTable.greatestSide)
      if min(rows, columns) > limit {
        throw .orthogonalTooLarge(rows: rows, columns: columns, limit: limit)
      }
      return .orthogonal(
        OrthogonalTable(
          gain: gain, rows: rows, columns: columns, seed: options.seed, table: number(role),
          threads: threads))
    }

    /// Tells the random numbers of tables apart. Files depend on it.
    private func number(_ role: TableRole) -> UInt32 {
      switch role {
      case .token: 0
      case .position: 1
      case .segment: 2
      case .rotaryCosines, .rotarySines, .biasSlopes: 3
      }
    }
  }
}
