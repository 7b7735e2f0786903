/// What short runs became: direct mapped, so that a run costs one probe, whatever the text.
///
/// Real text needs few kinds of runs: 58 MB in 20 scripts ask ICU some hundred times.
struct RunCache: ~Copyable {
  /// The bytes of a run, followed by zeros. No run ends in a zero, so the length is implied.
  struct Key: Equatable {
    static let capacity = 16

    let low: UInt64
    let high: UInt64

    /// - Precondition: the run has 1 to `capacity` bytes.
    @inline(__always)
    init(_ run: NormalizationTable.Run, readableTo end: UnsafePointer<UInt8>) {
      let length = run.end - run.start
      if end - run.start >= Self.capacity {
        let bytes = UnsafeRawPointer(run.start)
        low = bytes.loadUnaligned(as: UInt64.self).littleEndian & Self.mask(length)
        high =
          bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self).littleEndian
          & Self.mask(length - 8)
      } else {
        var words: (low: UInt64, high: UInt64) = (0, 0)
        for offset in 0..<length {
          let byte = UInt64(run.start[offset]) << UInt64(offset & 7 * 8)
          if offset < 8 { words.low |= byte } else { words.high |= byte }
        }
        (low, high) = words
      }
    }

    /// The low `count` bytes of a word; none below 0, all from 8 on.
    @inline(__always)
    private static func mask(_ count: Int) -> UInt64 {
      count <= 0 ? 0 : count >= 8 ? .max : (1 << UInt64(count &* 8)) &- 1
    }

    /// Never the key of a run.
    static let none = Key(low: 0, high: 0)

    private init(low: UInt64, high: UInt64) { (self.low, self.high) = (low, high) }
  }

  private struct Entry {
    var key = Key.none
    var replacement = RunReplacement(0)
  }

  private static let indexBits: UInt64 = 13
  /// Null until the first run: text that needs no change costs no memory.
  private var entries: UnsafeMutablePointer<Entry>?

  init() {}

  deinit { entries?.deallocate() }

  @inline(__always)
  func replacement(of key: Key) -> RunReplacement? {
    guard let entries else { return nil }
    let entry = entries + Self.index(of: key)
    return entry.pointee.key == key ? entry.pointee.replacement : nil
  }

  /// Takes the place of the entry whose key maps there too.
  mutating func insert(_ replacement: RunReplacement, for key: Key) {
    let entries = self.entries ?? Self.allocate()
    self.entries = entries
    entries[Self.index(of: key)] = Entry(key: key, replacement: replacement)
  }

  private static func allocate() -> UnsafeMutablePointer<Entry> {
    let entries = UnsafeMutablePointer<Entry>.allocate(capacity: 1 << Int(indexBits))
    entries.initialize(repeating: Entry(), count: 1 << Int(indexBits))
    return entries
  }

  @inline(__always)
  private static func index(of key: Key) -> Int {
    let mixed = (key.low &* 0x9E37_79B9_7F4A_7C15) ^ (key.high &* 0xC2B2_AE3D_27D4_EB4F)
    let folded = (mixed ^ (mixed >> 32)) &* 0xD6E8_FEB8_6659_FD93
    return Int(truncatingIfNeeded: folded >> (64 - indexBits))
  }
}
