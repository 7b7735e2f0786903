import Primitives
import Tokenization

/// How the ids of a document are written.
enum EncodedForm: Sendable {
  case line(tokens: Bool, offsets: Bool)
  /// All that is known.
  case json
  /// `separator`: stands behind each document.
  case binary(BinaryWidth, separator: TokenID?)

  /// Whether more than ids is needed, which costs time.
  var hasDetails: Bool {
    switch self {
    case .line(_, let offsets): offsets
    case .json: true
    case .binary: false
    }
  }

  /// Appends a document to `output`; what was cut off from it stands behind it.
  /// - Throws: the first id that does not fit the width asked for.
  func append(
    _ encoding: Encoding, of tokenizer: Tokenizer, to output: inout [UInt8]
  ) throws(IDTooWide) {
    if case .json = self {
      var writer = JSONWriter(layout: .compact)
      Self.write(encoding, of: tokenizer, to: &writer)
      output.append(contentsOf: writer.bytes)
      return output.append(UInt8(ascii: "\n"))
    }
    for part in [encoding] + encoding.overflowing {
      try append(part.ids[...], part.offsets[...], of: tokenizer, to: &output)
    }
  }

  /// Appends a document to `output`; `spans`, by the indices of `ids`, are looked at where the form has
  /// details.
  /// - Throws: the first id that does not fit the width asked for.
  func append(
    _ ids: ArraySlice<TokenID>, _ spans: ArraySlice<Range<Int>>, of tokenizer: Tokenizer,
    to output: inout [UInt8]
  ) throws(IDTooWide) {
    switch self {
    case .json: break
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
    case .binary(.u16, let separator):
      try output.appendNarrow(ids)
      if let separator { try output.appendNarrow([separator]) }
    case .binary(.u32, let separator):
      output.appendWide(ids)
      if let separator { output.appendWide([separator]) }
    }
  }

  private static func write(
    _ encoding: Encoding, of tokenizer: Tokenizer, to json: inout JSONWriter
  ) {
    json.object { json in
      json.key("ids")
      json.array { json in for id in encoding.ids { json.integer(id) } }
      json.key("type_ids")
      json.array { json in for type in encoding.typeIDs { json.integer(type) } }
      json.key("tokens")
      json.array { json in
        for id in encoding.ids { json.string(tokenizer.spelling(of: id) ?? []) }
      }
      json.key("offsets")
      json.array { json in
        for range in encoding.offsets {
          json.array { json in
            json.integer(range.lowerBound)
            json.integer(range.upperBound)
          }
        }
      }
      for (key, values) in [
        ("word_ids", encoding.wordIndices), ("sequence_ids", encoding.sequenceIndices),
      ] as [(StaticString, [Int?])] {
        json.key(key)
        json.array { json in
          for value in values { if let value { json.integer(value) } else { json.null() } }
        }
      }
      for (key, mask) in [
        ("special_tokens_mask", encoding.specialTokensMask),
        ("attention_mask", encoding.attentionMask),
      ] as [(StaticString, [UInt8])] {
        json.key(key)
        json.array { json in for value in mask { json.integer(value) } }
      }
      if !encoding.overflowing.isEmpty {
        json.key("overflowing")
        json.array { json in
          for part in encoding.overflowing { write(part, of: tokenizer, to: &json) }
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
  /// Appends ids in two bytes each, the low one first.
  fileprivate mutating func appendNarrow(_ ids: ArraySlice<TokenID>) throws(IDTooWide) {
    if let wide = ids.first(where: { $0 > UInt16.max }) { throw IDTooWide(id: wide) }
    ids.map { UInt16(truncatingIfNeeded: $0).littleEndian }.withUnsafeBytes {
      append(contentsOf: $0)
    }
  }

  /// Appends ids in four bytes each, the lowest one first.
  fileprivate mutating func appendWide(_ ids: ArraySlice<TokenID>) {
    ids.map { $0.littleEndian }.withUnsafeBytes { append(contentsOf: $0) }
  }

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
