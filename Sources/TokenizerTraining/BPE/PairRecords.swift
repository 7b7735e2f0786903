import NativeBridges

/// Two neighbouring symbols: their count and where they stand.
struct PairRecord: BitwiseCopyable {
  /// Weighted occurrences now. They only fall after the pair's birth.
  var count: Int64
  /// Left symbol in the high 32 bits, right symbol in the low ones.
  var key: UInt64
  /// First entry of the pair's list of positions, which is complete and ascends.
  var offset: Int
  /// Entries in the list, those that no longer hold included.
  var length: Int
}

/// The pairs in sight, found by key: open addressing over a row of records.
struct PairRecords: ~Copyable {
  private(set) var records: UnsafeMutablePointer<PairRecord>
  private(set) var count = 0
  private var capacity: Int
  /// Low half of the hash in the high 32 bits, 1 + record in the low ones; 0: free. At most half full.
  private var slots: UnsafeMutablePointer<UInt64>
  private var slotBits: Int

  init() {
    capacity = 1 << 10
    slotBits = 11
    records = .allocate(capacity: capacity)
    slots = .allocate(capacity: 1 << slotBits)
    slots.initialize(repeating: 0, count: 1 << slotBits)
  }

  deinit {
    records.deallocate()
    slots.deallocate()
  }

  @inline(__always)
  private static func hash(_ key: UInt64) -> UInt64 {
    let product = key &* 0x9E37_79B9_7F4A_7C15
    return (product ^ (product &>> 32)) &* 0xD6E8_FEB8_6659_FD93
  }

  @inline(__always)
  func prefetch(_ key: UInt64) {
    tt_prefetch(slots + Int(truncatingIfNeeded: Self.hash(key) &>> UInt64(64 &- slotBits)))
  }

  /// Number of the record of a pair; -1 if it is not in sight.
  @inline(__always)
  func find(_ key: UInt64) -> Int {
    let hash = Self.hash(key)
    let mask = (1 &<< slotBits) &- 1
    var slot = Int(truncatingIfNeeded: hash &>> UInt64(64 &- slotBits))
    while true {
      let entry = slots[slot]
      if entry == 0 { return -1 }
      if UInt32(truncatingIfNeeded: entry &>> 32) == UInt32(truncatingIfNeeded: hash) {
        let record = Int(truncatingIfNeeded: entry & 0xFFFF_FFFF) &- 1
        if records[record].key == key { return record }
      }
      slot = (slot &+ 1) & mask
    }
  }

  /// Adds a pair that is not in sight yet.
  @inline(__always)
  mutating func insert(_ record: PairRecord) -> Int {
    if count == capacity { grow() }
    records[count] = record
    link(count)
    count &+= 1
    return count &- 1
  }

  /// Keeps the pairs of at least `floor`, in their order.
  mutating func keep(atLeast floor: Int64) {
    var kept = 0
    for row in 0..<count where records[row].count >= floor {
      records[kept] = records[row]
      kept += 1
    }
    count = kept
    relink()
  }

  mutating func removeAll() {
    count = 0
    relink()
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<PairRecord>.allocate(capacity: 2 * capacity)
    larger.update(from: records, count: count)
    records.deallocate()
    records = larger
    capacity *= 2
    relink()
  }

  private mutating func relink() {
    slots.deallocate()
    slotBits = 11
    while 1 << slotBits < 2 * capacity { slotBits += 1 }
    slots = .allocate(capacity: 1 << slotBits)
    slots.initialize(repeating: 0, count: 1 << slotBits)
    for row in 0..<count { link(row) }
  }

  @inline(__always)
  private mutating func link(_ row: Int) {
    let hash = Self.hash(records[row].key)
    let mask = (1 &<< slotBits) &- 1
    var slot = Int(truncatingIfNeeded: hash &>> UInt64(64 &- slotBits))
    while slots[slot] != 0 { slot = (slot &+ 1) & mask }
    slots[slot] = hash &<< 32 | UInt64(truncatingIfNeeded: row &+ 1)
  }
}
