/// Sorts places of a text by their keys, equal ones by the keys behind them, and notes how many
/// symbols neighbours have in common. Pointers are those of the one who made it.
struct KeySorter: @unchecked Sendable {
  let symbols: UnsafePointer<UInt32>
  let packing: SymbolPacking
  /// Symbols after which places count as equal.
  let limit: Int
  let places: UnsafeMutablePointer<UInt32>
  let keys: UnsafeMutablePointer<UInt64>
  let common: UnsafeMutablePointer<UInt16>

  /// Sorts from `low` to before `high`, all of which are equal in their first `depth` symbols and
  /// have their keys from there. Writes what each but the first has in common with the one before.
  ///
  /// Calls itself once for each further key: limit / symbols per key deep.
  func sort(_ low: Int, _ high: Int, depth: Int) {
    guard high - low > 1 else { return }
    sortKeys(low, high)
    var start = low
    var previous: UInt64 = 0
    while start < high {
      let key = keys[start]
      var end = start &+ 1
      while end < high, keys[end] == key { end &+= 1 }
      if start > low {
        common[start] = UInt16(min(limit, depth &+ packing.common(previous, key)))
      }
      if end &- start > 1 { sortEqual(start, end, key, depth: depth) }
      previous = key
      start = end
    }
  }

  /// Writes what a place in order has in common with the one before it.
  func compareWithPrevious(_ index: Int) {
    let (a, b) = (symbols + Int(places[index - 1]), symbols + Int(places[index]))
    var length = 0
    while length < limit, a[length] == b[length], a[length] != 0 { length += 1 }
    common[index] = UInt16(length)
  }

  private func sortEqual(_ low: Int, _ high: Int, _ key: UInt64, depth: Int) {
    let length = packing.length(key)
    let reached = depth + packing.perKey
    if length < packing.perKey || reached >= limit {
      let shared = UInt16(min(limit, depth + length))
      var index = low + 1
      while index < high {
        common[index] = shared
        index &+= 1
      }
      return
    }
    var index = low
    while index < high {
      keys[index] = packing.key(symbols + (Int(places[index]) &+ reached))
      index &+= 1
    }
    sort(low, high, depth: reached)
  }

  /// Quicksort that parts into less, equal and greater. Where pivots serve badly, it parts by bits,
  /// which are at most 64 deep: n log n whatever the keys are.
  private func sortKeys(_ first: Int, _ last: Int) {
    var stack: [(low: Int, high: Int, left: Int)] = []
    var (low, high) = (first, last)
    var left = 2 * (Int.bitWidth - (last - first).leadingZeroBitCount)
    while true {
      if high - low <= 24 {
        insertionSort(low, high)
        guard let next = stack.popLast() else { return }
        (low, high, left) = next
        continue
      }
      let (less, greater) = left > 0 ? part(low, high) : partByBit(low, high)
      left -= 1
      // The larger part waits: the stack stays as deep as a logarithm.
      if less - low < high - greater {
        stack.append((greater, high, left))
        high = less
      } else {
        stack.append((low, less, left))
        low = greater
      }
    }
  }

  @inline(__always)
  private func insertionSort(_ low: Int, _ high: Int) {
    var index = low &+ 1
    while index < high {
      let (key, place) = (keys[index], places[index])
      var hole = index
      while hole > low, keys[hole &- 1] > key {
        keys[hole] = keys[hole &- 1]
        places[hole] = places[hole &- 1]
        hole &-= 1
      }
      keys[hole] = key
      places[hole] = place
      index &+= 1
    }
  }

  @inline(__always)
  private func swap(_ a: Int, _ b: Int) {
    (keys[a], keys[b]) = (keys[b], keys[a])
    (places[a], places[b]) = (places[b], places[a])
  }

  /// Parts about a middle key; what lies between the results is equal to it.
  private func part(_ low: Int, _ high: Int) -> (Int, Int) {
    let step = (high - low) / 8
    let middle = low + (high - low) / 2
    let pivot = median(
      median(keys[low], keys[low + step], keys[low + 2 * step]),
      median(keys[middle - step], keys[middle], keys[middle + step]),
      median(keys[high - 1 - 2 * step], keys[high - 1 - step], keys[high - 1]))
    var (less, index, greater) = (low, low, high)
    while index < greater {
      let key = keys[index]
      if key < pivot {
        swap(less, index)
        less &+= 1
        index &+= 1
      } else if key > pivot {
        greater &-= 1
        swap(index, greater)
      } else {
        index &+= 1
      }
    }
    return (less, greater)
  }

  private func median(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> UInt64 {
    max(min(a, b), min(max(a, b), c))
  }

  /// Parts by the highest bit in which any two keys differ.
  private func partByBit(_ low: Int, _ high: Int) -> (Int, Int) {
    var different: UInt64 = 0
    for index in low..<high { different |= keys[index] ^ keys[low] }
    guard different != 0 else { return (low, high) }
    let bit: UInt64 = 1 << UInt64(63 - different.leadingZeroBitCount)
    var (zeros, ones) = (low, high)
    while zeros < ones {
      if keys[zeros] & bit == 0 {
        zeros += 1
      } else {
        ones -= 1
        swap(zeros, ones)
      }
    }
    return (zeros, zeros)
  }
}
