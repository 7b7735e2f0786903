import Primitives

/// A byte-level BPE model in the form in which it is applied; immutable, shared by threads.
///
/// Unchecked Sendable: the memory of the grid is written in `init` only.
final class CompiledBPE: @unchecked Sendable {
  /// The entry of `byteTokens` for a byte without a token: above every id.
  static let noToken = TokenID.max

  private let vocabulary: Vocabulary
  let merges: MergeTable
  /// Token of each single byte.
  let byteTokens: [TokenID]
  /// Whether each byte has a token.
  private let hasAllBytes: Bool
  /// By two bytes, the rank of the merge of their tokens: most of what is looked up, and from fewer
  /// lines than a table has.
  private let grid: UnsafeMutablePointer<UInt32>
  /// Tokens by bytes, for models that take a pre-token whole if they can.
  let wholePieces: TokenIndex?

  init(_ model: BPEModel) {
    precondition(
      model.merges.allSatisfy { Int($0.result) < model.vocabulary.count },
      "merges make tokens of the vocabulary")
    vocabulary = model.vocabulary
    merges = MergeTable(model.merges)
    var byteTokens = [TokenID](repeating: Self.noToken, count: 256)
    for id in 0..<TokenID(model.vocabulary.count) {
      if let token = model.vocabulary[id], token.count == 1, let byte = token.first {
        byteTokens[Int(byte)] = id
      }
    }
    self.byteTokens = byteTokens
    hasAllBytes = !byteTokens.contains(Self.noToken)
    grid = .allocate(capacity: 1 << 16)
    grid.initialize(repeating: MergeRanks.none, count: 1 << 16)
    wholePieces = model.ignoresMerges ? TokenIndex(model.vocabulary) : nil
    fillGrid(model.merges)
  }

  deinit { grid.deallocate() }

  private func fillGrid(_ merges: [Merge]) {
    func byte(of id: TokenID) -> Int? {
      guard let token = vocabulary[id], token.count == 1, let byte = token.first,
        byteTokens[Int(byte)] == id
      else { return nil }
      return Int(byte)
    }
    for (rank, merge) in merges.enumerated() {
      if let left = byte(of: merge.left), let right = byte(of: merge.right) {
        grid[left << 8 | right] = UInt32(truncatingIfNeeded: rank)
      }
    }
  }

  /// The tokens of one pre-token.
  ///
  /// Bytes without a token are left out, and what stands around them becomes adjacent, as in
  /// Hugging Face's library.
  /// - Parameter output: room for `piece.count` ids.
  /// - Returns: the number of ids.
  /// - Complexity: O(*n* log *n*).
  func encode(
    _ piece: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    if let whole = wholePieces?.id(of: piece) {
      output[0] = whole
      return 1
    }
    if hasAllBytes && piece.count <= ShortMerging.limit { return mergeShort(piece, into: output) }
    return merges.merge(output, count: bytes(of: piece, into: output))
  }

  /// The same with merges left out by chance; then no piece is taken whole, as in Hugging Face's library.
  func encode(
    _ piece: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>,
    _ dropout: MergeDropout, _ random: inout RandomSequence
  ) -> Int {
    dropout.merge(output, count: bytes(of: piece, into: output), by: merges, &random)
  }

  /// What merges of a piece start from.
  func symbols(of piece: UnsafeBufferPointer<UInt8>) -> [TokenID] {
    [TokenID](unsafeUninitializedCapacity: piece.count) { output, count in
      count = output.baseAddress.map { bytes(of: piece, into: $0) } ?? 0
    }
  }

  /// The tokens of the bytes of a piece, what merges start from.
  @inline(__always)
  private func bytes(
    of piece: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    var count = 0
    byteTokens.withUnsafeBufferPointer { tokens in
      for byte in piece {
        let token = tokens[Int(byte)]
        output[count] = token
        count &+= token == Self.noToken ? 0 : 1
      }
    }
    return count
  }

  private func mergeShort(
    _ piece: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    guard let bytes = piece.baseAddress else { return 0 }
    byteTokens.withUnsafeBufferPointer { tokens in
      for index in 0..<piece.count { output[index] = tokens[Int(bytes[index])] }
    }
    let grid = self.grid
    return ShortMerging.merge(output, count: piece.count, by: merges.ranks) {
      grid[Int(bytes[$0]) &<< 8 | Int(bytes[$0 &+ 1])]
    }
  }

  /// Where the tokens of a piece stand in it; `ids` begins with them.
  ///
  /// They spell the piece one after the other, so that lengths give places; only bytes that have no
  /// token at all stand between.
  func appendRanges(
    of piece: UnsafeBufferPointer<UInt8>, _ ids: UnsafeBufferPointer<TokenID>,
    to ranges: inout [Range<Int>]
  ) {
    var position = 0
    for id in ids {
      while position < piece.count, byteTokens[Int(piece[position])] == Self.noToken {
        position += 1
      }
      guard position < piece.count else { return }
      let start = position
      var remaining = vocabulary[id]?.count ?? 0
      while remaining > 0, position < piece.count {
        if byteTokens[Int(piece[position])] != Self.noToken { remaining -= 1 }
        position += 1
      }
      ranges.append(start..<position)
    }
  }
}
