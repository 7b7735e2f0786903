import NativeBridges

/// Zeroed memory for the large tables of an algorithm, in huge pages where the system has them.
/// A page costs memory only once it is touched, so room for the worst case may be asked for.
///
/// Elements are trivial (integers, structs of integers). Not bounds-checked in release builds.
public struct PageBuffer<Element: BitwiseCopyable>: ~Copyable {
  /// First element. Valid as long as the buffer lives: read it into a local where a loop needs it,
  /// never keep it.
  public let base: UnsafeMutablePointer<Element>
  /// Number of elements.
  public let count: Int
  private let bytes: Int

  /// `nil` where the system has no memory of that size.
  /// - Precondition: zero bits are a value of the element; `count` is not negative.
  public init?(count: Int) {
    let (bytes, overflows) = max(1, count).multipliedReportingOverflow(
      by: MemoryLayout<Element>.stride)
    guard !overflows, let pages = tt_map_pages(bytes) else { return nil }
    self.base = pages.bindMemory(to: Element.self, capacity: max(1, count))
    self.count = count
    self.bytes = bytes
  }

  deinit { tt_unmap_pages(base, bytes) }

  public subscript(index: Int) -> Element {
    @inline(__always) get {
      assert(index >= 0 && index < count)
      return base[index]
    }
    @inline(__always) nonmutating set {
      assert(index >= 0 && index < count)
      base[index] = newValue
    }
  }
}
