import NativeBridges
import Primitives

/// Turns pieces of text into ids: cached ones at a few nanoseconds each, new ones by the model.
///
/// Pieces go in batches through two loops: `fill` makes the keys and asks for the cache lines,
/// `emit` compares two entries and copies four ids at once, with one branch (for pieces that are
/// not cached), since lengths and numbers of ids are as good as random.
struct PieceEncoder: ~Copyable {
  private static let batchSize = 512

  private let model: CompiledModel
  private let cache: PieceCache
  private var longPieces = LongPieceCache()
  private let keys: UnsafeMutablePointer<ShortKey>
  private let places: UnsafeMutablePointer<UInt32>
  /// Whether a piece since the last look needed the unknown token, and the model has none.
  private var hasFailed = false

  init(model: CompiledModel, cacheSetBits: Int) {
    self.model = model
    cache = PieceCache(setBits: cacheSetBits)
    keys = .allocate(capacity: Self.batchSize)
    places = .allocate(capacity: Self.batchSize)
  }

  deinit {
    keys.deallocate()
    places.deallocate()
  }

  /// Whether a piece since the last call of this had text for which the model has no token.
  mutating func takeFailure() -> Bool {
    defer { hasFailed = false }
    return hasFailed
  }

  /// Ids of the pieces of a text; a piece that the model has no token for leaves none.
  ///
  /// - Parameters:
  ///   - text: readable for 16 bytes after the last piece.
  ///   - starts, ends: where each piece begins and ends.
  ///   - output: room for an id a byte, and four.
  /// - Returns: the number of ids.
  mutating func encode(
    _ text: UnsafePointer<UInt8>, starts: UnsafePointer<UInt32>, ends: UnsafePointer<UInt32>,
    count: Int, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    var done = 0
    var idCount = 0
    while done < count {
      let size = min(Self.batchSize, count &- done)
      fill(text, starts: starts + done, ends: ends + done, count: size)
      idCount &+= emit(
        text, starts: starts + done, ends: ends + done, count: size, into: output + idCount)
      done &+= size
    }
    return idCount
  }

  @inline(__always)
  private func fill(
    _ text: UnsafePointer<UInt8>, starts: UnsafePointer<UInt32>, ends: UnsafePointer<UInt32>,
    count: Int
  ) {
    let keys = self.keys
    let places = self.places
    let entries = cache.entries
    let shift = cache.shift
    for index in 0..<count {
      let start = Int(starts[index])
      let end = Int(ends[index])
      let key = ShortKey(at: text + start, length: end &- start)
      let place = PieceCache.index(of: key.hash, shift: shift)
      keys[index] = key
      places[index] = UInt32(truncatingIfNeeded: place)
      tt_prefetch(entries + place)
    }
  }

  @inline(__always)
  private mutating func emit(
    _ text: UnsafePointer<UInt8>, starts: UnsafePointer<UInt32>, ends: UnsafePointer<UInt32>,
    count: Int, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    let keys = self.keys
    let places = self.places
    let entries = cache.entries
    var output = output
    let first = output
    for index in 0..<count {
      let key = keys[index]
      let place = Int(places[index])
      let home = entries[place]
      let other = entries[place &+ 1]
      let differsHome = (home.low ^ key.low) | (home.high ^ key.high)
      let differsOther = (other.low ^ key.low) | (other.high ^ key.high)
      if differsHome != 0 && differsOther != 0 {
        let begin = Int(starts[index])
        let length = Int(ends[index]) &- begin
        output += encodeNew(text + begin, length: length, key: key, into: output)
        continue
      }
      let isHome = 0 &- UInt64(differsHome == 0 ? 1 : 0)
      let pair = (home.ids.0 & isHome) | (other.ids.0 & ~isHome)
      let rest = (home.ids.1 & isHome) | (other.ids.1 & ~isHome)
      let target = UnsafeMutableRawPointer(output)
      target.storeBytes(of: pair & 0xFFFF_FFFF_00FF_FFFF, as: UInt64.self)
      target.storeBytes(of: rest, toByteOffset: 8, as: UInt64.self)
      output += Int(truncatingIfNeeded: (pair &>> 24) & 0xFF)
    }
    return output - first
  }

  @inline(never)
  private mutating func encodeNew(
    _ start: UnsafePointer<UInt8>, length: Int, key: ShortKey,
    into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    let piece = UnsafeBufferPointer(start: start, count: length)
    guard length <= LongPieceCache.maximumLength else {
      return checked(model.encode(piece, into: output))
    }
    let hash = LongPieceCache.hash(piece)
    let remembered = longPieces.ids(of: piece, hash: hash, into: output)
    if remembered >= 0 { return remembered }
    let count = model.encode(piece, into: output)
    if count < 0 { return checked(count) }
    if length <= ShortKey.maximumLength && count <= PieceCache.mostIDs {
      cache.insert(key, ids: output, count: count)
    } else {
      longPieces.insert(piece, hash: hash, ids: output, idCount: count)
    }
    return count
  }

  private mutating func checked(_ count: Int) -> Int {
    if count < 0 { hasFailed = true }
    return max(0, count)
  }
}
