import Primitives

/// A file as blocks of fixed size that threads take in any order.
///
/// A block owns the cuts that lie in it: its text runs from its first cut to the first cut of the
/// block behind it. Where no cut is near, a block reaches far, and those it covers are empty.
struct FileBlocks: Sendable {
  /// Bytes of a block: large enough that its borders cost nothing, small enough for the cache.
  static let defaultBlockSize = 1 << 18

  let file: PlainFile
  let cutter: BlockCutter
  let blockSize: Int

  static func count(size: Int, blockSize: Int) -> Int { (size + blockSize - 1) / blockSize }

  /// Reads a block, and the fingerprint of its fixed bytes.
  /// - Returns: `nil` for the block if none of its bytes is its own.
  func read(
    _ index: Int, into buffer: TextBuffer
  ) throws(CorpusError) -> (block: TextBlock?, fingerprint: Fingerprint) {
    let reach = cutter.reach
    let start = index * blockSize
    let end = min(file.size, start + blockSize)
    let origin = max(0, start - reach)
    buffer.count = 0
    try extend(buffer, origin: origin, to: min(file.size, end + 4 * reach))
    let fingerprint = Fingerprint(
      of: UnsafeRawBufferPointer(start: buffer.bytes + (start - origin), count: end - start))
    var lower = 0
    if index > 0 {
      guard
        let cut = cutter.firstCut(
          in: buffer.bytes, count: buffer.count, from: start - origin, to: end - origin)
      else { return (nil, fingerprint) }
      lower = cut
    }
    let upper = try firstCut(in: buffer, origin: origin, from: end - origin)
    let block = TextBlock(
      buffer: buffer, lower: lower, upper: upper ?? buffer.count, origin: origin,
      startsSource: index == 0, endsSource: upper == nil)
    return (block, fingerprint)
  }

  /// The first cut from `lower` on, reading as far as needed; `nil` when the file ends before.
  private func firstCut(
    in buffer: TextBuffer, origin: Int, from lower: Int
  ) throws(CorpusError) -> Int? {
    var from = lower
    while true {
      let atEnd = origin + buffer.count == file.size
      let to = atEnd ? buffer.count : buffer.count - cutter.reach
      if from < to,
        let cut = cutter.firstCut(in: buffer.bytes, count: buffer.count, from: from, to: to)
      {
        return cut
      }
      if atEnd { return nil }
      from = max(from, to)
      let wanted = min(file.size, origin + buffer.count + max(blockSize, buffer.count))
      guard wanted - origin < Int(UInt32.max) - 2 * TextBuffer.padding else {
        throw CorpusError.pieceTooLong(path: file.name)
      }
      try extend(buffer, origin: origin, to: wanted)
    }
  }

  private func extend(
    _ buffer: TextBuffer, origin: Int, to end: Int
  ) throws(CorpusError) {
    let wanted = end - origin - buffer.count
    guard wanted > 0 else { return }
    buffer.reserve(end - origin)
    try file.read(
      UnsafeMutableRawBufferPointer(start: buffer.bytes + buffer.count, count: wanted),
      at: origin + buffer.count)
    buffer.count += wanted
  }
}
