import Primitives

/// `truncation` and `padding` of `tokenizer.json`.
enum HuggingFaceLengths {
  static func readTruncation(_ field: ModelField) throws(FormatError) -> Truncation {
    Truncation(
      direction: try field.optional("direction").map(choice) ?? .right,
      longest: try field.required("max_length").count(),
      strategy: try choice(field.required("strategy")),
      stride: try field.required("stride").count())
  }

  static func readPadding(_ field: ModelField) throws(FormatError) -> Padding {
    let strategy = try field.required("strategy")
    var length: Int?
    if !strategy.value.isString("BatchLongest") {
      guard strategy.value.members != nil, let fixed = strategy.optional("Fixed") else {
        throw strategy.expected("BatchLongest or an object with the member Fixed")
      }
      length = try fixed.count()
    }
    let token = try field.required("pad_token").string()
    let typeID = try field.required("pad_type_id")
    guard let type = UInt32(exactly: try typeID.integer()) else {
      throw typeID.expected("a type id from 0 to \(UInt32.max)")
    }
    return Padding(
      length: length, direction: try choice(field.required("direction")),
      multiple: try field.optional("pad_to_multiple_of")?.count(),
      id: try ModelLimits.id(try field.required("pad_id").integer(), of: token), typeID: type,
      token: token)
  }

  private static func choice<Choice: RawRepresentable & CaseIterable>(
    _ field: ModelField
  ) throws(FormatError) -> Choice where Choice.RawValue == String {
    guard let choice = Choice(rawValue: String(decoding: try field.string(), as: UTF8.self)) else {
      throw field.expected(
        "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }

  static func write(_ truncation: Truncation?, to file: inout JSONWriter) {
    guard let truncation else { return file.null() }
    file.object { file in
      file.key("direction")
      file.string(truncation.direction.rawValue)
      file.key("max_length")
      file.integer(truncation.longest)
      file.key("strategy")
      file.string(truncation.strategy.rawValue)
      file.key("stride")
      file.integer(truncation.stride)
    }
  }

  static func write(_ padding: Padding?, to file: inout JSONWriter) {
    guard let padding else { return file.null() }
    file.object { file in
      file.key("strategy")
      if let length = padding.length {
        file.object { file in
          file.key("Fixed")
          file.integer(length)
        }
      } else {
        file.string("BatchLongest")
      }
      file.key("direction")
      file.string(padding.direction.rawValue)
      file.key("pad_to_multiple_of")
      if let multiple = padding.multiple { file.integer(multiple) } else { file.null() }
      file.key("pad_id")
      file.integer(padding.id)
      file.key("pad_type_id")
      file.integer(padding.typeID)
      file.key("pad_token")
      file.string(padding.token)
    }
  }
}
