/// Lays an automaton out as a double array, unit for unit where darts-clone would put it, so that
/// equal rules give equal bytes (darts.h, `DoubleArrayBuilder`).
///
/// States are placed depth first, in the order of labels: each at the first free place, in the order
/// in which places became free, where its children fit. Only the last 16 blocks of 256 are looked at;
/// older ones are closed.
struct DoubleArrayWriter {
  private static let blockSize = UInt32(DoubleArray.blockSize)
  private static let openBlocks: UInt32 = 16
  private static let window = Int(blockSize * openBlocks)

  /// What is known of a place in the open blocks; places that are `window` apart take turns.
  private struct Place {
    var previous: UInt32 = 0
    var next: UInt32 = 0
    /// Whether a unit stands here.
    var isTaken = false
    /// Whether some state's children are counted from here.
    var isOrigin = false
  }

  private let automaton: KeyAutomaton
  private var units: [UInt32] = []
  private var places = [Place](repeating: Place(), count: window)
  /// First of the ring of free places; the number of units if there are none.
  private var firstFree: UInt32 = 0
  /// Where the children of a shared state stand; 0 for those not placed.
  private var origins: [UInt32]

  /// The units of the automaton's double array; nil if there are too many for their links.
  static func units(of automaton: KeyAutomaton) -> [UInt32]? {
    var writer = DoubleArrayWriter(automaton)
    return writer.layOut() ? writer.units : nil
  }

  private init(_ automaton: KeyAutomaton) {
    self.automaton = automaton
    origins = Array(repeating: 0, count: automaton.edges.count)
  }

  private mutating func layOut() -> Bool {
    take(0)
    self[0].isOrigin = true
    setDistance(1, at: 0)
    var rest: [(state: UInt32, unit: UInt32)] = []
    if automaton.root != 0 { rest.append((automaton.root, 0)) }
    while let (state, unit) = rest.popLast() {
      let labels = labels(of: state)
      if automaton.isShared[Int(state)], share(state, labels, at: unit) { continue }
      let origin = place(labels, of: state, under: unit)
      guard origin ^ unit < 1 << 29 else { return false }
      if automaton.isShared[Int(state)] { origins[Int(state)] = origin }
      for (index, label) in labels.enumerated().reversed() where label != 0 {
        rest.append((automaton.edges[Int(state) + index].target, origin ^ UInt32(label)))
      }
    }
    let blocks = UInt32(units.count) / Self.blockSize
    for block in (blocks > Self.openBlocks ? blocks - Self.openBlocks : 0)..<blocks {
      closeBlock(block)
    }
    return true
  }

  private func labels(of state: UInt32) -> [UInt8] {
    var labels: [UInt8] = []
    var edge = Int(state)
    while true {
      labels.append(automaton.edges[edge].label)
      if !automaton.edges[edge].hasNext { return labels }
      edge += 1
    }
  }

  /// Lets the unit lead to children that are there already; false if none are, or too far away.
  private mutating func share(_ state: UInt32, _ labels: [UInt8], at unit: UInt32) -> Bool {
    let origin = origins[Int(state)]
    guard origin != 0, Self.canLink(origin ^ unit) else { return false }
    if labels[0] == 0 { units[Int(unit)] |= 1 << 8 }
    setDistance(origin ^ unit, at: unit)
    return true
  }

  /// Puts the children of a unit into the array and returns the place they are counted from.
  private mutating func place(_ labels: [UInt8], of state: UInt32, under unit: UInt32) -> UInt32 {
    let origin = freeOrigin(for: labels, under: unit)
    setDistance(origin ^ unit, at: unit)
    for (index, label) in labels.enumerated() {
      let child = origin ^ UInt32(label)
      take(child)
      if label == 0 {
        units[Int(unit)] |= 1 << 8
        units[Int(child)] =
          DoubleArray.valueMark | automaton.edges[Int(state) + index].target
      } else {
        units[Int(child)] = units[Int(child)] & ~0xFF | UInt32(label)
      }
    }
    self[origin].isOrigin = true
    return origin
  }

  private func freeOrigin(for labels: [UInt8], under unit: UInt32) -> UInt32 {
    let new = UInt32(units.count) | unit & 0xFF
    guard firstFree < units.count else { return new }
    var free = firstFree
    repeat {
      let origin = free ^ UInt32(labels[0])
      if !self[origin].isOrigin, Self.canLink(origin ^ unit),
        !labels.dropFirst().contains(where: { self[origin ^ UInt32($0)].isTaken })
      {
        return origin
      }
      free = self[free].next
    } while free != firstFree
    return new
  }

  /// A distance has 21 bits, or 29 of which the lowest 8 are 0.
  private static func canLink(_ distance: UInt32) -> Bool {
    distance & (0xFF << 21) == 0 || distance & 0xFF == 0
  }

  private mutating func setDistance(_ distance: UInt32, at unit: UInt32) {
    let kept = units[Int(unit)] & (DoubleArray.valueMark | 1 << 8 | 0xFF)
    units[Int(unit)] = kept | (distance < 1 << 21 ? distance << 10 : distance << 2 | 1 << 9)
  }

  private subscript(place: UInt32) -> Place {
    get { places[Int(place) % Self.window] }
    set { places[Int(place) % Self.window] = newValue }
  }

  private mutating func take(_ place: UInt32) {
    if place >= units.count { addBlock() }
    if place == firstFree {
      firstFree = self[place].next
      if firstFree == place { firstFree = UInt32(units.count) }
    }
    self[self[place].previous].next = self[place].next
    self[self[place].next].previous = self[place].previous
    self[place].isTaken = true
  }

  /// Adds 256 free places to the end of the ring.
  private mutating func addBlock() {
    let start = UInt32(units.count)
    let end = start + Self.blockSize
    if end / Self.blockSize > Self.openBlocks {
      closeBlock(start / Self.blockSize - Self.openBlocks)
    }
    units.append(contentsOf: repeatElement(0, count: Int(Self.blockSize)))
    for place in start..<end {
      self[place] = Place(previous: place &- 1, next: place + 1)
    }
    self[start].previous = end - 1
    self[end - 1].next = start
    // Join the ring of the other free places; without any, the new block is the ring.
    let last = self[firstFree].previous
    self[start].previous = last
    self[end - 1].next = firstFree
    self[last].next = start
    self[firstFree].previous = end - 1
  }

  /// Gives the free places of a block labels that no walk asks for.
  private mutating func closeBlock(_ block: UInt32) {
    let range = block * Self.blockSize..<(block + 1) * Self.blockSize
    let unused = range.first { !self[$0].isOrigin } ?? 0
    for place in range where !self[place].isTaken {
      take(place)
      units[Int(place)] = units[Int(place)] & ~0xFF | (place ^ unused) & 0xFF
    }
  }
}
