/// A JSON value that its document lends: reading it counts no references, so that a million members
/// can be looked at one by one.
///
/// Valid as long as the document; `JSONValue` keeps one alive.
// Unchecked because of the pointers: nothing is written to what they point to.
@frozen public struct JSONView: @unchecked Sendable {
  /// simdjson's words, of which the highest byte says what they are (doc/tape.md there); an integer or
  /// number has a second one.
  @usableFromInline let words: UnsafePointer<UInt64>
  /// Each string: its length, 32 bits, and its bytes.
  @usableFromInline let strings: UnsafePointer<UInt8>
  /// Place among all values of the document: numbers in the order of the text, below 2^32.
  public let place: Int

  @inlinable @inline(__always)
  init(_ words: UnsafePointer<UInt64>, _ strings: UnsafePointer<UInt8>, place: Int) {
    self.words = words
    self.strings = strings
    self.place = place
  }

  /// The value at another place of the same document.
  /// - Precondition: `place` is that of a value.
  @inlinable @inline(__always)
  public func value(at place: Int) -> JSONView { JSONView(words, strings, place: place) }

  @inlinable @inline(__always)
  var kind: UInt8 { UInt8(truncatingIfNeeded: words[place] &>> 56) }

  /// The place behind the value and all it contains.
  @inlinable @inline(__always)
  var next: Int {
    switch kind {
    case UInt8(ascii: "{"), UInt8(ascii: "["): Int(words[place] & 0xFFFF_FFFF)
    case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): place &+ 2
    default: place &+ 1
    }
  }

  /// Whether the value is `null`.
  @inlinable @inline(__always)
  public var isNull: Bool { kind == UInt8(ascii: "n") }

  /// The value of `true` and `false`; `nil` for other kinds.
  @inlinable @inline(__always)
  public var boolean: Bool? {
    switch kind {
    case UInt8(ascii: "t"): true
    case UInt8(ascii: "f"): false
    default: nil
    }
  }

  /// An integer from -2^63 to 2^63 - 1, written without fraction or exponent; `nil` for all else.
  @inlinable @inline(__always)
  public var integer: Int64? {
    kind == UInt8(ascii: "l") ? Int64(bitPattern: words[place &+ 1]) : nil
  }

  /// Any number; integers beyond 2^53 are rounded.
  @inlinable @inline(__always)
  public var number: Double? {
    switch kind {
    case UInt8(ascii: "l"): Double(Int64(bitPattern: words[place &+ 1]))
    case UInt8(ascii: "u"): Double(words[place &+ 1])
    case UInt8(ascii: "d"): Double(bitPattern: words[place &+ 1])
    default: nil
    }
  }

  /// Unescaped UTF-8 of a string; `nil` for other kinds.
  @inlinable @inline(__always)
  public var string: UnsafeBufferPointer<UInt8>? {
    guard kind == UInt8(ascii: "\"") else { return nil }
    let start = strings + Int(words[place] & 0x00FF_FFFF_FFFF_FFFF)
    let count = UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
    return UnsafeBufferPointer(start: start + 4, count: Int(count))
  }

  /// Whether the value is a string of exactly these bytes.
  @inlinable
  public func isString(_ text: StaticString) -> Bool {
    guard let string, string.count == text.utf8CodeUnitCount, let start = string.baseAddress else {
      return false
    }
    return text.withUTF8Buffer { known in
      known.baseAddress.map { ByteWords.areEqual($0, start, count: known.count) } ?? true
    }
  }

  /// The values of an array; `nil` for other kinds.
  @inlinable @inline(__always)
  public var elements: Children? { kind == UInt8(ascii: "[") ? Children(self) : nil }

  /// Keys and values of an object in the order of the text, repeated keys included; `nil` for other
  /// kinds.
  @inlinable @inline(__always)
  public var members: Members? {
    kind == UInt8(ascii: "{") ? Members(children: Children(self)) : nil
  }

  /// The first member of that name; `nil` where there is none or the value is no object.
  ///
  /// - Complexity: O(number of members).
  public subscript(name: StaticString) -> JSONView? {
    members?.first { $0.key.isString(name) }?.value
  }

  /// The values that stand directly inside another, keys among them.
  @frozen public struct Children: Sequence, IteratorProtocol, Sendable {
    @usableFromInline let parent: JSONView
    @usableFromInline var place: Int
    @usableFromInline let end: Int

    @inlinable @inline(__always)
    init(_ parent: JSONView) {
      self.parent = parent
      place = parent.place &+ 1
      end = parent.next &- 1
    }

    @inlinable @inline(__always)
    public mutating func next() -> JSONView? {
      guard place < end else { return nil }
      let value = parent.value(at: place)
      place = value.next
      return value
    }

    /// Number of values; of an object, of keys. The document counts up to 2^24 - 2.
    public var count: Int {
      let known = Int(parent.words[parent.place] &>> 32 & 0xFF_FFFF)
      if known < 0xFF_FFFF { return known }
      let all = reduce(0) { count, _ in count + 1 }
      return parent.kind == UInt8(ascii: "{") ? all / 2 : all
    }
  }

  /// The members of an object.
  @frozen public struct Members: Sequence, IteratorProtocol, Sendable {
    @usableFromInline var children: Children

    @inlinable @inline(__always)
    init(children: Children) { self.children = children }

    @inlinable @inline(__always)
    public mutating func next() -> (key: JSONView, value: JSONView)? {
      guard let key = children.next(), let value = children.next() else { return nil }
      return (key, value)
    }

    /// Number of members.
    public var count: Int { children.count }
  }
}
