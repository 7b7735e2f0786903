import Primitives

/// A stream as blocks, one after the other: standard input, a pipe, a compressed file.
final class StreamBlocks {
  private let stream: ByteStream
  private let cutter: BlockCutter
  private let name: String
  private let blockSize: Int
  /// What has been read and not handed out, with `reach` bytes before it to be looked at.
  private var rest: TextBuffer
  private var lower = 0
  private var origin = 0
  private var ended = false
  private var finished = false
  private var mark = LineMark(offset: 0, line: 1)
  private(set) var byteCount = 0
  /// Fingerprints of fixed stretches of `blockSize` bytes: a text has the same ones whether it
  /// comes plain or compressed.
  private(set) var fingerprints: [Fingerprint] = []
  private var unhashed: [UInt8] = []

  init(_ stream: ByteStream, name: String, cutter: BlockCutter, blockSize: Int) {
    self.stream = stream
    self.name = name
    self.cutter = cutter
    self.blockSize = blockSize
    rest = TextBuffer(capacity: 2 * blockSize)
  }

  /// The next block, in a buffer of its own (`spare` if given); `nil` at the end of the stream.
  func next(spare: TextBuffer?) throws(CorpusError) -> TextBlock? {
    guard !finished else { return nil }
    try fill(to: lower + blockSize + 2 * cutter.reach)
    let upper = try firstCut(from: lower + blockSize)
    if upper == nil && lower == rest.count {
      finished = true
      finishFingerprint()
      return nil
    }
    let block = TextBlock(
      buffer: rest, lower: lower, upper: upper ?? rest.count, origin: origin,
      startsSource: origin == 0 && lower == 0, endsSource: upper == nil,
      firstLine: mark.noting(rest, origin: origin, to: upper ?? rest.count))
    if let upper {
      let kept = max(0, upper - cutter.reach)
      let buffer = spare ?? TextBuffer(capacity: 2 * blockSize)
      buffer.count = 0
      buffer.append(rest.bytes + kept, count: rest.count - kept)
      rest = buffer
      origin += kept
      lower = upper - kept
    } else {
      finished = true
      finishFingerprint()
    }
    return block
  }

  private func firstCut(from start: Int) throws(CorpusError) -> Int? {
    var from = start
    while true {
      let to = ended ? rest.count : rest.count - cutter.reach
      if from < to,
        let cut = cutter.firstCut(in: rest.bytes, count: rest.count, from: from, to: to)
      {
        return cut
      }
      if ended { return nil }
      from = max(from, to)
      let wanted = rest.count + max(blockSize, rest.count)
      guard wanted < Int(UInt32.max) - 2 * TextBuffer.padding else {
        throw CorpusError.pieceTooLong(path: name)
      }
      try fill(to: wanted)
    }
  }

  private func fill(to wanted: Int) throws(CorpusError) {
    rest.reserve(wanted)
    while rest.count < wanted && !ended {
      let room = UnsafeMutableRawBufferPointer(
        start: rest.bytes + rest.count, count: wanted - rest.count)
      let count = try stream.read(into: room)
      if count == 0 { ended = true }
      addToFingerprint(rest.bytes + rest.count, count: count)
      rest.count += count
      byteCount += count
    }
  }

  private func addToFingerprint(_ bytes: UnsafePointer<UInt8>, count: Int) {
    var done = 0
    while done < count {
      let part = min(count - done, blockSize - unhashed.count)
      unhashed.append(contentsOf: UnsafeBufferPointer(start: bytes + done, count: part))
      done += part
      if unhashed.count == blockSize { finishFingerprint() }
    }
  }

  private func finishFingerprint() {
    guard !unhashed.isEmpty else { return }
    fingerprints.append(Fingerprint(of: unhashed))
    unhashed.removeAll(keepingCapacity: true)
  }
}
