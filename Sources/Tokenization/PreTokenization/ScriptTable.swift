import NativeBridges

/// The script of each code point in Unicode 9, kana counted as Han: what SentencePiece and Hugging
/// Face go by. 17 KB of 16-bit places and some 20 KB of blocks.
// Unchecked because of the pointers: both are written in init only.
final class ScriptTable: @unchecked Sendable {
  static let shared = ScriptTable()

  static let none = UInt8(TT_SCRIPT_NONE)
  static let common = UInt8(TT_SCRIPT_COMMON)
  static let inherited = UInt8(TT_SCRIPT_INHERITED)

  private static let blockSize = 64
  private let blockStarts: UnsafeMutablePointer<UInt16>
  private let blocks: UnsafeMutablePointer<UInt8>

  private init() {
    let blockCount = Int(CodePointSet.limit) / Self.blockSize
    blockStarts = .allocate(capacity: blockCount)
    var content: [UInt8] = []
    var known: [[UInt8]: Int] = [:]
    var run: UInt32 = 0
    for block in 0..<blockCount {
      var scripts: [UInt8] = []
      for scalar in UInt32(block * Self.blockSize)..<UInt32((block + 1) * Self.blockSize) {
        while run + 1 < tt_script_run_count, tt_script_run(run + 1) >> 8 <= scalar { run += 1 }
        scripts.append(UInt8(tt_script_run(run) & 0xFF))
      }
      let start = known[scripts] ?? content.count
      if start == content.count {
        known[scripts] = start
        content += scripts
      }
      blockStarts[block] = UInt16(start)
    }
    blocks = .allocate(capacity: content.count)
    blocks.initialize(from: content, count: content.count)
  }

  deinit {
    blockStarts.deallocate()
    blocks.deallocate()
  }

  /// - Precondition: `scalar` is a code point.
  @inline(__always)
  subscript(scalar: UInt32) -> UInt8 {
    blocks[Int(blockStarts[Int(scalar >> 6)]) &+ Int(scalar & 63)]
  }
}
