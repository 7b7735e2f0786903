import NativeBridges

/// A JSON text that has been read: an immutable list of values which keeps repeated keys apart and
/// strings as bytes.
// Sendable without a check: nodes and strings are written in `init` only.
public final class JSONDocument: @unchecked Sendable {
  private let parser: OpaquePointer
  private let nodes: UnsafeBufferPointer<tt_json_node>

  /// Reads a whole text; a byte order mark at its start is ignored.
  ///
  /// - Complexity: O(*n*), about a gigabyte a second.
  public init(parsing text: [UInt8], maximumDepth: Int = 64) throws(JSONError) {
    guard let parser = tt_json_parser_create(maximumDepth) else { throw .outOfMemory }
    var nodes: UnsafePointer<tt_json_node>?
    var count = 0
    var offset = 0
    let status = text.withUnsafeBytes { bytes -> Int in
      guard let start = bytes.baseAddress else { return TT_JSON_INVALID }
      return Int(
        tt_json_parse(
          parser, start.assumingMemoryBound(to: CChar.self), bytes.count, &nodes, &count, &offset))
    }
    guard status == TT_JSON_OK, let nodes else {
      tt_json_parser_free(parser)
      throw JSONError(
        status: status, offset: offset < 0 ? nil : offset, length: text.count, depth: maximumDepth)
    }
    self.parser = parser
    self.nodes = UnsafeBufferPointer(start: nodes, count: count)
  }

  deinit { tt_json_parser_free(parser) }

  /// The value that the text is.
  public var root: JSONValue { JSONValue(document: self, index: 0) }

  fileprivate func node(_ index: Int) -> tt_json_node {
    precondition(index < nodes.count, "a JSON node lies inside its document")
    return nodes[index]
  }
}

/// One value of a `JSONDocument`, which it keeps alive.
public struct JSONValue: Sendable {
  fileprivate let document: JSONDocument
  fileprivate let index: Int

  private var node: tt_json_node { document.node(index) }

  /// Whether the value is `null`.
  public var isNull: Bool { Int(node.kind) == TT_JSON_NULL }

  /// The value of `true` and `false`; `nil` for other kinds.
  public var boolean: Bool? {
    switch Int(node.kind) {
    case TT_JSON_TRUE: true
    case TT_JSON_FALSE: false
    default: nil
    }
  }

  /// An integer from -2^63 to 2^63 - 1, written without fraction or exponent; `nil` for all else.
  public var integer: Int64? {
    let node = self.node
    return Int(node.kind) == TT_JSON_INTEGER ? Int64(bitPattern: node.bits) : nil
  }

  /// Any number; integers beyond 2^53 are rounded.
  public var number: Double? {
    let node = self.node
    switch Int(node.kind) {
    case TT_JSON_INTEGER: return Double(Int64(bitPattern: node.bits))
    case TT_JSON_UNSIGNED: return Double(node.bits)
    case TT_JSON_NUMBER: return Double(bitPattern: node.bits)
    default: return nil
    }
  }

  /// Unescaped UTF-8 of a string; `nil` for other kinds.
  public var string: [UInt8]? { withString { Array($0) } }

  /// Lends the unescaped UTF-8 of a string; `nil`, without a call, for other kinds.
  public func withString<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    let node = self.node
    guard Int(node.kind) == TT_JSON_STRING else { return nil }
    let start = UnsafeRawPointer(node.text)?.assumingMemoryBound(to: UInt8.self)
    return try body(UnsafeBufferPointer(start: start, count: Int(node.bits)))
  }

  /// Whether the value is a string of exactly these bytes.
  public func isString(_ text: StaticString) -> Bool {
    withString { bytes in
      text.withUTF8Buffer { $0.elementsEqual(bytes) }
    } ?? false
  }

  /// The values of an array; `nil` for other kinds.
  public var elements: Children? {
    Int(node.kind) == TT_JSON_ARRAY ? Children(self, step: 1) : nil
  }

  /// Keys and values of an object in the order of the text, repeated keys included; `nil` for
  /// other kinds.
  public var members: Members? {
    Int(node.kind) == TT_JSON_OBJECT ? Members(keys: Children(self, step: 2)) : nil
  }

  /// The first member of that name; `nil` where there is none or the value is no object.
  ///
  /// - Complexity: O(number of members).
  public subscript(name: StaticString) -> JSONValue? {
    members?.first { $0.key.isString(name) }?.value
  }

  /// The values that stand directly inside another.
  public struct Children: Sequence, IteratorProtocol, Sendable {
    private let document: JSONDocument
    private var index: Int
    private let end: Int
    private let step: Int
    /// Number of values (of keys, in an object).
    public let count: Int

    fileprivate init(_ parent: JSONValue, step: Int) {
      document = parent.document
      index = parent.index + 1
      end = Int(parent.node.next)
      count = Int(parent.node.bits)
      self.step = step
    }

    public mutating func next() -> JSONValue? {
      guard index < end else { return nil }
      let value = JSONValue(document: document, index: index)
      for _ in 0..<step { index = Int(document.node(index).next) }
      return value
    }
  }

  /// The members of an object.
  public struct Members: Sequence, IteratorProtocol, Sendable {
    fileprivate var keys: Children

    /// Number of members.
    public var count: Int { keys.count }

    public mutating func next() -> (key: JSONValue, value: JSONValue)? {
      guard let key = keys.next() else { return nil }
      return (key, JSONValue(document: key.document, index: key.index + 1))
    }
  }
}

/// Why a text could not be read as JSON.
public enum JSONError: Error, Equatable, CustomStringConvertible {
  /// The text is not JSON (or not UTF-8, or goes on behind its value). `offset`: the byte where it
  /// breaks, where that is known.
  case malformed(offset: Int?, length: Int)
  /// Arrays and objects are nested deeper than any file of this kind.
  case tooDeep(limit: Int)
  /// 4 GB or more.
  case tooLarge(length: Int)
  case outOfMemory

  fileprivate init(status: Int, offset: Int?, length: Int, depth: Int) {
    switch status {
    case TT_JSON_TOO_DEEP: self = .tooDeep(limit: depth)
    case TT_JSON_TOO_LARGE: self = .tooLarge(length: length)
    case TT_JSON_NO_MEMORY: self = .outOfMemory
    default: self = .malformed(offset: offset, length: length)
    }
  }

  public var description: String {
    switch self {
    case .malformed(let offset?, let length):
      "not JSON at byte \(offset) of \(length); the file may be cut short or damaged"
    case .malformed(nil, let length):
      "not JSON (\(length) bytes read); the file may be cut short or damaged"
    case .tooDeep(let limit):
      "JSON nested deeper than \(limit) levels, which no tokenizer file is"
    case .tooLarge(let length):
      "JSON of \(length) bytes; files below 4 GB can be read"
    case .outOfMemory:
      "no memory to read JSON; close other programs or use a larger machine"
    }
  }
}
