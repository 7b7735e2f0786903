/// The tokens of a model by id: the bytes each stands for.
///
/// Tokens are bytes, never `String`: Swift compares strings by canonical equivalence and would take
/// two tokens for one. Ids run from 0 to `count - 1`; an id without a token is a hole.
public struct Vocabulary: Sendable {
  /// Bytes of all tokens, one after the other, in id order.
  private let bytes: [UInt8]
  /// `offsets[id]..<offsets[id + 1]` are the bytes of a token; a hole is empty.
  private let offsets: [Int]
  /// Bit per id: 1 where a token stands.
  private let present: [Bool]

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

  /// One more than the highest id.
  public var count: Int { present.count }

  /// Bytes of a token, or `nil` where the id has none.
  public subscript(id: TokenID) -> ArraySlice<UInt8>? {
    let row = Int(id)
    guard row < present.count, present[row] else { return nil }
    return bytes[offsets[row]..<offsets[row + 1]]
  }
}
