import Tokenization

/// Byte-pair encoding as its definition says it, one merge at a time: the oracle of the fast forms.
struct NaiveBPE {
  var tokens: [[UInt8]]
  var merges: [Merge]

  /// A model whose merges join random tokens over a few letters.
  init(letters: [UInt8], mergeCount: Int, using generator: inout some RandomNumberGenerator) {
    tokens = letters.map { [$0] }
    merges = []
    for _ in 0..<mergeCount {
      let left = Int.random(in: 0..<tokens.count, using: &generator)
      let right = Int.random(in: 0..<tokens.count, using: &generator)
      let joined = tokens[left] + tokens[right]
      if joined.count > 12 || tokens.contains(joined) { continue }
      merges.append(
        Merge(left: TokenID(left), right: TokenID(right), result: TokenID(tokens.count)))
      tokens.append(joined)
    }
  }

  var model: BPEModel { BPEModel(vocabulary: Vocabulary(tokens: tokens), merges: merges) }

  /// The leftmost pair of the lowest rank is joined until there is none.
  func encode(_ piece: [UInt8]) -> [TokenID] {
    var symbols = piece.compactMap { byte in tokens.firstIndex(of: [byte]).map { TokenID($0) } }
    while true {
      var best: (rank: Int, position: Int)?
      for position in symbols.indices.dropLast() {
        let rank = merges.firstIndex {
          $0.left == symbols[position] && $0.right == symbols[position + 1]
        }
        if let rank, rank < best?.rank ?? .max { best = (rank, position) }
      }
      guard let best else { return symbols }
      symbols.replaceSubrange(
        best.position...best.position + 1, with: [merges[best.rank].result])
    }
  }
}

/// Random numbers that a seed repeats (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
