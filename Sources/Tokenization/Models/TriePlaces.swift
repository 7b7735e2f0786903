/// The units of a double array while nodes are placed, and which places are free.
struct TriePlaces: ~Copyable {
  private static let blockSize = DoubleArray.blockSize
  /// Blocks that may still get nodes.
  private static let mostOpen = 4
  /// Places that are tried in a block for one node.
  private static let mostTries = 16
  /// Nodes that found no place in a block before it is closed.
  private static let mostFailures = 16

  /// A block that may get nodes: its first place, and a bit for each place without a unit, and one for
  /// each from which no node's children are counted: those of two nodes would be taken for each
  /// other's.
  private struct Block: BitwiseCopyable {
    var start: Int
    var freeCount = blockSize
    var failures = 0
    let free: UnsafeMutablePointer<UInt64>
    let origins: UnsafeMutablePointer<UInt64>
  }

  private var units: UnsafeMutablePointer<UInt32>
  private var capacity = 1 << 12
  private var count = 0
  /// Blocks that may get nodes, the newest last.
  private let open: UnsafeMutablePointer<Block>
  private var openCount = 0
  /// The bits of all blocks that are open.
  private let bits: UnsafeMutablePointer<UInt64>

  /// The root stands at place 0.
  init() {
    units = .allocate(capacity: capacity)
    open = .allocate(capacity: Self.mostOpen)
    bits = .allocate(capacity: 8 * Self.mostOpen)
    for index in 0..<Self.mostOpen {
      let own = bits + 8 * index
      (open + index).initialize(to: Block(start: 0, free: own, origins: own + 4))
    }
    openBlock()
    // No walk may come back to the root.
    Self.clear(0, in: open[0].free)
    Self.clear(0, in: open[0].origins)
    open[0].freeCount -= 1
    units[0] = 0
  }

  deinit {
    units.deallocate()
    open.deallocate()
    bits.deallocate()
  }

  /// Puts the children of a node where all of them find room.
  ///
  /// - Parameters:
  ///   - labels: ascending; 0 stands for the value of a text that ends here.
  ///   - unit: the place of the node.
  /// - Returns: the place from which they are counted; `nil` if it is too far away.
  mutating func place(
    _ labels: UnsafeBufferPointer<UInt8>, value: UInt32, under unit: Int
  ) -> Int? {
    let (block, origin) = findOrigin(for: labels, under: unit) ?? newOrigin(under: unit)
    let distance = UInt32(truncatingIfNeeded: origin ^ unit)
    guard origin ^ unit < 1 << 29 else { return nil }
    var link = distance < 1 << 21 ? distance &<< 10 : distance &<< 2 | 1 << 9
    for label in labels {
      let place = origin ^ Int(label)
      Self.clear(place & 0xFF, in: block.pointee.free)
      units[place] = label == 0 ? DoubleArray.valueMark | value : UInt32(label)
      if label == 0 { link |= 1 << 8 }
    }
    units[unit] |= link
    Self.clear(origin & 0xFF, in: block.pointee.origins)
    block.pointee.freeCount &-= labels.count
    return origin
  }

  /// What has been placed; then there is nothing any more.
  mutating func finish() -> DoubleArray {
    defer { (units, capacity, count) = (.allocate(capacity: 1), 1, 0) }
    return DoubleArray(taking: units, count: count)
  }

  @inline(__always)
  private mutating func findOrigin(
    for labels: UnsafeBufferPointer<UInt8>, under unit: Int
  ) -> (block: UnsafeMutablePointer<Block>, origin: Int)? {
    var block = open + openCount
    while block > open {
      block -= 1
      if block.pointee.freeCount < labels.count { continue }
      if let origin = Self.origin(in: block.pointee, for: labels, under: unit) {
        return (block, origin)
      }
      block.pointee.failures &+= 1
    }
    return nil
  }

  @inline(__always)
  private static func origin(
    in block: Block, for labels: UnsafeBufferPointer<UInt8>, under unit: Int
  ) -> Int? {
    // A distance has 21 bits, or 29 of which the lowest 8 are 0.
    if (block.start ^ unit) >> 21 != 0 {
      return fits(unit & 0xFF, labels, in: block) ? block.start | unit & 0xFF : nil
    }
    var tries = mostTries
    for word in 0..<4 {
      var free = block.free[word]
      while free != 0 {
        let origin = (word &<< 6 | free.trailingZeroBitCount) ^ Int(labels[0])
        if fits(origin, labels, in: block) { return block.start | origin }
        free &= free &- 1
        tries &-= 1
        if tries == 0 { return nil }
      }
    }
    return nil
  }

  @inline(__always)
  private static func fits(
    _ origin: Int, _ labels: UnsafeBufferPointer<UInt8>, in block: Block
  ) -> Bool {
    guard isSet(origin, in: block.origins) else { return false }
    for label in labels where !isSet(origin ^ Int(label), in: block.free) { return false }
    return true
  }

  private mutating func newOrigin(
    under unit: Int
  ) -> (block: UnsafeMutablePointer<Block>, origin: Int) {
    closeBlocks()
    openBlock()
    let block = open + openCount - 1
    return (block, block.pointee.start | unit & 0xFF)
  }

  /// Closes blocks that are full, or as good as full, and the oldest if all are open.
  private mutating func closeBlocks() {
    var kept = 0
    for index in 0..<openCount {
      let block = open[index]
      let isOldest = openCount == Self.mostOpen && index == 0
      if isOldest || block.freeCount == 0 || block.failures > Self.mostFailures { continue }
      // What has been closed gives its bits to those behind.
      (open[index], open[kept]) = (open[kept], block)
      kept += 1
    }
    openCount = kept
  }

  private mutating func openBlock() {
    let block = open + openCount
    openCount += 1
    block.pointee.start = count
    block.pointee.freeCount = Self.blockSize
    block.pointee.failures = 0
    block.pointee.free.update(repeating: .max, count: 4)
    block.pointee.origins.update(repeating: .max, count: 4)
    if count + Self.blockSize > capacity { grow() }
    (units + count).initialize(repeating: DoubleArray.valueMark, count: Self.blockSize)
    count += Self.blockSize
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
