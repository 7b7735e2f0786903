import Primitives
import Tokenization
import TokenizerTraining

/// A vector for each token of a tokenizer, learned from the company that it keeps in a corpus: tokens
/// with similar neighbours have similar vectors.
///
/// Neighbours are counted, made positive pointwise mutual information, and that matrix is reduced to its
/// strongest directions. The same corpus, tokenizer and options give the same bits for any number of
/// threads and on any machine.
public struct CorpusVectors: ~Copyable, Sendable {
  /// Numbers in each vector.
  public var dimension: Int { rows.columnCount }
  /// Whether a token has a vector: whether the corpus has it often enough.
  public let isLearned: [Bool]
  /// What the vectors are made from, descending.
  public let singularValues: [Double]
  /// Tokens that were read.
  public let tokenCount: Int
  /// Pairs of tokens that stand near each other, each in both orders.
  public let pairCount: Int
  /// What the vectors were learned from and how, in one line: equal lines, equal vectors.
  public let origin: String
  /// `[ids × dimension]`; zeros where nothing was learned.
  private let rows: TallMatrix

  /// - Parameters:
  ///   - corpus: neighbours do not reach over the ends of its documents.
  ///   - threads: at most; results are the same for any number.
  /// - Throws: `CorpusVectorError`.
  /// - Complexity: memory follows the distinct pairs of neighbours, not the size of the corpus.
  public init(
    of corpus: Corpus, tokenizer: CompiledTokenizer, options: CorpusVectorOptions,
    threads: Int = Threads.available, progress: TrainingProgress = .silent
  ) throws(CorpusVectorError) {
    let counter = CooccurrenceCounter(
      tokenizer, window: options.window, threads: threads, progress: progress)
    try self.init(
      of: counter.count(corpus), options: options, threads: threads, progress: progress)
  }

  init(
    of counts: CooccurrenceCounts, options: CorpusVectorOptions, threads: Int,
    progress: TrainingProgress = .silent
  ) throws(CorpusVectorError) {
    let information = MutualInformation(
      of: counts, contextSmoothing: options.contextSmoothing, minimumCount: options.minimumCount,
      threads: threads)
    let decomposition = RandomizedSVD(
      of: information.matrix, transposed: information.transposed, rank: options.rank,
      oversampling: options.oversampling, powerIterations: options.powerIterations,
      seed: options.seed, threads: threads,
      progress: { progress.report(.estimating, $0, $1) })
    guard let decomposition else { throw .outOfMemory }
    guard !decomposition.singularValues.isEmpty else {
      throw .nothingToLearn(tokens: counts.tokenCount, minimumCount: options.minimumCount)
    }
    let weights = Self.weights(of: decomposition.singularValues, options)
    guard let rows = decomposition.vectors(times: weights, threads: threads) else {
      throw .outOfMemory
    }
    isLearned = information.isInformed
    rows.standardize(where: isLearned, to: options.standardDeviation)
    self.rows = rows
    singularValues = decomposition.singularValues
    tokenCount = counts.tokenCount
    pairCount = counts.entryCount
    origin =
      "neighbors \(counts.fingerprint) of \(counts.tokenCount) tokens, window \(options.window), "
      + "context smoothing \(options.contextSmoothing), minimum count \(options.minimumCount), rank "
      + "\(options.rank), singular power \(options.singularPower), oversampling "
      + "\(options.oversampling), power iterations \(options.powerIterations), seed "
      + "\(options.seed), standard deviation \(options.standardDeviation)"
  }

  /// Copies a token's vector.
  ///
  /// - Parameter target: `dimension` numbers, which stay as they are where nothing was learned.
  /// - Returns: whether something was.
  public func copyVector(
    of id: TokenID, to target: UnsafeMutableBufferPointer<Float>
  ) -> Bool {
    guard Int(id) < isLearned.count, isLearned[Int(id)] else { return false }
    rows.copyRow(Int(id), to: target)
    return true
  }

  /// All vectors, zeros where nothing was learned.
  public var matrix: EmbeddingMatrix {
    var matrix = EmbeddingMatrix(rowCount: isLearned.count, dimension: dimension)
    matrix.values.withUnsafeMutableBufferPointer { values in
      for id in isLearned.indices where isLearned[id] {
        rows.copyRow(id, to: values.extracting(id * dimension..<(id + 1) * dimension))
      }
    }
    return matrix
  }

  /// What singular vectors are multiplied by: powers of the singular values, turned so that all
  /// numbers of a vector carry their share. Turning changes no angle between vectors.
  private static func weights(
    of singularValues: [Double], _ options: CorpusVectorOptions
  ) -> SmallMatrix {
    let powers = singularValues.map { value in
      ExponentialTable.value(
        options.singularPower * RealFunctions.log(value), ExponentialTable.shared.powers)
    }
    var scaled = SmallMatrix.orthonormalRows(
      rowCount: singularValues.count, columnCount: options.dimension, seed: options.seed)
    for row in powers.indices {
      for column in 0..<options.dimension { scaled[row, column] *= powers[row] }
    }
    return scaled
  }
}

extension SmallMatrix {
  /// Random rows of length 1, orthogonal to each other.
  fileprivate static func orthonormalRows(
    rowCount: Int, columnCount: Int, seed: UInt64
  ) -> SmallMatrix {
    var random = SmallMatrix(rowCount: rowCount, columnCount: columnCount)
    for row in 0..<rowCount {
      // Behind the places of the tokens.
      var numbers = RandomSequence(seed: seed, place: 1 << 32 + UInt64(row))
      for column in 0..<columnCount { random[row, column] = 2 * numbers.unit() - 1 }
    }
    return random.orthonormalizingRows()
  }
}
