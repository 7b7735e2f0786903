/// The units of a double array while nodes are placed, and which places are free.
struct TriePlaces: ~Copyable {
  private static let blockSize = DoubleArray.blockSize
  /// Blocks that may still get nodes.
  private static let mostOpen = 8
  /// Places that are tried in a block for one node.
  private static let mostTries = 24
  /// Nodes that found no place in a block before it is closed.
  private static let mostFailures = 24

  private struct Block {
    /// Its first place.
    var start: Int
    /// Which of the bit sets are its own.
    var slot: Int
    var freeCount = blockSize
    var failures = 0
  }

  private var units: UnsafeMutablePointer<UInt32>
  private var capacity = 1 << 12
  private var count = 0
  /// Blocks that may get nodes, the newest last.
  private var open: [Block] = []
  /// For each open block a bit for each place without a unit, and one for each from which no node's
  /// children are counted: those of two nodes would be taken for each other's.
  private let free: UnsafeMutablePointer<UInt64>
  private let origins: UnsafeMutablePointer<UInt64>

  /// The root stands at place 0.
  init() {
    units = .allocate(capacity: capacity)
    free = .allocate(capacity: 4 * Self.mostOpen)
    origins = .allocate(capacity: 4 * Self.mostOpen)
    let block = appendBlock()
    // No walk may come back to the root.
    Self.clear(0, in: free)
    Self.clear(0, in: origins)
    open[block].freeCount -= 1
    units[0] = 0
  }

  deinit {
    units.deallocate()
    free.deallocate()
    origins.deallocate()
  }

  /// Puts the children of a node where all of them find room.
  ///
  /// - Parameters:
  ///   - labels: ascending; 0 stands for the value of a text that ends here.
  ///   - unit: the place of the node.
  /// - Returns: the place from which they are counted; `nil` if it is too far away.
  @inline(__always)
  mutating func place(
    _ labels: UnsafeBufferPointer<UInt8>, value: UInt32, under unit: Int
  ) -> Int? {
    let (block, origin) = findOrigin(for: labels, under: unit) ?? newOrigin(under: unit)
    let distance = UInt32(truncatingIfNeeded: origin ^ unit)
    guard origin ^ unit < 1 << 29 else { return nil }
    units[unit] |= distance < 1 << 21 ? distance << 10 : distance << 2 | 1 << 9
    let bits = free + 4 * open[block].slot
    for label in labels {
      let place = origin ^ Int(label)
      Self.clear(place & 0xFF, in: bits)
      if label == 0 {
        units[unit] |= 1 << 8
        units[place] = DoubleArray.valueMark | value
      } else {
        units[place] = UInt32(label)
      }
    }
    Self.clear(origin & 0xFF, in: origins + 4 * open[block].slot)
    open[block].freeCount -= labels.count
    return origin
  }

  /// What has been placed; then there is nothing any more.
  mutating func finish() -> DoubleArray {
    defer { (units, capacity, count) = (.allocate(capacity: 1), 1, 0) }
    return DoubleArray(taking: units, count: count)
  }

  private mutating func findOrigin(
    for labels: UnsafeBufferPointer<UInt8>, under unit: Int
  ) -> (block: Int, origin: Int)? {
    for block in open.indices.reversed() where open[block].freeCount >= labels.count {
      if let origin = origin(in: open[block], for: labels, under: unit) {
        return (block, origin)
      }
      open[block].failures += 1
    }
    open.removeAll { $0.failures > Self.mostFailures || $0.freeCount == 0 }
    return nil
  }

  private func origin(
    in block: Block, for labels: UnsafeBufferPointer<UInt8>, under unit: Int
  ) -> Int? {
    let free = self.free + 4 * block.slot
    let origins = self.origins + 4 * block.slot
    func fits(_ origin: Int) -> Bool {
      Self.isSet(origin, in: origins)
        && labels.allSatisfy { Self.isSet(origin ^ Int($0), in: free) }
    }
    // A distance has 21 bits, or 29 of which the lowest 8 are 0.
    if (block.start ^ unit) >> 21 != 0 {
      return fits(unit & 0xFF) ? block.start | unit & 0xFF : nil
    }
    var tries = Self.mostTries
    for word in 0..<4 {
      var bits = free[word]
      while bits != 0 {
        let origin = (word &<< 6 | bits.trailingZeroBitCount) ^ Int(labels[0])
        if fits(origin) { return block.start | origin }
        bits &= bits &- 1
        tries &-= 1
        if tries == 0 { return nil }
      }
    }
    return nil
  }

  private mutating func newOrigin(under unit: Int) -> (block: Int, origin: Int) {
    let block = appendBlock()
    return (block, open[block].start | unit & 0xFF)
  }

  /// - Returns: its index among those that are open.
  private mutating func appendBlock() -> Int {
    if open.count == Self.mostOpen { open.removeFirst() }
    let slot = (0..<Self.mostOpen).first { slot in !open.contains { $0.slot == slot } } ?? 0
    for word in 4 * slot..<4 * slot + 4 {
      free[word] = .max
      origins[word] = .max
    }
    open.append(Block(start: count, slot: slot))
    if count + Self.blockSize > capacity { grow() }
    (units + count).initialize(repeating: DoubleArray.valueMark, count: Self.blockSize)
    count += Self.blockSize
    return open.count - 1
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: 2 * capacity)
    larger.update(from: units, count: count)
    units.deallocate()
    (units, capacity) = (larger, 2 * capacity)
  }

  @inline(__always)
  private static func isSet(_ place: Int, in bits: UnsafeMutablePointer<UInt64>) -> Bool {
    bits[place &>> 6] &>> UInt64(place & 63) & 1 != 0
  }

  @inline(__always)
  private static func clear(_ place: Int, in bits: UnsafeMutablePointer<UInt64>) {
    bits[place &>> 6] &= ~(1 &<< UInt64(place & 63))
  }
}
