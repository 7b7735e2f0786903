import Primitives

/// Merges the bytes of tokens with the merges found so far. For hundreds of thousands of short tokens:
/// pairs of bytes stand in a grid, and a filter answers for most other pairs, which no merge joins,
/// without a look into the table.
struct TokenMerging: ~Copyable {
  /// Longest token that is merged by scans over all of its parts: above it a queue is faster.
  private static let scanLimit = 128

  private let byteTokens: [TokenID]
  private let table: MergeTable
  /// What the table has for two bytes, each bit turned round, so that zero means no merge.
  private let grid: UnsafeMutablePointer<UInt64>
  /// Bits of `filterBits` of a pair's hash: set for each pair in the table.
  private let filter: UnsafeMutablePointer<UInt8>
  private let filterBits: Int
  private let symbols: UnsafeMutablePointer<TokenID>
  /// Of each symbol and the next, what the table has.
  private let values: UnsafeMutablePointer<UInt64>

  /// - Parameters:
  ///   - byteTokens: 256.
  ///   - capacity: most merges that will be inserted.
  ///   - idCount, rankCount: above every id of theirs, and every rank.
  init(byteTokens: [TokenID], capacity: Int, idCount: Int, rankCount: Int) {
    precondition(byteTokens.count == 256)
    self.byteTokens = byteTokens
    table = MergeTable(capacity: capacity, idCount: idCount, rankCount: rankCount)
    var bits = 3
    while 1 << bits < 16 * capacity { bits += 1 }
    filterBits = bits
    filter = .allocate(capacity: 1 << (bits - 3))
    filter.initialize(repeating: 0, count: 1 << (bits - 3))
    grid = .allocate(capacity: 1 << 16)
    grid.initialize(repeating: 0, count: 1 << 16)
    symbols = .allocate(capacity: Self.scanLimit)
    symbols.initialize(repeating: 0, count: Self.scanLimit)
    values = .allocate(capacity: Self.scanLimit)
    values.initialize(repeating: MergeTable.absent, count: Self.scanLimit)
  }

  deinit {
    filter.deallocate()
    grid.deallocate()
    symbols.deallocate()
    values.deallocate()
  }

  /// The two parts that a token of two bytes or more comes to; `nil` if there are more.
  /// - Precondition: no merge makes a token of that length yet.
  func parts(of token: UnsafeBufferPointer<UInt8>) -> (left: TokenID, right: TokenID)? {
    if token.count > Self.scanLimit { return partsOfLong(token) }
    start(token)
    var count = token.count
    while count > 2 {
      var best = values[0]
      for index in 1..<count &- 1 { best = min(best, values[index]) }
      if best == MergeTable.absent { return nil }
      var place = 0
      while values[place] != best { place &+= 1 }
      join(at: place, as: TokenID(truncatingIfNeeded: best), count: count)
      count &-= 1
    }
    return (symbols[0], symbols[1])
  }

  /// Asks for the memory that `insert` will write.
  func prefetch(_ merge: Merge) { table.prefetch(left: merge.left, right: merge.right) }

  /// Adds the merge that makes a token.
  /// - Returns: what the same pair makes already, if it does.
  func insert(
    _ merge: Merge, rank: UInt32, of token: UnsafeBufferPointer<UInt8>
  ) -> TokenID? {
    let known = table.value(left: merge.left, right: merge.right)
    if known != MergeTable.absent { return TokenID(truncatingIfNeeded: known) }
    table.insert(merge, rank: rank)
    if token.count == 2 {
      grid[Int(token[0]) << 8 | Int(token[1])] = ~(UInt64(rank) << 32 | UInt64(merge.result))
    } else {
      let bit = filterBit(merge.left, merge.right)
      filter[bit >> 3] |= 1 << UInt8(bit & 7)
    }
    return nil
  }

  @inline(__always)
  private func start(_ token: UnsafeBufferPointer<UInt8>) {
    byteTokens.withUnsafeBufferPointer { byteTokens in
      var last = Int(token[0])
      symbols[0] = byteTokens[last]
      for index in 1..<token.count {
        let byte = Int(token[index])
        symbols[index] = byteTokens[byte]
        values[index &- 1] = ~grid[last &<< 8 | byte]
        last = byte
      }
    }
  }

  /// Puts what a merge makes in the place of a symbol and the next.
  @inline(__always)
  private func join(at place: Int, as result: TokenID, count: Int) {
    symbols[place] = result
    var index = place &+ 1
    while index < count &- 1 {
      symbols[index] = symbols[index &+ 1]
      values[index &- 1] = values[index]
      index &+= 1
    }
    if place > 0 { values[place &- 1] = value(symbols[place &- 1], result) }
    if place &+ 2 < count { values[place] = value(result, symbols[place &+ 1]) }
  }

  /// What the table has for a pair of which one is no byte.
  @inline(__always)
  private func value(_ left: TokenID, _ right: TokenID) -> UInt64 {
    let bit = filterBit(left, right)
    if filter[bit &>> 3] & (1 &<< UInt8(truncatingIfNeeded: bit & 7)) == 0 {
      return MergeTable.absent
    }
    return table.value(left: left, right: right)
  }

  @inline(__always)
  private func filterBit(_ left: TokenID, _ right: TokenID) -> Int {
    let hash = (UInt64(left) &<< 32 | UInt64(right)) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: hash &>> UInt64(truncatingIfNeeded: 64 &- filterBits))
  }

  private func partsOfLong(
    _ token: UnsafeBufferPointer<UInt8>
  ) -> (left: TokenID, right: TokenID)? {
    var symbols = token.map { byteTokens[Int($0)] }
    let count = symbols.withUnsafeMutableBufferPointer { symbols in
      symbols.baseAddress.map { table.merge($0, count: symbols.count) } ?? 0
    }
    return count == 2 ? (symbols[0], symbols[1]) : nil
  }
}
