import NativeBridges
import Primitives

/// The bytes of one source in order, decompressed when they need it. Owned by one thread.
final class ByteStream {
  private let file: ReadableFile
  private let decompressor: OpaquePointer?
  private let compression: CorpusSource.Compression?
  /// Bytes read but not handed out yet: the sniffed beginning, then compressed blocks.
  private var pending: [UInt8] = []
  private var pendingStart = 0
  private var inputEnded = false
  /// Whether the compressed data may end here.
  private var atMemberEnd = true

  private static let inputBlock = 1 << 17

  init(opening place: CorpusSource.Place) throws(CorpusError) {
    if case .memory(let bytes) = place {
      // Never read: all bytes are here.
      file = .standardInput
      pending = bytes
      inputEnded = true
      (compression, decompressor) = (nil, nil)
      return
    }
    let file = try CorpusError.mapping { () throws(FileError) -> ReadableFile in
      if case .path(let path) = place { return try ReadableFile(opening: path) }
      return .standardInput
    }
    // Four bytes tell the format; a pipe may deliver them one at a time. Who has sent a line waits for
    // an answer: no more is read than a format needs.
    var first: [UInt8] = []
    var hasEnded = false
    try CorpusError.mapping { () throws(FileError) in
      while !hasEnded, CorpusSource.mayBeginFormat(first) {
        hasEnded = try file.read(upTo: Self.inputBlock, appendingTo: &first) == 0
      }
    }
    self.file = file
    pending = first
    inputEnded = hasEnded
    compression = CorpusSource.Compression(firstBytes: first)
    switch compression {
    case .gzip: decompressor = tt_decompressor_create(tt_compression_gzip)
    case .zstd: decompressor = tt_decompressor_create(tt_compression_zstd)
    case nil: decompressor = nil
    }
    if compression != nil && decompressor == nil { throw .outOfMemory }
  }

  deinit { tt_decompressor_destroy(decompressor) }

  private var name: String { VisibleText.path(file.path) }

  /// Up to `buffer.count` bytes of text; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
    guard let decompressor else { return try readPlain(into: buffer) }
    while true {
      if pendingStart == pending.count && !inputEnded { try refill() }
      if pendingStart == pending.count {
        if atMemberEnd { return 0 }
        throw CorpusError.truncatedCompression(path: name, format: compression?.name ?? "")
      }
      var produced = 0
      var status = tt_decompress_more
      let available = pending.count - pendingStart
      var left = available
      pending.withUnsafeBufferPointer { input in
        var next = input.baseAddress.map { $0 + pendingStart }
        status = tt_decompress(
          decompressor, &next, &left, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self),
          buffer.count, &produced)
      }
      pendingStart += available - left
      switch status {
      case tt_decompress_more: atMemberEnd = false
      case tt_decompress_member_end: atMemberEnd = true
      case tt_decompress_out_of_memory: throw CorpusError.outOfMemory
      default:
        throw CorpusError.corruptCompression(path: name, format: compression?.name ?? "")
      }
      if produced > 0 { return produced }
    }
  }

  private func readPlain(into buffer: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
    if pendingStart < pending.count {
      let count = min(buffer.count, pending.count - pendingStart)
      pending.withUnsafeBytes {
        buffer.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: $0[pendingStart..<pendingStart + count]))
      }
      pendingStart += count
      return count
    }
    if inputEnded { return 0 }
    let count = try CorpusError.mapping { () throws(FileError) in try file.read(into: buffer) }
    inputEnded = count == 0
    return count
  }

  private func refill() throws(CorpusError) {
    pending.removeAll(keepingCapacity: true)
    pendingStart = 0
    inputEnded = try CorpusError.mapping { () throws(FileError) in
      try file.read(upTo: Self.inputBlock, appendingTo: &pending) == 0
    }
  }
}
