/// The words of one part of the hash space, from all threads, each once, in the order of
/// `WordRecord.compare`.
final class RecordPart {
  private(set) var records: UnsafeMutablePointer<WordRecord>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int) {
    self.capacity = max(capacity, 16)
    records = .allocate(capacity: self.capacity)
  }

  deinit { records.deallocate() }

  func append(_ record: WordRecord) {
    if count == capacity {
      let moved = UnsafeMutablePointer<WordRecord>.allocate(capacity: capacity * 2)
      moved.update(from: records, count: count)
      records.deallocate()
      records = moved
      capacity *= 2
    }
    records[count] = record
    count += 1
  }

  /// Brings the records into order and adds up the counts of equal words.
  ///
  /// Hashes are even: a bucket for every record or so holds one or two of them, and insertion
  /// does the rest. Complexity: O(n) for hashes that no one has chosen.
  func sortAndCombine(partBits: Int) {
    guard count > 1 else { return }
    let bits = max(1, min(20, Int.bitWidth - count.leadingZeroBitCount))
    let shift = UInt64(64 - bits)
    var ends = [Int](repeating: 0, count: (1 << bits) + 1)
    let sorted = UnsafeMutablePointer<WordRecord>.allocate(capacity: count)
    ends.withUnsafeMutableBufferPointer { ends in
      for index in 0..<count {
        ends[Int((records[index].hash << UInt64(partBits)) >> shift) + 1] += 1
      }
      for bucket in 1..<ends.count { ends[bucket] += ends[bucket - 1] }
      for index in 0..<count {
        let bucket = Int((records[index].hash << UInt64(partBits)) >> shift)
        sorted[ends[bucket]] = records[index]
        ends[bucket] += 1
      }
    }
    records.deallocate()
    records = sorted
    capacity = count
    insertInOrder()
    combineEqual()
  }

  private func insertInOrder() {
    for index in 1..<count {
      let record = records[index]
      var place = index
      while place > 0, records[place - 1].compare(record) > 0 {
        records[place] = records[place - 1]
        place -= 1
      }
      records[place] = record
    }
  }

  private func combineEqual() {
    var last = 0
    for index in 1..<count {
      if records[last].compare(records[index]) == 0 {
        records[last].count += records[index].count
      } else {
        last += 1
        records[last] = records[index]
      }
    }
    count = last + 1
  }
}
