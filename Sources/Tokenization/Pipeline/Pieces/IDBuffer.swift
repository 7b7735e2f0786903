/// Room for the ids of a chunk.
struct IDBuffer: ~Copyable {
  private var start: UnsafeMutablePointer<TokenID>
  private var capacity = PieceCutter.chunkLength * 2

  init() { start = .allocate(capacity: capacity) }

  deinit { start.deallocate() }

  /// Room for so many ids; what was written before is lost.
  mutating func reserve(_ count: Int) -> UnsafeMutablePointer<TokenID> {
    if count + IDPacking.spareIDs > capacity {
      start.deallocate()
      capacity = count + IDPacking.spareIDs
      start = .allocate(capacity: capacity)
    }
    return start
  }
}
