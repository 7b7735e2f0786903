import NativeBridges

/// Ids in few bytes: a byte with their number, and behind it a field for each, of as many bits as the
/// greatest id of the vocabulary has, 16 at least.
struct IDPacking {
  /// In place of a number: the ids are elsewhere.
  static let elsewhere: UInt8 = 0xFF
  /// Ids that loops which unpack may write beyond those that are wanted.
  static let spareIDs = 8
  /// Bytes behind packed ids that are read, and written as they were.
  static let slack = 4

  /// The same for the loop that unpacks short ones by vectors.
  let kernel: tt_piece_packing
  private let width: Int
  private let field: UInt32

  /// - Precondition: `idCount` is at most 2^24.
  init(idCount: Int) {
    width = max(16, (max(1, idCount) - 1).bitWidth - (max(1, idCount) - 1).leadingZeroBitCount)
    field = 1 << UInt32(width) - 1
    var kernel = tt_piece_packing()
    tt_piece_packing_make(UInt32(width), &kernel)
    self.kernel = kernel
  }

  /// How many ids fit into so many bytes.
  func most(in byteCount: Int) -> Int { (8 * byteCount - 8) / width }

  /// Packs ids into bytes that are zero.
  /// - Precondition: they fit.
  func pack(_ ids: UnsafePointer<TokenID>, count: Int, to target: UnsafeMutableRawPointer) {
    target.storeBytes(of: UInt8(count), as: UInt8.self)
    var bit = 8
    for index in 0..<count {
      let place = target + bit / 8
      let word = UInt32(littleEndian: place.loadUnaligned(as: UInt32.self))
      place.storeBytes(of: (word | ids[index] << UInt32(bit % 8)).littleEndian, as: UInt32.self)
      bit += width
    }
  }

  /// Writes packed ids to `output` and returns their number.
  @inline(__always)
  func unpack(_ packed: UnsafeRawPointer, into output: UnsafeMutablePointer<TokenID>) -> Int {
    let count = Int(packed.load(as: UInt8.self))
    var bit = 8
    for index in 0..<count {
      let word = packed.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt32.self)
      output[index] = UInt32(littleEndian: word) &>> UInt32(truncatingIfNeeded: bit & 7) & field
      bit &+= width
    }
    return count
  }
}
