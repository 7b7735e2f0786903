/// The tokens of a model by id: the bytes each stands for.
///
/// Tokens are bytes, never `String`: Swift compares strings by canonical equivalence and would take
/// two tokens for one. Ids run from 0 to `count - 1`; an id without a token is a hole. All tokens
/// together have less than 4 GB.
public struct Vocabulary: Sendable {
  /// Bytes of all tokens, one after the other, in id order.
  let bytes: [UInt8]
  /// `offsets[id]..<offsets[id + 1]` are the bytes of a token; a hole is empty.
  let offsets: [UInt32]
  /// Whether a token stands at an id.
  let present: [Bool]

  /// - Parameter tokens: bytes by id; `nil` leaves the id without a token.
  public init(tokens: [[UInt8]?]) {
    var builder = VocabularyBuilder(
      tokenCount: tokens.count, byteCount: tokens.reduce(0) { $0 + ($1?.count ?? 0) })
    for token in tokens {
      if let token {
        token.withUnsafeBufferPointer { builder.append($0) }
      } else {
        builder.appendHole()
      }
    }
    self = builder.vocabulary
  }

  /// - Precondition: as many `present` as there are `offsets` less one; `offsets` ascend from 0 to
  ///   `bytes.count`, and holes are empty.
  init(bytes: [UInt8], offsets: [UInt32], present: [Bool]) {
    self.bytes = bytes
    self.offsets = offsets
    self.present = present
  }

  /// One more than the highest id.
  public var count: Int { present.count }

  /// Number of ids with a token.
  public var tokenCount: Int { present.reduce(0) { $0 + ($1 ? 1 : 0) } }

  /// Bytes of a token, or `nil` where the id has none.
  public subscript(id: TokenID) -> ArraySlice<UInt8>? {
    let row = Int(id)
    guard row < present.count, present[row] else { return nil }
    return bytes[range(of: id)]
  }

  /// Where the bytes of a token stand among those of all.
  @inline(__always)
  func range(of id: TokenID) -> Range<Int> { Int(offsets[Int(id)])..<Int(offsets[Int(id) + 1]) }

  /// Length of a token in bytes; 0 for a hole.
  @inline(__always)
  func length(of id: TokenID) -> Int { Int(offsets[Int(id) + 1] &- offsets[Int(id)]) }

  /// The first id whose token has these bytes, without an index. Complexity: O(tokens).
  func firstID(of token: [UInt8]) -> TokenID? {
    (0..<TokenID(count)).first { id in
      length(of: id) == token.count && present[Int(id)]
        && bytes[range(of: id)].elementsEqual(token)
    }
  }

  /// Length in bytes of the longest token; 0 without tokens.
  public var longestTokenLength: Int {
    (0..<TokenID(count)).reduce(0) { max($0, length(of: $1)) }
  }

  /// The same without the tokens of some ids, which become holes.
  ///
  /// - Parameter ids: ascending, below `count`.
  func removing(_ ids: [TokenID]) -> Vocabulary {
    if ids.isEmpty { return self }
    var kept: [UInt8] = []
    kept.reserveCapacity(bytes.count)
    var (offsets, present) = (offsets, present)
    var copied = 0
    var removed: UInt32 = 0
    for (index, id) in ids.enumerated() {
      let range = range(of: id)
      kept += bytes[copied..<range.lowerBound]
      copied = range.upperBound
      present[Int(id)] = false
      removed += UInt32(truncatingIfNeeded: range.count)
      let next = index + 1 < ids.count ? Int(ids[index + 1]) : count
      for later in Int(id) + 1...next { offsets[later] -= removed }
    }
    kept += bytes[copied...]
    return Vocabulary(bytes: kept, offsets: offsets, present: present)
  }
}
