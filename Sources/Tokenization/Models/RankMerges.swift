/// The merges of a vocabulary in which ids are ranks, as tiktoken takes them: of any two neighbours
/// whose joined bytes are a token, those that give the smallest id are joined first, the leftmost of
/// equal ones (`_byte_pair_merge` in its `lib.rs`, 0.14.0).
///
/// Though a token has many splits, at most one of them is ever joined. When its last two parts stand
/// side by side, no merge has crossed their borders, so that all merges among their bytes were made
/// in the order in which the bytes alone would have been merged. That order is one; it comes to two
/// parts, whichever text they stand in, or to none. So a merge a token is all there is, and each is
/// found by merging the token's bytes with the merges of shorter ones. (Ids need not grow with
/// lengths: a token may be made of parts that have greater ids.)
struct RankMerges {
  /// A merge that text can come to, and its rank.
  struct Entry: Equatable {
    var merge: Merge
    var rank: UInt32
  }

  /// At most one for each token, by the length of tokens.
  private(set) var entries: [Entry] = []
  /// Tokens of several bytes that no merge makes, by length.
  private(set) var unmerged: [TokenID] = []
  /// The first token found whose bytes another token has too.
  private(set) var duplicate: (first: TokenID, second: TokenID)?

  /// - Parameters:
  ///   - byteTokens: the token of each byte.
  ///   - merges: what may be joined, in its order; `nil`: whatever gives a token, by its id.
  /// - Complexity: O(*n* log *n*) in the bytes of all tokens.
  init(_ vocabulary: Vocabulary, byteTokens: [TokenID], among merges: [Merge]? = nil) {
    let order = Self.byLength(vocabulary)
    let allowed = merges.map { MergeTable($0) }
    let merging = TokenMerging(
      byteTokens: byteTokens, capacity: order.count, idCount: vocabulary.count,
      rankCount: max(vocabulary.count, merges?.count ?? 0))
    entries.reserveCapacity(order.count)
    vocabulary.bytes.withUnsafeBufferPointer { bytes in
      // Entries from here on make tokens of the present length, which are no parts of each other.
      var first = 0
      var length = 0
      for id in order {
        let token = bytes.extracting(vocabulary.range(of: id))
        if token.count > length {
          insert(first..<entries.count, of: vocabulary, into: merging)
          (first, length) = (entries.count, token.count)
        }
        guard let (left, right) = merging.parts(of: token),
          let entry = Self.entry(Merge(left: left, right: right, result: id), among: allowed)
        else {
          unmerged.append(id)
          continue
        }
        entries.append(entry)
      }
      insert(first..<entries.count, of: vocabulary, into: merging)
    }
    if duplicate == nil { duplicate = Self.duplicate(among: unmerged, of: vocabulary) }
  }

  /// The merges by rank.
  var merges: [Merge] {
    entries.sorted { $0.rank < $1.rank }.map(\.merge)
  }

  /// The merges by the id of what they make.
  func mergesByResult(idCount: Int) -> [Merge] {
    var places = [UInt32](repeating: .max, count: idCount)
    for (place, entry) in entries.enumerated() { places[Int(entry.merge.result)] = UInt32(place) }
    var merges: [Merge] = []
    merges.reserveCapacity(entries.count)
    for place in places where place != .max { merges.append(entries[Int(place)].merge) }
    return merges
  }

  /// Adds merges that have been found to those by which longer tokens are merged.
  private mutating func insert(
    _ found: Range<Int>, of vocabulary: Vocabulary, into merging: borrowing TokenMerging
  ) {
    // As far ahead as memory needs.
    let distance = 8
    vocabulary.bytes.withUnsafeBufferPointer { bytes in
      for index in found {
        if index + distance < found.upperBound { merging.prefetch(entries[index + distance].merge) }
        let (merge, rank) = (entries[index].merge, entries[index].rank)
        let token = bytes.extracting(vocabulary.range(of: merge.result))
        if let other = merging.insert(merge, rank: rank, of: token), duplicate == nil {
          duplicate = (other, merge.result)
        }
      }
    }
  }

  @inline(__always)
  private static func entry(_ merge: Merge, among merges: MergeTable?) -> Entry? {
    guard let merges else { return Entry(merge: merge, rank: merge.result) }
    let value = merges.value(left: merge.left, right: merge.right)
    guard value != MergeTable.absent, TokenID(truncatingIfNeeded: value) == merge.result else {
      return nil
    }
    return Entry(merge: merge, rank: UInt32(truncatingIfNeeded: value >> 32))
  }

  /// Tokens of two bytes and more, the shortest first. Equally long ones that begin alike stand
  /// together, as the same pairs are looked up for them: in other orders most of the time goes into
  /// waiting for memory. Equal ones stand by id.
  private static func byLength(_ vocabulary: Vocabulary) -> [TokenID] {
    let common = 256
    func length(_ id: TokenID) -> Int { vocabulary.length(of: id) }
    let ids = (0..<TokenID(vocabulary.count)).filter { length($0) > 1 }
    let byStart = sorted(ids, keys: 1 << 16) { id in
      let start = Int(vocabulary.offsets[Int(id)])
      return Int(vocabulary.bytes[start]) << 8 | Int(vocabulary.bytes[start + 1])
    }
    var order = sorted(byStart, keys: common + 1) { min(length($0), common) }
    let longCount = order.reversed().prefix { length($0) >= common }.count
    let long = order.suffix(longCount).sorted { (length($0), $0) < (length($1), $1) }
    order.replaceSubrange((order.count - longCount)..., with: long)
    return order
  }

  /// By keys from 0 to `keys` - 1, equal ones in the order in which they were.
  private static func sorted(
    _ ids: [TokenID], keys: Int, _ key: (TokenID) -> Int
  ) -> [TokenID] {
    var starts = [UInt32](repeating: 0, count: keys + 1)
    for id in ids { starts[key(id) + 1] += 1 }
    for key in 1...keys { starts[key] += starts[key - 1] }
    var order = [TokenID](repeating: 0, count: ids.count)
    for id in ids {
      let key = key(id)
      order[Int(starts[key])] = id
      starts[key] += 1
    }
    return order
  }

  /// Equal tokens that no merge makes: they do not meet above.
  private static func duplicate(
    among ids: [TokenID], of vocabulary: Vocabulary
  ) -> (first: TokenID, second: TokenID)? {
    func bytes(_ id: TokenID) -> ArraySlice<UInt8> { vocabulary[id] ?? [] }
    let sorted = ids.sorted { a, b in
      let (left, right) = (bytes(a), bytes(b))
      return left == right ? a < b : left.lexicographicallyPrecedes(right)
    }
    for (id, next) in zip(sorted, sorted.dropFirst()) where bytes(id) == bytes(next) {
      return (id, next)
    }
    return nil
  }
}
