import Primitives

/// Merges that are left out by chance (BPE-dropout; Provilkov, Emelianenko, Voita 2020).
///
/// The libraries understand the paper in two ways. Both draw for a pair when its turn has come:
/// - Hugging Face's puts a pair that was left out back as soon as another was merged, and draws for
///   pairs that are gone, too (`Word::merge_all` in `models/bpe/word.rs`, 0.23).
/// - SentencePiece leaves a pair out for good; only a neighbour's merge makes another pair of its
///   parts (`SampleEncode` in `bpe_model.cc`, 0.2.3).
struct MergeDropout: Sendable {
  enum Rule: Sendable {
    case huggingFace, sentencePiece
  }

  /// How likely a merge is left out, from 0 to 1.
  let probability: Double
  let rule: Rule

  /// Merges in place and returns the number of symbols that remain.
  ///
  /// - Complexity: O(*n* log *n*), times the merges that are left out for one that is made.
  func merge(
    _ symbols: UnsafeMutablePointer<TokenID>, count: Int, by merges: MergeTable,
    _ random: inout RandomSequence
  ) -> Int {
    if count < 2 || probability >= 1 { return count }
    var chain = SymbolChain(symbols, count: count, merges: merges.ranks)
    var queue = MergeQueue(chain)
    var leftOut: [(rank: UInt32, position: Int)] = []
    while let (rank, position) = queue.removeFirst() {
      let isThere = chain.rank(at: position) == rank
      switch rule {
      case .huggingFace:
        if isLeftOut(&random) {
          leftOut.append((rank, position))
          continue
        }
        for (rank, position) in leftOut { queue.insert(rank: rank, position: position) }
        leftOut.removeAll(keepingCapacity: true)
        if !isThere { continue }
      case .sentencePiece:
        if !isThere || isLeftOut(&random) { continue }
      }
      queue.merge(at: position, of: &chain)
    }
    return chain.compact()
  }

  private func isLeftOut(_ random: inout RandomSequence) -> Bool { random.unit() < probability }
}
