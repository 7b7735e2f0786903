import NativeBridges
import Primitives

/// Turns pieces of text into ids: cached ones at a few nanoseconds each, new ones by the model.
///
/// Pieces go in batches through two loops: the first makes the keys and asks for the cache lines, the
/// second compares the two keys of a line and unpacks ids, with one branch (for pieces that are not
/// there), since lengths and numbers of ids are as good as random. Processors with AVX-512 have both
/// in C, with masked loads and by vectors.
struct PieceEncoder<Model: PieceModel & ~Copyable>: ~Copyable {
  private static var batchSize: Int { 256 }

  /// What pieces go to that no cache has.
  var model: Model
  private let packing: IDPacking
  /// What the loop in C unpacks by; `nil` where the processor does not have what it needs.
  private let vectors: UnsafeMutablePointer<tt_piece_packing>?
  private var cache: PieceCache
  private var widePieces: WidePieceCache
  private var longPieces: LongPieceCache
  /// Most memory of the caches of short and wide pieces together.
  private let tableBytes: Int
  /// The keys of a batch and the lines of the cache that they may stand in.
  private let batch: KeyBatch
  /// The hashes of pieces that are long for a wide key.
  private let hashes: UnsafeMutablePointer<UInt64>
  /// Whether a piece since the last look needed the unknown token, and the model has none.
  private var hasFailed = false

  /// - Parameters:
  ///   - idCount: one more than the greatest id; at most 2^24.
  ///   - cacheBytes: most memory for caches: a quarter for long pieces, the rest for short and wide ones
  ///     as they come, half of it for one of them. About that of a text in many scripts.
  ///   - usesVectors: whether the processor's vectors are used if it has them.
  init(model: consuming Model, idCount: Int, cacheBytes: Int, usesVectors: Bool = true) {
    self.model = model
    packing = IDPacking(idCount: idCount)
    if usesVectors && tt_pieces_are_available() {
      vectors = .allocate(capacity: 1)
      vectors?.initialize(to: packing.kernel)
    } else {
      vectors = nil
    }
    tableBytes = cacheBytes - cacheBytes / 4
    cache = PieceCache(packing, byteCount: cacheBytes / 4)
    widePieces = WidePieceCache(packing, byteCount: cacheBytes / 4)
    longPieces = LongPieceCache(idCount: idCount, byteCount: cacheBytes / 4)
    batch = KeyBatch(capacity: Self.batchSize, usesVectors: usesVectors)
    hashes = .allocate(capacity: Self.batchSize)
  }

  deinit {
    vectors?.deallocate()
    hashes.deallocate()
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
  ///   - output: room for an id a byte, and `IDPacking.spareIDs`.
  /// - Returns: the number of ids.
  mutating func encode(
    _ text: UnsafePointer<UInt8>, starts: UnsafePointer<UInt32>, ends: UnsafePointer<UInt32>,
    count: Int, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    var done = 0
    var place = output
    while done < count {
      let size = min(Self.batchSize, count &- done)
      cache.makeRoom(for: size, within: tableBytes - widePieces.byteCount)
      makeKeys(text, starts: starts + done, ends: ends + done, count: size)
      var next = 0
      while true {
        next = writeIDs(from: next, count: size, to: &place)
        if next == size { break }
        let start = Int(starts[done &+ next])
        place += encodeOther(
          UnsafeBufferPointer(start: text + start, count: Int(ends[done &+ next]) &- start),
          number: next, into: place)
        next &+= 1
      }
      done &+= size
    }
    return place - output
  }

  /// Keys and lines of a batch; all memory that is going to be looked at is asked for.
  @inline(__always)
  private func makeKeys(
    _ text: UnsafePointer<UInt8>, starts: UnsafePointer<UInt32>, ends: UnsafePointer<UInt32>,
    count: Int
  ) {
    let longCount = batch.make(
      of: text, starts: starts, ends: ends, count: count, lines: cache.lines, shift: cache.shift,
      lineSize: PieceCache.lineSize)
    for index in 0..<longCount {
      let piece = Int(batch.longs[index])
      let start = Int(starts[piece])
      let length = Int(ends[piece]) &- start
      if length <= WidePieceCache.Key.maximumLength {
        widePieces.prefetch(WidePieceCache.Key(at: text + start, length: length))
      } else if length <= LongPieceCache.maximumLength {
        let hash = longPieces.hash(UnsafeBufferPointer(start: text + start, count: length))
        hashes[piece] = hash
        longPieces.prefetch(hash)
      }
    }
  }

  /// Writes the ids of the pieces of the batch from one on, up to the first that has none in its line;
  /// returns the number of that one.
  @inline(__always)
  private func writeIDs(
    from first: Int, count: Int, to output: inout UnsafeMutablePointer<TokenID>
  ) -> Int {
    guard let vectors else { return writeIDsPortably(from: first, count: count, to: &output) }
    var place: UnsafeMutablePointer<TokenID>? = output
    let next = tt_piece_ids(batch.keys, batch.places, first, count, cache.lines, vectors, &place)
    output = place ?? output
    return next
  }

  /// See `tt_piece_ids`.
  private func writeIDsPortably(
    from first: Int, count: Int, to output: inout UnsafeMutablePointer<TokenID>
  ) -> Int {
    let (keys, places, lines) = (batch.keys, batch.places, UnsafeRawPointer(cache.lines))
    let most = cache.mostIDs
    var place = output
    defer { output = place }
    for index in first..<count {
      let key = keys[index]
      let line = lines + Int(places[index]) &* PieceCache.lineSize
      let one = line.load(as: ShortKey.self)
      let other = line.load(fromByteOffset: 16, as: ShortKey.self)
      let differsFromOne = (one.low ^ key.low) | (one.high ^ key.high)
      let differsFromOther = (other.low ^ key.low) | (other.high ^ key.high)
      let ids = line + (differsFromOne == 0 ? 32 : 48)
      if differsFromOne != 0 && differsFromOther != 0 || ids.load(as: UInt8.self) > most {
        return index
      }
      place += packing.unpack(ids, into: place)
    }
    return count
  }

  /// A piece whose ids are not in its line.
  @inline(never)
  private mutating func encodeOther(
    _ piece: UnsafeBufferPointer<UInt8>, number: Int, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    let (key, home) = (batch.keys[number], Int(batch.places[number]))
    let isShort = piece.count <= ShortKey.maximumLength
    var isKnown = false
    if isShort, let packed = cache.packedIDs(of: key, home: home) {
      if packed.load(as: UInt8.self) != IDPacking.elsewhere {
        return packing.unpack(packed, into: output)
      }
      isKnown = true
    }
    if isKnown || !isShort { return encodeWide(piece, key, number: number, into: output) }
    let outcome = model.encode(piece, into: output)
    let count = outcome.count
    guard outcome.isFixed && count >= 0 else { return checked(count) }
    if count <= cache.mostIDs {
      cache.insert(key, home: home, ids: output, count: count)
    } else {
      cache.insert(key, home: home, ids: nil, count: 0)
      remember(piece, WidePieceCache.Key(key), output, count)
    }
    return count
  }

  /// A piece that is not short, or has more ids than a short one may have.
  private mutating func encodeWide(
    _ piece: UnsafeBufferPointer<UInt8>, _ key: ShortKey, number: Int,
    into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    guard let start = piece.baseAddress, piece.count <= WidePieceCache.Key.maximumLength else {
      guard piece.count <= LongPieceCache.maximumLength else {
        return checked(model.encode(piece, into: output).count)
      }
      return encodeLong(piece, hash: hashes[number], into: output)
    }
    let wideKey =
      piece.count <= ShortKey.maximumLength
      ? WidePieceCache.Key(key) : WidePieceCache.Key(at: start, length: piece.count)
    if let packed = widePieces.packedIDs(of: wideKey) {
      if packed.load(as: UInt8.self) == IDPacking.elsewhere {
        return encodeLong(piece, hash: longPieces.hash(piece), into: output)
      }
      return packing.unpack(packed, into: output)
    }
    let outcome = model.encode(piece, into: output)
    let count = outcome.count
    guard outcome.isFixed && count >= 0 else { return checked(count) }
    remember(piece, wideKey, output, count)
    return count
  }

  private mutating func remember(
    _ piece: UnsafeBufferPointer<UInt8>, _ key: WidePieceCache.Key, _ ids: UnsafePointer<TokenID>,
    _ count: Int
  ) {
    let limit = tableBytes - cache.byteCount
    if count <= widePieces.mostIDs {
      widePieces.insert(key, ids: ids, count: count, within: limit)
    } else {
      widePieces.insert(key, ids: nil, count: 0, within: limit)
      longPieces.insert(piece, hash: longPieces.hash(piece), ids: ids, idCount: count)
    }
  }

  /// A piece that no other cache holds, and this one may.
  private mutating func encodeLong(
    _ piece: UnsafeBufferPointer<UInt8>, hash: UInt64, into output: UnsafeMutablePointer<TokenID>
  ) -> Int {
    let remembered = longPieces.ids(of: piece, hash: hash, into: output)
    if remembered >= 0 { return remembered }
    let outcome = model.encode(piece, into: output)
    let count = outcome.count
    guard outcome.isFixed && count >= 0 && count <= LongPieceCache.mostIDs else {
      return checked(count)
    }
    longPieces.insert(piece, hash: hash, ids: output, idCount: count)
    return count
  }

  /// The number of ids, none for a failure, which is noted.
  mutating func checked(_ count: Int) -> Int {
    if count < 0 { hasFailed = true }
    return max(0, count)
  }
}
