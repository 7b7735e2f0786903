import NativeBridges
import Primitives

/// The way back from bytes to ids: an open-addressing table over the tokens of a vocabulary.
///
/// Complexity: building O(bytes of all tokens), looking up O(length) on average. 16 bytes a token.
// Sendable without a check: the slots are written in `init` only.
public final class TokenIndex: @unchecked Sendable {
  private let vocabulary: Vocabulary
  private let pages: ZeroedPages
  /// In the low half id + 1 of the token that has a slot, in the high half some bits of its hash, by
  /// which nearly all others are passed over without a look at their bytes; 0 where it is free.
  private let slots: UnsafeMutablePointer<UInt64>
  /// Twice the number of ids, or more.
  private let size: Int
  private let seed: UInt64
  /// The first token, by id, whose bytes another token before it has too.
  public private(set) var firstDuplicate: (first: TokenID, second: TokenID)?

  public init(_ vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    size = max(16, 2 * vocabulary.count)
    seed = ByteWords.seed
    pages = ZeroedPages(byteCount: size * MemoryLayout<UInt64>.stride)
    slots = pages.base.bindMemory(to: UInt64.self, capacity: size)
    insertAll()
  }

  /// Hashes some tokens before it places them: the memory of their slots comes meanwhile.
  private func insertAll() {
    let batch = 32
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: batch) { hashes in
      vocabulary.bytes.withUnsafeBufferPointer { bytes in
        for first in stride(from: 0, to: vocabulary.count, by: batch) {
          let ids = TokenID(first)..<TokenID(min(first + batch, vocabulary.count))
          for id in ids {
            let token = bytes.extracting(vocabulary.range(of: id))
            let hash = hash(token)
            hashes[Int(id) - first] = hash
            tt_prefetch(slots + home(of: hash))
          }
          for id in ids where vocabulary.present[Int(id)] {
            let token = bytes.extracting(vocabulary.range(of: id))
            insert(token, id, hash: hashes[Int(id) - first])
          }
        }
      }
    }
  }

  @inline(__always)
  private func insert(_ token: UnsafeBufferPointer<UInt8>, _ id: TokenID, hash: UInt64) {
    let slot = slot(of: token, hash: hash)
    if slots[slot] == 0 {
      slots[slot] = hash &<< 32 | UInt64(id &+ 1)
    } else if firstDuplicate == nil {
      firstDuplicate = (TokenID(truncatingIfNeeded: slots[slot]) &- 1, id)
    }
  }

  /// The id of the token that has exactly these bytes.
  public func id(of bytes: some Collection<UInt8>) -> TokenID? {
    if let id = bytes.withContiguousStorageIfAvailable({ id(of: $0) }) { return id }
    return Array(bytes).withUnsafeBufferPointer { id(of: $0) }
  }

  /// The id of the token that has exactly these bytes.
  func id(of bytes: UnsafeBufferPointer<UInt8>) -> TokenID? {
    let entry = slots[slot(of: bytes, hash: hash(bytes))]
    return entry == 0 ? nil : TokenID(truncatingIfNeeded: entry) &- 1
  }

  /// Whether the token of an id has exactly these bytes.
  @inline(__always)
  func hasToken(_ id: TokenID, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard Int(id) < vocabulary.count else { return false }
    let range = vocabulary.range(of: id)
    guard range.count == bytes.count, vocabulary.present[Int(id)], let start = bytes.baseAddress
    else { return false }
    return vocabulary.bytes.withUnsafeBufferPointer { all in
      all.baseAddress.map {
        ByteWords.areEqual($0 + range.lowerBound, start, count: bytes.count)
      } ?? false
    }
  }

  /// The slot that holds a token, or the free one where it belongs.
  @inline(__always)
  private func slot(of token: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int {
    var slot = home(of: hash)
    while slots[slot] != 0 {
      let entry = slots[slot]
      if entry &>> 32 == hash & 0xFFFF_FFFF,
        isEqual(token, to: TokenID(truncatingIfNeeded: entry) &- 1)
      {
        return slot
      }
      slot &+= 1
      if slot == size { slot = 0 }
    }
    return slot
  }

  @inline(__always)
  private func isEqual(_ token: UnsafeBufferPointer<UInt8>, to id: TokenID) -> Bool {
    let range = vocabulary.range(of: id)
    guard range.count == token.count, let start = token.baseAddress else {
      return range.isEmpty && token.isEmpty
    }
    return vocabulary.bytes.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map {
        ByteWords.areEqual($0 + range.lowerBound, start, count: token.count)
      } ?? true
    }
  }

  @inline(__always)
  private func hash(_ token: UnsafeBufferPointer<UInt8>) -> UInt64 {
    guard let start = token.baseAddress, !token.isEmpty else { return seed }
    return ByteWords.hash(start, count: token.count, seed: seed)
  }

  /// The high half of a hash chooses the slot.
  @inline(__always)
  private func home(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: ((hash &>> 32) &* UInt64(truncatingIfNeeded: size)) &>> 32)
  }
}
