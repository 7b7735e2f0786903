/// The tokens of a model by id: the bytes each stands for.
///
/// Tokens are bytes, never `String`: Swift compares strings by canonical equivalence and would take
/// two tokens for one. Ids run from 0 to `count - 1`; an id without a token is a hole.
public struct Vocabulary: Sendable {
  /// Bytes of all tokens, one after the other, in id order.
  let bytes: [UInt8]
  /// `offsets[id]..<offsets[id + 1]` are the bytes of a token; a hole is empty.
  let offsets: [Int]
  /// Whether a token stands at an id.
  let present: [Bool]

  /// - Parameter tokens: bytes by id; `nil` leaves the id without a token.
  public init(tokens: [[UInt8]?]) {
    var bytes: [UInt8] = []
    var offsets = [0]
    offsets.reserveCapacity(tokens.count + 1)
    for token in tokens {
      if let token { bytes.append(contentsOf: token) }
      offsets.append(bytes.count)
    }
    self.bytes = bytes
    self.offsets = offsets
    self.present = tokens.map { $0 != nil }
  }

  /// - Precondition: as many `present` as there are `offsets` less one; `offsets` ascend from 0 to
  ///   `bytes.count`, and holes are empty.
  init(bytes: [UInt8], offsets: [Int], present: [Bool]) {
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
    return bytes[offsets[row]..<offsets[row + 1]]
  }

  /// The first id whose token has these bytes, without an index. Complexity: O(tokens).
  func firstID(of token: [UInt8]) -> TokenID? {
    (0..<count).first { row in
      offsets[row + 1] - offsets[row] == token.count && present[row]
        && bytes[offsets[row]..<offsets[row + 1]].elementsEqual(token)
    }.map { TokenID($0) }
  }

  /// Length in bytes of the longest token; 0 without tokens.
  public var longestTokenLength: Int {
    var longest = 0
    for row in 0..<count { longest = max(longest, offsets[row + 1] - offsets[row]) }
    return longest
  }
}
