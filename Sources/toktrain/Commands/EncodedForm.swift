import Primitives
import Tokenization

/// How the ids of a document are written.
enum EncodedForm: Sendable {
  case line(tokens: Bool, offsets: Bool)
  /// `types`: which of the texts of a template each id belongs to.
  case json(tokens: Bool, offsets: Bool, types: Bool)
  case binary(BinaryWidth)

  /// Whether more than ids is needed, which costs time.
  var hasDetails: Bool {
    switch self {
    case .line(_, let offsets): offsets
    case .json(_, let offsets, let types): offsets || types
    case .binary: false
    }
  }

  /// Appends a document to `output`; `spans` and `types`, by the indices of `ids`, are looked at where
  /// the form has details.
  /// - Throws: the first id that does not fit the width asked for.
  func append(
    _ ids: ArraySlice<TokenID>, _ spans: ArraySlice<Range<Int>>, types: ArraySlice<UInt32>,
    of tokenizer: Tokenizer, to output: inout [UInt8]
  ) throws(IDTooWide) {
    switch self {
    case .line(let tokens, let offsets):
      for index in ids.indices {
        if index > ids.startIndex { output.append(UInt8(ascii: " ")) }
        if tokens {
          let bytes = tokenizer.bytes(of: ids[index]) ?? []
          output.append(contentsOf: VisibleText.token(bytes).utf8)
        } else {
          output.appendDecimal(UInt64(ids[index]))
        }
        if offsets { output.appendSpan(spans[index]) }
      }
      output.append(UInt8(ascii: "\n"))
    case .json(let tokens, let offsets, let hasTypes):
      var writer = JSONWriter(layout: .compact)
      writer.object { json in
        json.key("ids")
        json.array { json in for id in ids { json.integer(id) } }
        if hasTypes {
          json.key("type_ids")
          json.array { json in for type in types { json.integer(type) } }
        }
        if tokens { Self.write(ids, of: tokenizer, to: &json) }
        if offsets { Self.write(spans, to: &json) }
      }
      output.append(contentsOf: writer.bytes)
      output.append(UInt8(ascii: "\n"))
    case .binary(.u16):
      for id in ids {
        guard let narrow = UInt16(exactly: id) else { throw IDTooWide(id: id) }
        output.append(UInt8(truncatingIfNeeded: narrow))
        output.append(UInt8(truncatingIfNeeded: narrow >> 8))
      }
    case .binary(.u32):
      for id in ids {
        for shift in [0, 8, 16, 24] as [TokenID] {
          output.append(UInt8(truncatingIfNeeded: id >> shift))
        }
      }
    }
  }

  private static func write(
    _ ids: ArraySlice<TokenID>, of tokenizer: Tokenizer, to json: inout JSONWriter
  ) {
    json.key("tokens")
    json.array { json in
      for id in ids { json.string(tokenizer.spelling(of: id) ?? []) }
    }
  }

  private static func write(_ spans: ArraySlice<Range<Int>>, to json: inout JSONWriter) {
    json.key("offsets")
    json.array { json in
      for range in spans {
        json.array { json in
          json.integer(range.lowerBound)
          json.integer(range.upperBound)
        }
      }
    }
  }
}

/// An id that `--binary` cannot hold.
struct IDTooWide: Error {
  var id: TokenID
}

extension [UInt8] {
  /// Appends a number in decimal digits, without a detour over `String`.
  mutating func appendDecimal(_ value: UInt64) {
    if value < 10 { return append(UInt8(ascii: "0") + UInt8(value)) }
    var rest = value
    let start = count
    while rest > 0 {
      append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    }
    self[start...].reverse()
  }

  /// ":12-15" behind an id or a token: the end is excluded.
  fileprivate mutating func appendSpan(_ range: Range<Int>) {
    append(UInt8(ascii: ":"))
    appendDecimal(UInt64(range.lowerBound))
    append(UInt8(ascii: "-"))
    appendDecimal(UInt64(range.upperBound))
  }
}
