import Primitives

/// Which pieces a vocabulary can do without (Kudo 2018, section 3.2; SentencePiece 0.2.3,
/// `PruneSentencePieces`): those whose occurrences, taken by the best way to write them with other
/// pieces, leave the text nearly as likely.
struct PiecePruning {
  /// Numbers of the pieces that may stay, the most needed first: those that nothing can replace by
  /// their number, then by falling loss of likelihood.
  let order: [UInt32]
  /// How many of them nothing can replace.
  let irreplaceable: Int

  /// - Precondition: the values of the nodes are scores.
  init(
    _ pieces: borrowing UnigramPieces, usedAs counts: [Float], threads: Int
  ) throws(SentencePieceTrainingError) {
    let losses = try Self.losses(pieces, counts, threads: threads)
    var order: [UInt32] = []
    var candidates: [Candidate] = []
    for piece in counts.indices {
      switch losses[piece].fate {
      case .goes: break
      case .stays: order.append(UInt32(piece))
      case .competes:
        candidates.append(Candidate(loss: losses[piece].loss, piece: UInt32(piece)))
      }
    }
    irreplaceable = order.count
    candidates.sort { $0.loss != $1.loss ? $0.loss > $1.loss : $0.piece < $1.piece }
    self.order = order + candidates.map(\.piece)
  }

  /// The pieces that stay when so many may.
  func kept(_ size: Int) -> [UInt32] {
    // As there: where more are irreplaceable than may stay, all stay.
    irreplaceable > size ? order : Array(order.prefix(size))
  }

  /// Numbers of the pieces that some way to write them with others does not beat.
  static func reachable(
    _ pieces: borrowing UnigramPieces, threads: Int
  ) throws(SentencePieceTrainingError) -> [UInt32] {
    let losses = try Self.losses(
      pieces, [Float](repeating: 1, count: pieces.count), threads: threads)
    return (0..<UInt32(pieces.count)).filter { losses[Int($0)].fate != .goes }
  }

  private struct Candidate {
    var loss: Float
    var piece: UInt32
  }

  private enum Fate: UInt8 { case goes, stays, competes }

  private struct Loss {
    var loss: Float
    var fate: Fate
  }

  private static func losses(
    _ pieces: borrowing UnigramPieces, _ counts: [Float], threads: Int
  ) throws(SentencePieceTrainingError) -> [Loss] {
    let sum = Float(counts.reduce(0.0) { $0 + Double($1) })
    let logSum = Float(RealFunctions.log(Double(sum)))
    let lattice = PieceLattice(pieces)
    let longest = Int(pieces.shape.lengthMask) + 1
    let shape = pieces.shape
    nonisolated(unsafe) let (nodes, places) = (pieces.nodes.base, pieces.places.base)
    var losses = [Loss](repeating: Loss(loss: 0, fate: .goes), count: counts.count)
    counts.withUnsafeBufferPointer { counts in
      losses.withUnsafeMutableBufferPointer { losses in
        nonisolated(unsafe) let (counts, losses) = (counts, losses)
        Parts(counts.count, size: 4096).run(threads: threads) { range in
          withUnsafeTemporaryAllocation(of: Float.self, capacity: longest + 1) { scores in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 3 * longest + 3) { steps in
              guard let scoresBase = scores.baseAddress, let stepsBase = steps.baseAddress else {
                return
              }
              let path = BestPath(lattice: lattice, scores: scoresBase, steps: stepsBase)
              let others = stepsBase + 2 * longest + 2
              for piece in range {
                let count = counts[piece]
                if count == 0 { continue }
                let length = shape.length(nodes[piece].link)
                if length == 1 {
                  losses[piece].fate = .stays
                  continue
                }
                let split = path.findSplit(of: Int(places[piece]), length: length)
                if split > nodes[piece].value { continue }
                var parts = 0
                path.forEachPiece(from: length) { other in
                  others[parts] = other
                  parts += 1
                }
                let logSumWithout = Float(
                  RealFunctions.log(Double(sum + count * Float(parts - 1))))
                var logWithout: Float = 0
                for part in (0..<parts).reversed() {
                  let log = RealFunctions.log(Double(counts[Int(others[part])] + count))
                  logWithout = Float(Double(logWithout) + (log - Double(logSumWithout)))
                }
                let logWith = Float(RealFunctions.log(Double(count)) - Double(logSum))
                losses[piece] = Loss(
                  loss: count / sum * (logWith - logWithout), fate: .competes)
              }
            }
          }
        }
      }
    }
    return losses
  }
}
