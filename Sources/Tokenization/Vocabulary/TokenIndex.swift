/// The way back from bytes to ids: an open-addressing table over the tokens of a vocabulary.
///
/// Complexity: building O(bytes of all tokens), looking up O(length) on average. 8 bytes a token.
public struct TokenIndex: Sendable {
  private let vocabulary: Vocabulary
  /// Id + 1 of the token in a slot, 0 where it is free. The size is a power of two, at most half full.
  private let slots: [UInt32]
  /// The first token, by id, whose bytes another token before it has too.
  public let firstDuplicate: (first: TokenID, second: TokenID)?

  public init(_ vocabulary: Vocabulary) {
    var size = 16
    while size < 2 * vocabulary.count { size *= 2 }
    var slots = [UInt32](repeating: 0, count: size)
    var firstDuplicate: (first: TokenID, second: TokenID)?
    for id in 0..<TokenID(vocabulary.count) {
      guard let token = vocabulary[id] else { continue }
      token.withUnsafeBufferPointer { token in
        let slot = Self.slot(of: token, in: slots, vocabulary)
        if slots[slot] == 0 {
          slots[slot] = id + 1
        } else if firstDuplicate == nil {
          firstDuplicate = (slots[slot] - 1, id)
        }
      }
    }
    self.vocabulary = vocabulary
    self.slots = slots
    self.firstDuplicate = firstDuplicate
  }

  /// The id of the token that has exactly these bytes.
  public func id(of bytes: some Collection<UInt8>) -> TokenID? {
    if let id = bytes.withContiguousStorageIfAvailable({ id(of: $0) }) { return id }
    return Array(bytes).withUnsafeBufferPointer { id(of: $0) }
  }

  /// The id of the token that has exactly these bytes.
  func id(of bytes: UnsafeBufferPointer<UInt8>) -> TokenID? {
    let entry = slots[Self.slot(of: bytes, in: slots, vocabulary)]
    return entry == 0 ? nil : entry - 1
  }

  /// The slot that holds a token, or the free one where it belongs.
  private static func slot(
    of token: UnsafeBufferPointer<UInt8>, in slots: [UInt32], _ vocabulary: Vocabulary
  ) -> Int {
    let mask = slots.count - 1
    var slot = hash(token) & mask
    while slots[slot] != 0 {
      let row = Int(slots[slot] - 1)
      let start = vocabulary.offsets[row]
      if vocabulary.offsets[row + 1] - start == token.count
        && vocabulary.bytes[start..<start + token.count].elementsEqual(token)
      {
        return slot
      }
      slot = (slot + 1) & mask
    }
    return slot
  }

  /// FNV-1a with a final mix, as the low bits choose the slot.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    hash ^= hash >> 32
    return Int(truncatingIfNeeded: hash & 0x7FFF_FFFF)
  }
}
