import Primitives

/// One input of a corpus: where its bytes come from and how they are wrapped.
struct CorpusSource: Sendable {
  enum Place: Sendable, Equatable {
    case standardInput
    case path([UInt8])
    /// Records of JSONL.
    case memory([UInt8])
  }

  enum Compression: Sendable {
    case gzip, zstd

    /// Recognized by the first bytes: RFC 1952 2.3.1, RFC 8878 3.1.1.
    init?(firstBytes: [UInt8]) {
      if firstBytes.starts(with: [0x1F, 0x8B]) {
        self = .gzip
      } else if firstBytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
        self = .zstd
      } else {
        return nil
      }
    }

    var name: String {
      switch self {
      case .gzip: "gzip"
      case .zstd: "zstd"
      }
    }
  }

  var place: Place
  /// Whether each line is a JSON record.
  var isJSONL: Bool

  init(place: Place, options: CorpusOptions) {
    self.place = place
    switch place {
    case .standardInput:
      isJSONL = options.jsonlField != nil
    case .memory:
      isJSONL = true
    case .path(let path):
      let name = Self.nameWithoutCompression(path)
      isJSONL = [".jsonl", ".ndjson"].contains { name.hasSuffix($0.utf8) }
    }
  }

  /// Whether bytes are the start of a format that further ones tell: compressed data or UTF-16.
  static func mayBeginFormat(_ bytes: [UInt8]) -> Bool {
    bytes.count < 4
      && [[0x1F, 0x8B], [0x28, 0xB5, 0x2F, 0xFD], [0xFF, 0xFE], [0xFE, 0xFF]].contains {
        (start: [UInt8]) in zip(bytes, start).allSatisfy { $0 == $1 }
      }
  }

  /// The byte-order mark alone could be any bytes; with a zero beside it, it is UTF-16.
  static func isUTF16(firstBytes: some Collection<UInt8>) -> Bool {
    (firstBytes.starts(with: [0xFF, 0xFE]) || firstBytes.starts(with: [0xFE, 0xFF]))
      && firstBytes.dropFirst(2).contains(0)
  }

  /// The name in messages.
  var displayName: String {
    switch place {
    case .standardInput: "standard input"
    case .path(let path): VisibleText.path(path)
    case .memory: "the texts"
    }
  }

  /// Last component of a path, without `.gz` or `.zst`.
  static func nameWithoutCompression(_ path: [UInt8]) -> ArraySlice<UInt8> {
    var name = path[...]
    while name.last == UInt8(ascii: "/") { name.removeLast() }
    if let slash = name.lastIndex(of: UInt8(ascii: "/")) { name = name[(slash + 1)...] }
    for suffix in [".gz", ".zst"] where name.hasSuffix(suffix.utf8) {
      return name.dropLast(suffix.utf8.count)
    }
    return name
  }
}

extension ArraySlice<UInt8> {
  func hasSuffix(_ suffix: some Collection<UInt8>) -> Bool {
    count > suffix.count && self.suffix(suffix.count).elementsEqual(suffix)
  }
}
