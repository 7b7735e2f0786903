import Primitives

/// How often tokens stand near each other: a symmetric matrix of whole numbers, which are the same in
/// whatever order and by how many threads the texts are read.
struct CooccurrenceCounts: Sendable {
  /// Rows that follow one another.
  struct Block: Sendable {
    var rows: Range<Int>
    /// Entries `starts[i]..<starts[i + 1]` are those of row `rows.lowerBound + i`.
    var starts: [Int] = [0]
    /// Ascending within a row.
    var columns: [UInt32] = []
    var counts: [UInt64] = []

    init(rows: Range<Int>) { self.rows = rows }
  }

  /// Rows in a block. Few, because those of the most frequent tokens are the longest.
  static let blockSize = 64

  let idCount: Int
  let window: Int
  /// Blocks of `blockSize` rows, in order.
  private(set) var blocks: [Block]
  /// Occurrences of each token.
  private(set) var occurrences: [Int]

  init(idCount: Int, window: Int) {
    self.idCount = idCount
    self.window = window
    blocks = stride(from: 0, to: idCount, by: Self.blockSize).map { start in
      let rows = start..<min(idCount, start + Self.blockSize)
      var block = Block(rows: rows)
      block.starts = Array(repeating: 0, count: rows.count + 1)
      return block
    }
    occurrences = Array(repeating: 0, count: idCount)
  }

  /// Tokens of all texts.
  var tokenCount: Int { occurrences.reduce(0, +) }

  /// Pairs that were seen at all, each in both orders.
  var entryCount: Int { blocks.reduce(0) { $0 + $1.columns.count } }

  /// The sum of each row: how much of the neighbours of all tokens a token is.
  var rowSums: [UInt64] {
    var sums: [UInt64] = []
    sums.reserveCapacity(idCount)
    for block in blocks {
      for index in block.rows.indices {
        let row = index - block.rows.lowerBound
        sums.append(block.counts[block.starts[row]..<block.starts[row + 1]].reduce(0, +))
      }
    }
    return sums
  }

  /// Tells counts apart.
  var fingerprint: Fingerprint {
    var parts = [occurrences.withUnsafeBytes { Fingerprint(of: $0) }]
    for block in blocks {
      parts.append(block.starts.withUnsafeBytes { Fingerprint(of: $0) })
      parts.append(block.columns.withUnsafeBytes { Fingerprint(of: $0) })
      parts.append(block.counts.withUnsafeBytes { Fingerprint(of: $0) })
    }
    return Fingerprint(of: parts)
  }

  /// Counts the neighbours in some documents that were not counted yet.
  mutating func add(_ stretch: TokenStretch, threads: Int) {
    let places = stretch.occurrences(idCount: idCount)
    for id in 0..<idCount { occurrences[id] += places.count(of: id) }
    let (idCount, window) = (idCount, window)
    blocks.withUnsafeMutableBufferPointer { blocks in
      // Each block is read and written by one thread.
      nonisolated(unsafe) let blocks = blocks
      Parts(blocks.count, size: 1).run(threads: threads) { part in
        let index = part.lowerBound
        blocks[index].add(
          stretch.neighbours(
            of: blocks[index].rows, at: places, idCount: idCount, window: window))
      }
    }
  }
}

extension CooccurrenceCounts.Block {
  /// Adds the counts of the same rows.
  fileprivate mutating func add(_ other: CooccurrenceCounts.Block) {
    if columns.isEmpty {
      self = other
    } else if !other.columns.isEmpty {
      self = merged(with: other)
    }
  }

  private func merged(with other: CooccurrenceCounts.Block) -> CooccurrenceCounts.Block {
    var merged = CooccurrenceCounts.Block(rows: rows)
    merged.columns.reserveCapacity(columns.count + other.columns.count)
    merged.counts.reserveCapacity(columns.count + other.columns.count)
    for row in 0..<rows.count {
      var (left, right) = (starts[row], other.starts[row])
      let (leftEnd, rightEnd) = (starts[row + 1], other.starts[row + 1])
      while left < leftEnd || right < rightEnd {
        // 2^32 is above every column.
        let leftColumn = left < leftEnd ? UInt64(columns[left]) : 1 << 32
        let rightColumn = right < rightEnd ? UInt64(other.columns[right]) : 1 << 32
        var count: UInt64 = 0
        if leftColumn <= rightColumn {
          count = counts[left]
          left += 1
        }
        if rightColumn <= leftColumn {
          count += other.counts[right]
          right += 1
        }
        merged.columns.append(UInt32(truncatingIfNeeded: min(leftColumn, rightColumn)))
        merged.counts.append(count)
      }
      merged.starts.append(merged.columns.count)
    }
    return merged
  }
}
