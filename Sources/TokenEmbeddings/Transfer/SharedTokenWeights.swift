import Primitives
import Tokenization

/// Describes tokens by few shared ones that are used alike: cosines of auxiliary vectors, made shares by
/// sparsemax (`focus_additional_token_initialization` in deepfocus/focus.py).
struct SharedTokenWeights {
  /// Auxiliary vectors of the shared tokens, each of length 1.
  private let shared: EmbeddingMatrix
  /// Old ids of the shared tokens.
  private let oldIDs: [TokenID]
  private let threads: Int

  /// - Parameters:
  ///   - auxiliary: a row for each new token; zeros where nothing is known of it.
  ///   - copies: new and old ids of the tokens that both vocabularies have.
  init(
    _ auxiliary: EmbeddingMatrix, copies: [(new: TokenID, old: TokenID)], threads: Int
  ) throws(TransferError) {
    var values: [Float] = []
    var oldIDs: [TokenID] = []
    for (new, old) in copies {
      guard let row = Self.unit(auxiliary, new) else { continue }
      values += row
      oldIDs.append(old)
    }
    guard !oldIDs.isEmpty else { throw .noSharedTokens }
    shared = EmbeddingMatrix(
      rowCount: oldIDs.count, dimension: auxiliary.dimension, values: values)
    self.oldIDs = oldIDs
    self.threads = threads
  }

  /// The weights of each of some new tokens; `nil` for one of which nothing is known.
  func weights(of tokens: [TokenID], in auxiliary: EmbeddingMatrix) -> [[WeightedRow]?] {
    var weights = [[WeightedRow]?](repeating: nil, count: tokens.count)
    weights.withUnsafeMutableBufferPointer { weights in
      // Each place is written by one thread.
      nonisolated(unsafe) let weights = weights
      Parts(tokens.count, size: 16).run(threads: threads) { part in
        for index in part {
          guard let vector = Self.unit(auxiliary, tokens[index]) else { continue }
          weights[index] = Sparsemax.shares(of: cosines(of: vector)).map { share in
            WeightedRow(id: oldIDs[share.place], weight: Float(share.share))
          }
        }
      }
    }
    return weights
  }

  private func cosines(of vector: [Float]) -> [Float] {
    vector.withUnsafeBufferPointer { vector in
      shared.values.withUnsafeBufferPointer { values in
        (0..<shared.rowCount).map { row in
          let start = row * shared.dimension
          return VectorRow(values.extracting(start..<start + shared.dimension)).dot(
            VectorRow(vector))
        }
      }
    }
  }

  /// A row brought to length 1; `nil` for one of zeros.
  private static func unit(_ matrix: EmbeddingMatrix, _ id: TokenID) -> [Float]? {
    guard let row = matrix[id] else { return nil }
    let length = row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    return length > 0 ? row.map { Float(Double($0) / length) } : nil
  }
}
