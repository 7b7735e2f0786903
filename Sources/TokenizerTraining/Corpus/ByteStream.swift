import NativeBridges

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The bytes of one source in order, decompressed when they need it. Owned by one thread.
final class ByteStream {
  private let source: CorpusSource.Place
  private let name: String
  private let descriptor: Int32
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
    source = place
    switch place {
    case .standardInput:
      name = "standard input"
      descriptor = STDIN_FILENO
    case .path(let path):
      name = PathText.display(path)
      let opened = path.withCString { open($0, O_RDONLY | O_CLOEXEC) }
      guard opened >= 0 else {
        throw CorpusError.io(path: name, action: "open", errno: errno)
      }
      descriptor = opened
    }
    var first = [UInt8](repeating: 0, count: Self.inputBlock)
    var length = 0
    var failure: CorpusError?
    // Four bytes tell the format; a pipe may deliver them one at a time.
    while length < 4, failure == nil {
      let (count, code) = Self.readOnce(descriptor, into: &first, from: length)
      if count < 0 {
        failure = CorpusError.io(path: name, action: "read", errno: code)
      } else if count == 0 {
        inputEnded = true
        break
      }
      length += max(0, count)
    }
    first.removeLast(first.count - length)
    compression = CorpusSource.Compression(firstBytes: first)
    switch compression {
    case .gzip: decompressor = tt_decompressor_create(tt_compression_gzip)
    case .zstd: decompressor = tt_decompressor_create(tt_compression_zstd)
    case nil: decompressor = nil
    }
    pending = first
    if compression != nil && decompressor == nil { failure = .outOfMemory }
    if let failure { throw failure }
  }

  deinit {
    tt_decompressor_destroy(decompressor)
    if descriptor != STDIN_FILENO { close(descriptor) }
  }

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
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      #else
        let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
      #endif
      if count >= 0 { return count }
      if errno != EINTR { throw CorpusError.io(path: name, action: "read", errno: errno) }
    }
  }

  private func refill() throws(CorpusError) {
    pending = [UInt8](repeating: 0, count: Self.inputBlock)
    pendingStart = 0
    let (count, code) = Self.readOnce(descriptor, into: &pending, from: 0)
    guard count >= 0 else { throw CorpusError.io(path: name, action: "read", errno: code) }
    pending.removeLast(pending.count - count)
    inputEnded = count == 0
  }

  private static func readOnce(
    _ descriptor: Int32, into bytes: inout [UInt8], from start: Int
  ) -> (count: Int, errno: Int32) {
    bytes.withUnsafeMutableBytes { buffer in
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
      while true {
        #if canImport(Glibc)
          let count = Glibc.read(descriptor, rest.baseAddress, rest.count)
        #else
          let count = Darwin.read(descriptor, rest.baseAddress, rest.count)
        #endif
        if count >= 0 || errno != EINTR { return (count, errno) }
      }
    }
  }
}
