import Primitives
import Tokenization

/// The ids of some documents, one after the other, of which neighbours are counted at once.
struct TokenStretch: Sendable {
  /// Stands between documents; no token has this id.
  static let border = TokenID.max

  /// Below 2^32.
  private(set) var ids: [TokenID] = []

  var count: Int { ids.count }

  /// Adds documents, each with a border behind it.
  mutating func append(_ documents: [TokenID]) { ids += documents }

  mutating func removeAll() { ids.removeAll(keepingCapacity: true) }

  /// Where each token stands.
  func occurrences(idCount: Int) -> Occurrences { Occurrences(of: ids, idCount: idCount) }

  /// The places of each token in a stretch, ascending.
  struct Occurrences: Sendable {
    /// Places `starts[id]..<starts[id + 1]` are those of a token.
    fileprivate var starts: [Int]
    fileprivate var places: [UInt32]

    fileprivate init(of ids: [TokenID], idCount: Int) {
      var starts = [Int](repeating: 0, count: idCount + 1)
      for id in ids where id != TokenStretch.border { starts[Int(id) + 1] += 1 }
      for id in 0..<idCount { starts[id + 1] += starts[id] }
      var next = starts
      places = Array(repeating: 0, count: starts[idCount])
      for (place, id) in ids.enumerated() where id != TokenStretch.border {
        places[next[Int(id)]] = UInt32(truncatingIfNeeded: place)
        next[Int(id)] += 1
      }
      self.starts = starts
    }

    func count(of id: Int) -> Int { starts[id + 1] - starts[id] }
  }

  /// The neighbours of some tokens, with their weights.
  func neighbours(
    of rows: Range<Int>, at occurrences: Occurrences, idCount: Int, window: Int
  ) -> CooccurrenceCounts.Block {
    var block = CooccurrenceCounts.Block(rows: rows)
    let row = RowTally(idCount: idCount)
    ids.withUnsafeBufferPointer { ids in
      occurrences.places.withUnsafeBufferPointer { places in
        for id in rows {
          for index in occurrences.starts[id]..<occurrences.starts[id + 1] {
            let place = Int(places[index])
            var weight = UInt64(window)
            var other = place - 1
            while weight > 0, other >= 0, ids[other] != Self.border {
              row.add(weight, at: Int(ids[other]))
              weight &-= 1
              other &-= 1
            }
            weight = UInt64(window)
            other = place + 1
            while weight > 0, other < ids.count, ids[other] != Self.border {
              row.add(weight, at: Int(ids[other]))
              weight &-= 1
              other &+= 1
            }
          }
          row.move(to: &block)
        }
      }
    }
    return block
  }
}

/// The counts of one row: a number for each token, and which of them are in use.
private struct RowTally: ~Copyable {
  private let idCount: Int
  private let wordCount: Int
  private let counts: UnsafeMutablePointer<UInt64>
  /// Bit *i* of word *w*: whether token 64 w + i has a count.
  private let used: UnsafeMutablePointer<UInt64>

  init(idCount: Int) {
    self.idCount = idCount
    wordCount = (idCount + 63) / 64
    counts = .allocate(capacity: idCount)
    counts.initialize(repeating: 0, count: idCount)
    used = .allocate(capacity: wordCount)
    used.initialize(repeating: 0, count: wordCount)
  }

  deinit {
    counts.deallocate()
    used.deallocate()
  }

  /// No sum of weights comes near 2^64: a stretch has less than 2^32 tokens, and a weight is small.
  @inline(__always)
  func add(_ weight: UInt64, at id: Int) {
    assert(id < idCount)
    counts[id] &+= weight
    used[id >> 6] |= 1 << UInt64(id & 63)
  }

  /// Appends the row, in the order of ids, and clears it.
  func move(to block: inout CooccurrenceCounts.Block) {
    for word in 0..<wordCount {
      var bits = used[word]
      if bits == 0 { continue }
      used[word] = 0
      while bits != 0 {
        let id = word << 6 | bits.trailingZeroBitCount
        bits &= bits &- 1
        block.columns.append(UInt32(truncatingIfNeeded: id))
        block.counts.append(counts[id])
        counts[id] = 0
      }
    }
    block.starts.append(block.columns.count)
  }
}
