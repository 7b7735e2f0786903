/// What a page consists of, read as strictly as can be: every `<` must begin a tag, every tag must be closed
/// by its own name, every attribute must have a value in double quotes.
struct HTMLOutline {
  struct Flaw: Error, Equatable { var text: String }

  private(set) var elements: Set<String> = []
  /// "element attribute"
  private(set) var attributes: Set<String> = []
  /// Values by attribute.
  private(set) var values: [String: [String]] = [:]
  /// All text, character references resolved, without the style sheet.
  private(set) var text = ""
  private(set) var styleSheet = ""

  private static let void: Set<String> = ["meta", "!DOCTYPE"]
  private static let references = [
    "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'",
  ].map { (name: Array($0.utf8), character: Array($1.utf8)) }

  init(_ page: [UInt8]) throws(Flaw) {
    var open: [String] = []
    var text: [UInt8] = []
    var rest = page[...]
    while let place = rest.firstIndex(of: UInt8(ascii: "<")) {
      if open.last == "style" {
        styleSheet += String(decoding: rest[..<place], as: UTF8.self)
      } else {
        text += try Self.resolved(rest[..<place])
      }
      rest = rest[(place + 1)...]
      guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { throw Flaw(text: "open tag") }
      let tag = String(decoding: rest[..<end], as: UTF8.self)
      rest = rest[(end + 1)...]
      if tag.hasPrefix("/") {
        guard open.popLast() == String(tag.dropFirst()) else { throw Flaw(text: "closes \(tag)") }
        continue
      }
      let name = String(tag.prefix { $0 != " " })
      if name != "!DOCTYPE" {
        guard name.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) }) else {
          throw Flaw(text: "element \(name)")
        }
        elements.insert(name)
        try read(attributesOf: tag.dropFirst(name.count), element: name)
      }
      if !Self.void.contains(name) { open.append(name) }
    }
    guard open.isEmpty, rest.allSatisfy({ $0 == UInt8(ascii: "\n") }) else {
      throw Flaw(text: "open: \(open)")
    }
    guard let valid = String(validating: text, as: UTF8.self) else { throw Flaw(text: "no UTF-8") }
    self.text = valid
  }

  private mutating func read(attributesOf tag: Substring, element: String) throws(Flaw) {
    var rest = tag
    while !rest.isEmpty {
      guard let match = rest.prefixMatch(of: #/ ([A-Za-z0-9-]+)(?:="([^"<>]*)")?/#) else {
        throw Flaw(text: "attribute \(rest)")
      }
      attributes.insert("\(element) \(match.1)")
      if element != "li" && element != "text" {
        let value = try Self.resolved(Array((match.2 ?? "").utf8)[...])
        values[String(match.1), default: []].append(String(decoding: value, as: UTF8.self))
      }
      rest = rest[match.range.upperBound...]
    }
  }

  private static func resolved(_ text: ArraySlice<UInt8>) throws(Flaw) -> [UInt8] {
    var result: [UInt8] = []
    var rest = text
    while let byte = rest.first {
      if byte == UInt8(ascii: ">") { throw Flaw(text: "a bare >") }
      if byte != UInt8(ascii: "&") {
        result.append(byte)
        rest.removeFirst()
        continue
      }
      guard let reference = references.first(where: { rest.starts(with: $0.name) }) else {
        throw Flaw(text: "reference \(String(decoding: rest.prefix(8), as: UTF8.self))")
      }
      result += reference.character
      rest = rest.dropFirst(reference.name.count)
    }
    return result
  }
}
