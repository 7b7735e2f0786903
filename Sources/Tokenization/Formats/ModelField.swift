import Primitives

/// A JSON value and the path that leads to it, so that errors name the place.
struct ModelField {
  let value: JSONValue
  let path: String

  /// The object that a file is; `name`: the path of its members, if they are a part of a file.
  static func root(of bytes: [UInt8], name: String = "") throws(FormatError) -> ModelField {
    let document: JSONDocument
    do throws(JSONError) {
      document = try JSONDocument(parsing: bytes)
    } catch {
      throw .json(error)
    }
    let root = ModelField(value: document.root, path: name)
    guard root.value.members != nil else {
      throw .wrongType(field: "of the whole file", expected: "an object")
    }
    return root
  }

  /// A member; `nil` where it is absent or `null`.
  func optional(_ name: StaticString) -> ModelField? {
    guard let member = value[name], !member.isNull else { return nil }
    return ModelField(value: member, path: path.isEmpty ? "\(name)" : "\(path).\(name)")
  }

  func required(_ name: StaticString) throws(FormatError) -> ModelField {
    guard let member = optional(name) else {
      throw .missing(field: path.isEmpty ? "\(name)" : "\(path).\(name)")
    }
    return member
  }

  func boolean() throws(FormatError) -> Bool {
    guard let boolean = value.boolean else { throw expected("true or false") }
    return boolean
  }

  func string() throws(FormatError) -> [UInt8] {
    guard let string = value.string else { throw expected("a string") }
    return string
  }

  func integer() throws(FormatError) -> Int64 {
    guard let integer = value.integer else { throw expected("an integer") }
    return integer
  }

  /// An integer from 0 to 2^63 - 1.
  func count() throws(FormatError) -> Int {
    guard let integer = value.integer, let count = Int(exactly: integer), count >= 0 else {
      throw expected("an integer from 0 on")
    }
    return count
  }

  /// A string of one character (Unicode scalar).
  func scalar() throws(FormatError) -> UInt32 {
    let scalars = String(decoding: try string(), as: UTF8.self).unicodeScalars
    guard let first = scalars.first, scalars.dropFirst().isEmpty else {
      throw expected("one character")
    }
    return first.value
  }

  /// Paths of the members of an object that have other names, in the order of the file.
  func names(otherThan known: [StaticString]) -> [String] {
    guard let members = value.members else { return [] }
    return members.compactMap { key, _ in
      if known.contains(where: { key.isString($0) }) { return nil }
      let name = quoted(key.string ?? [])
      return path.isEmpty ? name : "\(path).\(name)"
    }
  }

  func elements() throws(FormatError) -> JSONValue.Children {
    guard let elements = value.elements else { throw expected("an array") }
    return elements
  }

  func members() throws(FormatError) -> JSONValue.Members {
    guard let members = value.members else { throw expected("an object") }
    return members
  }

  /// The elements of an array, each with its path.
  func fields() throws(FormatError) -> [ModelField] {
    try elements().enumerated().map { ModelField(value: $1, path: "\(path)[\($0)]") }
  }

  /// The name of a pipeline step or model.
  func type() throws(FormatError) -> String {
    String(decoding: try required("type").string(), as: UTF8.self)
  }

  /// A flag with a default for files that leave it out.
  func flag(_ name: StaticString, default standard: Bool) throws(FormatError) -> Bool {
    try optional(name)?.boolean() ?? standard
  }

  func expected(_ kind: String) -> FormatError { .wrongType(field: path, expected: kind) }

  func unsupported(_ feature: String) -> FormatError {
    .unsupported(feature: "\(path): \(feature)")
  }
}

/// Ids that files may use: enough for every vocabulary, few enough for tables indexed by id.
enum ModelLimits {
  static let greatestID = 1 << 24 - 1

  static func id(_ value: Int64) -> TokenID? {
    value >= 0 && value <= Int64(greatestID) ? TokenID(value) : nil
  }

  static func id(_ value: Int64, of token: [UInt8]) throws(FormatError) -> TokenID {
    guard let id = id(value) else { throw .idOutOfRange(token: token, greatest: greatestID) }
    return id
  }
}
