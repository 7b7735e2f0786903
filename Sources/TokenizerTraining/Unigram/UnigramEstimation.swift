import Primitives
import Tokenization

/// One step of expectation maximization.
struct UnigramEstimation {
  let kernel: UnigramTrainingOptions.Kernel
  let threads: Int

  init(_ kernel: UnigramTrainingOptions.Kernel, threads: Int) {
    self.kernel = kernel
    self.threads = threads
  }

  /// Threads of SentencePiece whose order of sums is kept; `nil`: of none.
  var lanes: Int? {
    if case .sentencePiece(let lanes) = kernel { return max(1, lanes) }
    return nil
  }

  /// Gives the pieces new scores and drops those that are hardly expected. Returns the negative log
  /// likelihood of a word with the old ones, in nats. Leaves scores as values of the nodes.
  func estimate(
    _ text: borrowing UnigramText, _ pieces: inout UnigramPieces
  ) throws(SentencePieceTrainingError) -> Double {
    let objective: Double
    if let lanes {
      pieces.setValues { $0 }
      let expected = try ExactExpectation(lanes: lanes).expectedCounts(
        text, pieces, threads: threads)
      objective = expected.objective
      try maximize(expected.counts, &pieces)
    } else {
      let powers = ExponentialTable.shared.powers
      pieces.setValues { Float(ExponentialTable.value(Double($0), powers)) }
      let expected = try FastExpectation.expectedCounts(text, pieces, threads: threads)
      objective = expected.objective
      try maximize(expected.counts, &pieces)
    }
    pieces.setValues { $0 }
    return objective
  }

  /// Pieces expected less than half a time go; the others get the logarithm of their part of the
  /// expectations, lowered for rare ones by a sparse prior (Liang and Klein 2007).
  ///
  /// Sums have the precision of the counts.
  private func maximize<Count: BinaryFloatingPoint>(
    _ counts: [Count], _ pieces: inout UnigramPieces
  ) throws(SentencePieceTrainingError) {
    var kept: [UInt32] = []
    var sum: Count = 0
    for (piece, count) in counts.enumerated() where count >= 0.5 {
      kept.append(UInt32(piece))
      sum += count
    }
    let logSum = Double(Count(RealFunctions.digamma(Double(sum))))
    for piece in kept {
      pieces.scores[Int(piece)] = Float(
        RealFunctions.digamma(Double(counts[Int(piece)])) - logSum)
    }
    if kept.count < counts.count { try pieces.keep(kept, threads: threads) }
  }
}

extension UnigramPieces {
  /// Gives each node what the walks add or multiply.
  mutating func setValues(_ value: (_ score: Float) -> Float) {
    for piece in 0..<count { nodes[piece].value = value(scores[piece]) }
  }
}
