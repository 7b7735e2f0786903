import NativeBridges
import Primitives
import Synchronization

/// Brings the tables of all threads together in one list: every word once, the frequent first.
///
/// Words of equal count stand with those of up to 15 bytes first, and each of the two kinds in the
/// order of hash, length, bytes: an order that depends on the words alone, not on threads or files.
enum WordList {
  /// Parts of the hash space, each combined by one thread. A power of two.
  private static let parts = 64
  /// Counts from here on are sorted by comparison: few words have them.
  private static let smallCounts = 1 << 14

  static func combine(
    short: consuming [ShortWordTable], long: [LongWordTable], threads: Int
  ) -> PreTokenCounts {
    let parts = gather(short, long, threads: threads)
    // The bytes of long words stay in their tables until they are listed; short words are copied.
    _ = consume short
    return list(parts, threads: threads)
  }

  /// Lists words that were counted elsewhere; the counts of those that stand there again are added up.
  static func listing(_ words: CountedWords, threads: Int) -> PreTokenCounts {
    words.bytes.withUnsafeBufferPointer { bytes in
      let short = (0..<parts).map { _ in RecordPart(capacity: words.count / parts) }
      let long = (0..<parts).map { _ in RecordPart(capacity: 16) }
      var start = 0
      for index in 0..<words.count {
        let word = UnsafeBufferPointer(rebasing: bytes[start..<words.ends[index]])
        start = words.ends[index]
        let record = WordRecord(word, count: words.counts[index])
        let part = Int(truncatingIfNeeded: record.hash >> UInt64(64 - parts.trailingZeroBitCount))
        (word.count <= ShortKey.maximumLength ? short : long)[part].append(record)
      }
      let all = short + long
      for part in all { part.sortAndCombine(partBits: parts.trailingZeroBitCount) }
      return list(all, threads: threads)
    }
  }

  private static func gather(
    _ short: borrowing [ShortWordTable], _ long: [LongWordTable], threads: Int
  ) -> [RecordPart] {
    // Each slot is written by the one thread that drew its number, and read after all have ended.
    nonisolated(unsafe) let shortTables = copy short
    nonisolated(unsafe) let longTables = long
    let slots = UnsafeMutablePointer<RecordPart?>.allocate(capacity: 2 * parts)
    slots.initialize(repeating: nil, count: 2 * parts)
    defer {
      slots.deinitialize(count: 2 * parts)
      slots.deallocate()
    }
    nonisolated(unsafe) let sharedSlots = slots
    let cursor = WorkCursor(count: 2 * parts)
    let gathered = Mutex(GatheredParts(count: parts))
    Threads.run(threads) { _ in
      while let part = cursor.next() {
        if part < parts {
          sharedSlots[part] = gather(shortTables, part: part)
          // The records need as much memory as the tables: they shall have theirs.
          let unused = gathered.withLock { $0.finish(part) }
          for table in shortTables { table.release(parts: unused, of: parts) }
        } else {
          sharedSlots[part] = gather(longTables, part: part - parts)
        }
      }
    }
    return (0..<2 * parts).compactMap { slots[$0] }
  }

  private static func gather(_ tables: [ShortWordTable], part: Int) -> RecordPart {
    let words = tables.reduce(0) { $0 + $1.wordCount }
    let result = RecordPart(capacity: words / parts + words / parts / 8)
    for table in tables {
      table.forEach(inPart: part, of: parts) { key, hash, count in
        result.append(WordRecord(key: key, hash: hash, count: count))
      }
    }
    result.sortAndCombine(partBits: parts.trailingZeroBitCount)
    return result
  }

  private static func gather(_ tables: [LongWordTable], part: Int) -> RecordPart {
    let words = tables.reduce(0) { $0 + $1.wordCount }
    let result = RecordPart(capacity: words / parts + words / parts / 8)
    for table in tables {
      table.forEach(inPart: part, of: parts) { hash, bytes, count in
        result.append(WordRecord(bytes: bytes, hash: hash, count: count))
      }
    }
    result.sortAndCombine(partBits: parts.trailingZeroBitCount)
    return result
  }

  /// The bytes, ends and counts of the words in their final order; each thread writes a share.
  private static func list(_ parts: [RecordPart], threads: Int) -> PreTokenCounts {
    let order = byFallingCount(parts)
    let shares = (0..<threads).map { share in
      order.count * share / threads..<order.count * (share + 1) / threads
    }
    var starts = [Int](repeating: 0, count: threads + 1)
    order.withUnsafeBufferPointer { order in
      starts.withUnsafeMutableBufferPointer { starts in
        nonisolated(unsafe) let (order, lengths) = (order, starts)
        Threads.run(threads) { share in
          lengths[share + 1] = shares[share].reduce(0) { $0 + order[$1].pointee.length }
        }
      }
    }
    for share in 0..<threads { starts[share + 1] += starts[share] }
    var ends: [Int] = []
    var counts: [UInt64] = []
    let total = starts[threads]
    let bytes = [UInt8](unsafeUninitializedCapacity: total + 16) { bytes, byteCount in
      ends = [Int](unsafeUninitializedCapacity: order.count) { ends, endCount in
        counts = [UInt64](unsafeUninitializedCapacity: order.count) { counts, countCount in
          order.withUnsafeBufferPointer { order in
            nonisolated(unsafe) let (order, bytes, ends, counts) = (order, bytes, ends, counts)
            Threads.run(threads) { [starts] share in
              write(
                order, shares[share], bytes: starts[share]..<starts[share + 1], to: bytes, ends,
                counts)
            }
          }
          countCount = order.count
        }
        endCount = order.count
      }
      byteCount = total
    }
    return PreTokenCounts(bytes: bytes, ends: ends, counts: counts)
  }

  private static func write(
    _ order: UnsafeBufferPointer<UnsafePointer<WordRecord>>, _ share: Range<Int>,
    bytes room: Range<Int>, to bytes: UnsafeMutableBufferPointer<UInt8>,
    _ ends: UnsafeMutableBufferPointer<Int>,
    _ counts: UnsafeMutableBufferPointer<UInt64>
  ) {
    guard let target = bytes.baseAddress else { return }
    var end = room.lowerBound
    for index in share {
      let record = order[index].pointee
      record.write(to: target + end, room: room.upperBound &- end)
      end &+= record.length
      ends[index] = end
      counts[index] = record.count
    }
  }

  /// A stable counting sort. The few words of large counts are compared, all others are not.
  private static func byFallingCount(_ parts: [RecordPart]) -> [UnsafePointer<WordRecord>] {
    var places = [Int](repeating: 0, count: smallCounts + 1)
    var frequent: [UnsafePointer<WordRecord>] = []
    var total = 0
    for part in parts {
      total += part.count
      for index in 0..<part.count {
        let count = part.records[index].count
        if count < UInt64(smallCounts) {
          places[Int(count)] += 1
        } else {
          frequent.append(UnsafePointer(part.records + index))
        }
      }
    }
    // `sort` is stable in practice but does not promise it: places in the list break ties.
    let ranked = frequent.enumerated().sorted { left, right in
      left.element.pointee.count != right.element.pointee.count
        ? left.element.pointee.count > right.element.pointee.count : left.offset < right.offset
    }
    var next = ranked.count
    for count in stride(from: smallCounts, through: 0, by: -1) {
      (places[count], next) = (next, next + places[count])
    }
    return [UnsafePointer<WordRecord>](unsafeUninitializedCapacity: total) { order, initialized in
      for (index, word) in ranked.enumerated() { order[index] = word.element }
      for part in parts {
        for index in 0..<part.count {
          let count = part.records[index].count
          guard count < UInt64(smallCounts) else { continue }
          order[places[Int(count)]] = UnsafePointer(part.records + index)
          places[Int(count)] += 1
        }
      }
      initialized = total
    }
  }
}

/// Which parts of the tables have been gathered.
private struct GatheredParts {
  private var isDone: [Bool]
  /// The first part after 0 that may still be read.
  private var end = 1

  init(count: Int) { isDone = Array(repeating: false, count: count) }

  /// Notes a part; returns those that nobody reads any more. A part is read with the one before, whose
  /// last words may stand in it; the first one with the last.
  mutating func finish(_ part: Int) -> Range<Int> {
    isDone[part] = true
    while end < isDone.count, isDone[end - 1], isDone[end] { end += 1 }
    return 1..<end
  }
}
