import NativeBridges

/// Zeroed memory that cannot be refused, for tables and caches that an encoder cannot do without: in
/// huge pages where the system has them, which cost a page fault for each 2 MB, not for each 4 KB.
///
/// `PageBuffer` is for what can be refused.
public struct ZeroedPages: ~Copyable {
  /// Valid as long as the value lives.
  public let base: UnsafeMutableRawPointer
  private let byteCount: Int
  private let isMapped: Bool

  public init(byteCount: Int) {
    self.byteCount = byteCount
    if let mapped = tt_map_pages(byteCount) {
      base = mapped
      isMapped = true
    } else {
      // The allocator has the last word on memory that the system does not map.
      base = .allocate(byteCount: byteCount, alignment: 64)
      base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
      isMapped = false
    }
  }

  deinit {
    if isMapped { tt_unmap_pages(base, byteCount) } else { base.deallocate() }
  }
}
