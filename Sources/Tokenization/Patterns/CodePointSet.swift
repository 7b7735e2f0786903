/// A set of code points as an inversion list: members are [b0, b1), [b2, b3), ...
struct CodePointSet: Hashable, Sendable {
  var bounds: [UInt32] = []

  static let limit: UInt32 = 0x110000
  static let empty = CodePointSet()
  static let all = CodePointSet(bounds: [0, limit])

  init(bounds: [UInt32] = []) { self.bounds = bounds }
  init(_ first: UInt32, _ last: UInt32) { bounds = [first, last + 1] }
  init(_ scalar: UInt32) { self.init(scalar, scalar) }

  /// Members in any order, repeats allowed.
  init(scalars: [UInt32]) {
    for scalar in scalars.sorted() where scalar >= bounds.last ?? 0 {
      if scalar == bounds.last {
        bounds[bounds.count - 1] = scalar + 1
      } else {
        bounds += [scalar, scalar + 1]
      }
    }
  }

  /// Large sets are many members of few tables: their sum tells them apart.
  func hash(into hasher: inout Hasher) {
    hasher.combine(bounds.reduce(bounds.count) { $0 &* 31 &+ Int($1) })
  }

  func contains(_ scalar: UInt32) -> Bool {
    var (low, high) = (0, bounds.count)
    while low < high {
      let middle = (low + high) / 2
      if bounds[middle] <= scalar { low = middle + 1 } else { high = middle }
    }
    return low & 1 == 1
  }

  var isEmpty: Bool { bounds.isEmpty }

  var complement: CodePointSet {
    var result = bounds
    if result.first == 0 { result.removeFirst() } else { result.insert(0, at: 0) }
    if result.last == Self.limit { result.removeLast() } else { result.append(Self.limit) }
    return CodePointSet(bounds: result)
  }

  func union(_ other: CodePointSet) -> CodePointSet {
    if isEmpty { return other }
    if other.isEmpty { return self }
    return merge(other) { $0 || $1 }
  }
  func intersection(_ other: CodePointSet) -> CodePointSet { merge(other) { $0 && $1 } }
  func subtracting(_ other: CodePointSet) -> CodePointSet { merge(other) { $0 && !$1 } }
  func symmetricDifference(_ other: CodePointSet) -> CodePointSet { merge(other) { $0 != $1 } }

  @inline(__always)
  private func merge(_ other: CodePointSet, _ keep: (Bool, Bool) -> Bool) -> CodePointSet {
    var result: [UInt32] = []
    result.reserveCapacity(bounds.count + other.bounds.count)
    bounds.withUnsafeBufferPointer { mine in
      other.bounds.withUnsafeBufferPointer { theirs in
        var (i, j) = (0, 0)
        while i < mine.count || j < theirs.count {
          let a = i < mine.count ? mine[i] : .max
          let b = j < theirs.count ? theirs[j] : .max
          if a <= b { i += 1 }
          if b <= a { j += 1 }
          if keep(i & 1 == 1, j & 1 == 1) != (result.count & 1 == 1) { result.append(min(a, b)) }
        }
      }
    }
    return CodePointSet(bounds: result)
  }
}
