import Primitives

/// Short pieces seen before and their ids, where these fit into 16 bytes: 7 of most vocabularies, 5
/// of the largest.
///
/// Lines of 64 bytes hold two keys and then the ids of both, so that one look at memory tells. A
/// piece stands in the first line with a free place from its home line on; one that is found behind its
/// home changes places with one there, so that what is frequent comes home. Nobody looks far: where all
/// lines near home are full, one piece is forgotten. The table grows with what it holds up to its
/// limit, and is emptied there.
struct PieceCache: ~Copyable {
  /// Ids above this do not fit.
  static let greatestID: TokenID = 1 << 24 - 1

  static let lineSize = 64
  /// Bytes for the ids of a piece.
  private static let idSize = 16
  /// Not worth growing from less: 64 KB.
  private static let leastLineBits = 10
  /// Lines from the home of a piece on in which it may stand, so that no keys that someone chose make
  /// long ways.
  private static let reach = 8

  private let packing: IDPacking
  private var pages: ZeroedPages
  private var lineBits: Int
  /// Pieces in the table: at most half of what it has room for, three quarters in the largest.
  private var count = 0

  /// - Parameter byteCount: most memory to begin with; 64 KB at least.
  init(_ packing: IDPacking, byteCount: Int) {
    self.packing = packing
    lineBits = min(Self.lineBits(within: byteCount), 13)
    pages = Self.pages(lineBits)
  }

  /// Those of the largest table in so many bytes.
  private static func lineBits(within byteCount: Int) -> Int {
    max(leastLineBits, byteCount.bitWidth - max(0, byteCount).leadingZeroBitCount - 7)
  }

  /// What the table takes.
  var byteCount: Int { Self.lineSize << lineBits }

  private static func pages(_ lineBits: Int) -> ZeroedPages {
    ZeroedPages(byteCount: lineSize << lineBits + IDPacking.slack)
  }

  /// Lends the lines to the loops that look at them.
  var lines: UnsafeMutableRawPointer { pages.base }
  /// The number of a line: the top bits of a hash.
  var shift: UInt64 { UInt64(64 - lineBits) }
  var mostIDs: Int { packing.most(in: Self.idSize) }

  @inline(__always)
  static func line(of key: ShortKey, shift: UInt64) -> Int {
    Int(truncatingIfNeeded: key.hash &>> shift)
  }

  /// Makes sure that so many pieces, 512 at most, can be inserted. Lines that were lent are void after.
  /// - Parameter limit: bytes that the table may grow to.
  mutating func makeRoom(for added: Int, within limit: Int) {
    if 4 * (count + added) <= 4 << lineBits { return }
    let mostLineBits = Self.lineBits(within: limit)
    if lineBits < mostLineBits { return grow(to: min(mostLineBits, lineBits + 2)) }
    // Fuller tables have more pieces away from home.
    if 4 * (count + added) <= 6 << lineBits { return }
    lines.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    count = 0
  }

  /// The packed ids of a piece, or `nil`. It comes home.
  func packedIDs(of key: ShortKey, home: Int) -> UnsafeRawPointer? {
    let lines = self.lines
    var line = home
    for _ in 0..<Self.reach {
      let start = lines + line &* Self.lineSize
      for place in 0..<2 {
        let found = Self.key(start, place)
        if found == key {
          return line == home
            ? UnsafeRawPointer(Self.ids(start, place))
            : Self.swap(start, place, lines + home &* Self.lineSize)
        }
        if found == .empty { return nil }
      }
      line = next(line)
    }
    return nil
  }

  /// Remembers a piece that is not there; `nil` for ids that are elsewhere.
  /// - Precondition: there is room; at most `mostIDs` ids.
  mutating func insert(_ key: ShortKey, home: Int, ids: UnsafePointer<TokenID>?, count: Int) {
    let target = place(for: key, home: home)
    if let ids {
      packing.pack(ids, count: count, to: target)
    } else {
      target.storeBytes(of: IDPacking.elsewhere, as: UInt8.self)
    }
    self.count += 1
  }

  /// Writes a key to the first free place near its home, or to the last of all, and returns where its
  /// ids belong: bytes that are zero.
  private func place(for key: ShortKey, home: Int) -> UnsafeMutableRawPointer {
    var line = home
    for _ in 1..<Self.reach where !hasPlace(in: line) { line = next(line) }
    let start = lines + line &* Self.lineSize
    let place = Self.key(start, 0) == .empty ? 0 : 1
    start.storeBytes(of: key, toByteOffset: 16 &* place, as: ShortKey.self)
    let target = Self.ids(start, place)
    target.initializeMemory(as: UInt8.self, repeating: 0, count: Self.idSize)
    return target
  }

  private func hasPlace(in line: Int) -> Bool {
    Self.key(lines + line &* Self.lineSize, 1) == .empty
  }

  @inline(__always)
  private func next(_ line: Int) -> Int { (line &+ 1) & (1 &<< lineBits &- 1) }

  private mutating func grow(to newBits: Int) {
    let (old, oldBits) = (lines, lineBits)
    lineBits = newBits
    // The old pages live until what they hold has moved.
    var smaller = Self.pages(lineBits)
    Swift.swap(&pages, &smaller)
    for line in 0..<1 << oldBits {
      let start = old + line &* Self.lineSize
      for place in 0..<2 {
        let key = Self.key(start, place)
        if key == .empty { break }
        let target = self.place(for: key, home: Self.line(of: key, shift: shift))
        target.copyMemory(from: Self.ids(start, place), byteCount: Self.idSize)
      }
    }
    _ = consume smaller
  }

  @inline(__always)
  private static func key(_ line: UnsafeMutableRawPointer, _ place: Int) -> ShortKey {
    line.load(fromByteOffset: 16 &* place, as: ShortKey.self)
  }

  @inline(__always)
  private static func ids(
    _ line: UnsafeMutableRawPointer, _ place: Int
  ) -> UnsafeMutableRawPointer {
    line + 32 + 16 &* place
  }

  /// Changes a piece with the second of its home line, which is found where it stood unless that is
  /// beyond its reach: all lines between are full. Returns where its ids are now.
  private static func swap(
    _ line: UnsafeMutableRawPointer, _ place: Int, _ home: UnsafeMutableRawPointer
  ) -> UnsafeRawPointer {
    for (one, other) in [(line + 16 * place, home + 16), (ids(line, place), ids(home, 1))] {
      let bytes = one.load(as: ShortKey.self)
      one.copyMemory(from: other, byteCount: 16)
      other.storeBytes(of: bytes, as: ShortKey.self)
    }
    return UnsafeRawPointer(ids(home, 1))
  }
}
