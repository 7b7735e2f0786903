import NativeBridges

/// A JSON text that has been read: an immutable list of values which keeps repeated keys apart and
/// strings as bytes.
// Sendable without a check: what the pointers lead to is written in `init` only.
public final class JSONDocument: @unchecked Sendable {
  private let document: OpaquePointer
  fileprivate let view: JSONView

  /// Reads a whole text; a byte order mark at its start is ignored.
  ///
  /// - Parameter text: is not copied if it has a capacity of 64 bytes more than it has.
  /// - Complexity: O(*n*), about a gigabyte a second.
  public init(parsing text: [UInt8], maximumDepth: Int = 64) throws(JSONError) {
    var document: OpaquePointer?
    var tape = tt_json_tape()
    var offset = 0
    let status = text.withUnsafeBytes { bytes -> Int in
      guard let start = bytes.baseAddress else { return TT_JSON_INVALID }
      return Int(
        tt_json_parse(
          start.assumingMemoryBound(to: CChar.self), bytes.count, text.capacity, maximumDepth,
          &document, &tape, &offset))
    }
    guard status == TT_JSON_OK, let document, let words = tape.words, let strings = tape.strings
    else {
      throw JSONError(
        status: status, offset: offset < 0 ? nil : offset, length: text.count, depth: maximumDepth)
    }
    self.document = document
    view = JSONView(words, strings, place: 1)
  }

  deinit { tt_json_document_free(document) }

  /// The value that the text is.
  public var root: JSONValue { JSONValue(document: self, view: view) }
}

/// One value of a `JSONDocument`, which it keeps alive.
public struct JSONValue: Sendable {
  private let document: JSONDocument
  private let view: JSONView

  fileprivate init(document: JSONDocument, view: JSONView) {
    self.document = document
    self.view = view
  }

  /// Lends the value without its document, for loops over many.
  public func withView<Result, Failure: Error>(
    _ body: (JSONView) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(document) {} }
    return try body(view)
  }

  /// Whether the value is `null`.
  public var isNull: Bool { withView(\.isNull) }

  /// The value of `true` and `false`; `nil` for other kinds.
  public var boolean: Bool? { withView(\.boolean) }

  /// An integer from -2^63 to 2^63 - 1, written without fraction or exponent; `nil` for all else.
  public var integer: Int64? { withView(\.integer) }

  /// Any number; integers beyond 2^53 are rounded.
  public var number: Double? { withView(\.number) }

  /// Unescaped UTF-8 of a string; `nil` for other kinds.
  public var string: [UInt8]? { withView { $0.string.map { Array($0) } } }

  /// Lends the unescaped UTF-8 of a string; `nil`, without a call, for other kinds.
  public func withString<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    try withView { (view) throws(Failure) in
      guard let string = view.string else { return nil }
      return try body(string)
    }
  }

  /// Whether the value is a string of exactly these bytes.
  public func isString(_ text: StaticString) -> Bool { withView { $0.isString(text) } }

  /// The values of an array; `nil` for other kinds.
  public var elements: Children? {
    view.elements.map { Children(document: document, views: $0) }
  }

  /// Keys and values of an object in the order of the text, repeated keys included; `nil` for
  /// other kinds.
  public var members: Members? {
    view.members.map { Members(document: document, views: $0) }
  }

  /// The first member of that name; `nil` where there is none or the value is no object.
  ///
  /// - Complexity: O(number of members).
  public subscript(name: StaticString) -> JSONValue? {
    view[name].map { JSONValue(document: document, view: $0) }
  }

  /// The values of an array.
  public struct Children: Sequence, IteratorProtocol, Sendable {
    fileprivate let document: JSONDocument
    fileprivate var views: JSONView.Children

    public var count: Int { views.count }

    public mutating func next() -> JSONValue? {
      views.next().map { JSONValue(document: document, view: $0) }
    }
  }

  /// The members of an object.
  public struct Members: Sequence, IteratorProtocol, Sendable {
    fileprivate let document: JSONDocument
    fileprivate var views: JSONView.Members

    /// Number of members.
    public var count: Int { views.count }

    public mutating func next() -> (key: JSONValue, value: JSONValue)? {
      views.next().map {
        (
          JSONValue(document: document, view: $0.key), JSONValue(document: document, view: $0.value)
        )
      }
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
