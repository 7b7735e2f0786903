import NativeBridges

/// Keys of some pieces of a text, and the places that a table may have them in, so that the memory
/// each needs is under way before it is touched.
///
/// Processors with AVX-512 make them in C, by masked loads.
public struct KeyBatch: ~Copyable {
  public let keys: UnsafeMutablePointer<ShortKey>
  public let places: UnsafeMutablePointer<UInt32>
  /// Numbers of the pieces that are longer than a key.
  public let longs: UnsafeMutablePointer<UInt32>
  private let masks = ShortKey.Masks()
  private let usesVectors: Bool

  /// - Parameters:
  ///   - capacity: most pieces at a time.
  ///   - usesVectors: whether the processor's vectors are used if it has them.
  public init(capacity: Int, usesVectors: Bool) {
    keys = .allocate(capacity: capacity)
    places = .allocate(capacity: capacity)
    // Each number is written, and stays if it is one of a long piece.
    longs = .allocate(capacity: capacity + 1)
    self.usesVectors = usesVectors && tt_pieces_are_available()
  }

  deinit {
    keys.deallocate()
    places.deallocate()
    longs.deallocate()
  }

  /// Makes the keys of the pieces of `text` that begin at `starts` and end at `ends`, and asks the
  /// processor to fetch their lines. A longer piece has a key that no table holds, and any line.
  ///
  /// - Parameters:
  ///   - count: no more than the capacity.
  ///   - lines: a table of 2^(64 - shift) lines; the top bits of a hash choose one.
  ///   - lineSize: a power of two, in bytes.
  /// - Precondition: 16 bytes may be read behind the last piece.
  /// - Returns: how many pieces are longer than a key.
  public func make(
    of text: UnsafePointer<UInt8>, starts: UnsafePointer<UInt32>, ends: UnsafePointer<UInt32>,
    count: Int, lines: UnsafeRawPointer, shift: UInt64, lineSize: Int
  ) -> Int {
    if usesVectors {
      return tt_piece_keys(
        text, starts, ends, count, lines, UInt32(truncatingIfNeeded: shift),
        UInt32(truncatingIfNeeded: lineSize.trailingZeroBitCount), keys, places, longs)
    }
    var longCount = 0
    for index in 0..<count {
      let start = Int(starts[index])
      let length = Int(ends[index]) &- start
      guard length <= ShortKey.maximumLength else {
        keys[index] = .long
        places[index] = 0
        longs[longCount] = UInt32(truncatingIfNeeded: index)
        longCount &+= 1
        continue
      }
      let key = ShortKey(at: text + start, shortLength: length, masks: masks)
      let place = Int(truncatingIfNeeded: key.hash &>> shift)
      keys[index] = key
      places[index] = UInt32(truncatingIfNeeded: place)
      tt_prefetch(lines + place &* lineSize)
    }
    return longCount
  }
}
