import NativeBridges
import Primitives

/// Pieces of up to 31 bytes seen before and their ids, where these fit into 32 bytes: those that
/// `PieceCache` cannot hold.
///
/// Open addressing with entries of 64 bytes, at most three quarters full, where nobody looks far: if all
/// places near its home are taken, a piece takes the last. Grows up to its limit, and is emptied there.
struct WidePieceCache: ~Copyable {
  /// A piece: its bytes, its length on top.
  struct Key: Equatable, BitwiseCopyable {
    static let maximumLength = 31

    var words: (UInt64, UInt64, UInt64, UInt64)

    /// - Precondition: `length` is 16 to `maximumLength`, and 16 bytes may be read behind the piece.
    @inline(__always)
    init(at start: UnsafePointer<UInt8>, length: Int) {
      let raw = UnsafeRawPointer(start)
      let rest = length &- 16
      words = (
        UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self)),
        UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)), 0, 0
      )
      if rest > 0 {
        let key = ShortKey(at: start + 16, length: rest)
        (words.2, words.3) = (key.low, key.high)
      }
      words.3 &+= 16 &<< 56
    }

    init(_ key: ShortKey) {
      words = (key.low, key.high & (.max >> 8), 0, UInt64(key.length) << 56)
    }

    /// No piece has length 0.
    @inline(__always)
    var isEmpty: Bool { words.3 == 0 }

    @inline(__always)
    static func == (one: Key, other: Key) -> Bool {
      ((one.words.0 ^ other.words.0) | (one.words.1 ^ other.words.1)
        | (one.words.2 ^ other.words.2) | (one.words.3 ^ other.words.3)) == 0
    }

    @inline(__always)
    var hash: UInt64 {
      ShortKey(low: words.0, high: words.1).hash
        ^ ShortKey(low: words.2 ^ 0x2545_F491_4F6C_DD1D, high: words.3).hash
    }
  }

  private static let entrySize = 64
  private static let idOffset = 32
  /// 16 KB.
  private static let leastBits = 8
  /// Places from the home of a piece on where it may stand, so that no keys that someone chose make
  /// long ways.
  private static let reach = 16

  private let packing: IDPacking
  private var pages: ZeroedPages
  private var bits: Int
  private var count = 0

  /// - Parameter byteCount: most memory to begin with; 16 KB at least.
  init(_ packing: IDPacking, byteCount: Int) {
    self.packing = packing
    bits = min(Self.bits(within: byteCount), 12)
    pages = Self.pages(bits)
  }

  /// Those of the largest table in so many bytes.
  private static func bits(within byteCount: Int) -> Int {
    max(leastBits, byteCount.bitWidth - max(0, byteCount).leadingZeroBitCount - 7)
  }

  /// What the table takes.
  var byteCount: Int { Self.entrySize << bits }

  private static func pages(_ bits: Int) -> ZeroedPages {
    ZeroedPages(byteCount: entrySize << bits + IDPacking.slack)
  }

  var mostIDs: Int { packing.most(in: Self.entrySize - Self.idOffset) }

  /// Asks for the memory of a piece.
  @inline(__always)
  func prefetch(_ key: Key) { tt_prefetch(pages.base + place(of: key)) }

  /// The packed ids of a piece, or `nil`.
  func packedIDs(of key: Key) -> UnsafeRawPointer? {
    var place = self.place(of: key)
    for _ in 0..<Self.reach {
      let found = pages.base.load(fromByteOffset: place, as: Key.self)
      if found == key { return UnsafeRawPointer(pages.base + place + Self.idOffset) }
      if found.isEmpty { return nil }
      place = next(place)
    }
    return nil
  }

  /// Remembers a piece that is not there; `nil` for ids that are elsewhere.
  /// - Parameter limit: bytes that the table may grow to.
  /// - Precondition: at most `mostIDs` ids.
  mutating func insert(_ key: Key, ids: UnsafePointer<TokenID>?, count: Int, within limit: Int) {
    if 4 * (self.count + 1) > 3 << bits { makeRoom(within: limit) }
    let target = idPlace(for: key)
    if let ids {
      packing.pack(ids, count: count, to: target)
    } else {
      target.storeBytes(of: IDPacking.elsewhere, as: UInt8.self)
    }
    self.count += 1
  }

  /// Writes a key to its place and returns where its ids belong: bytes that are zero.
  private func idPlace(for key: Key) -> UnsafeMutableRawPointer {
    var place = self.place(of: key)
    for _ in 1..<Self.reach
    where !pages.base.load(fromByteOffset: place, as: Key.self).isEmpty { place = next(place) }
    let entry = pages.base + place
    entry.initializeMemory(as: UInt8.self, repeating: 0, count: Self.entrySize)
    entry.storeBytes(of: key, as: Key.self)
    return entry + Self.idOffset
  }

  private mutating func makeRoom(within limit: Int) {
    let mostBits = Self.bits(within: limit)
    if bits >= mostBits {
      pages.base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
      count = 0
      return
    }
    let (old, oldBits) = (pages.base, bits)
    bits = min(mostBits, bits + 2)
    // The old pages live until what they hold has moved.
    var smaller = Self.pages(bits)
    swap(&pages, &smaller)
    for place in stride(from: 0, to: Self.entrySize << oldBits, by: Self.entrySize) {
      let key = old.load(fromByteOffset: place, as: Key.self)
      if key.isEmpty { continue }
      idPlace(for: key).copyMemory(
        from: old + place + Self.idOffset, byteCount: Self.entrySize - Self.idOffset)
    }
    _ = consume smaller
  }

  /// In bytes.
  @inline(__always)
  private func place(of key: Key) -> Int {
    Int(truncatingIfNeeded: key.hash &>> UInt64(truncatingIfNeeded: 64 &- bits))
      &* Self.entrySize
  }

  @inline(__always)
  private func next(_ place: Int) -> Int {
    (place &+ Self.entrySize) & (Self.entrySize &<< bits &- 1)
  }
}
