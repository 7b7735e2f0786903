/// A value that an option can take: how it is read, and what to say when it cannot be.
struct ValueKind<Value: Sendable>: Sendable {
  /// Stands for the value in help, such as "N".
  let placeholder: String
  /// Completes "give ...", such as "a whole number from 1 to 64".
  let expected: String
  /// The values there are, where they can be listed.
  let choices: [String]
  /// Reads a value; `nil` where the word is none.
  let read: @Sendable (RawArgument) -> Value?

  init(
    _ placeholder: String, expected: String, choices: [String] = [],
    read: @escaping @Sendable (RawArgument) -> Value?
  ) {
    self.placeholder = placeholder
    self.expected = expected
    self.choices = choices
    self.read = read
  }
}

extension ValueKind where Value == Int {
  /// A whole number written in decimal digits.
  static func number(_ range: ClosedRange<Int>) -> ValueKind {
    let expected =
      range.upperBound == Int.max
      ? "a whole number from \(range.lowerBound)"
      : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return ValueKind("N", expected: expected) { word in
      guard let text = word.text, text.utf8.allSatisfy({ (48...57).contains($0) }),
        let number = Int(text), range.contains(number)
      else { return nil }
      return number
    }
  }
}

extension ValueKind where Value == String {
  /// Any text that is UTF-8 and not empty.
  static func text(_ placeholder: String) -> ValueKind {
    ValueKind(placeholder, expected: "text in UTF-8, not empty") { word in
      word.bytes.isEmpty ? nil : word.text
    }
  }
}

extension ValueKind where Value == [UInt8] {
  /// The bytes of a text that is UTF-8 and not empty.
  static func utf8(_ placeholder: String) -> ValueKind {
    ValueKind(placeholder, expected: "text in UTF-8, not empty") { word in
      word.bytes.isEmpty || word.text == nil ? nil : word.bytes
    }
  }

  /// Bytes that are a path. No encoding is asked of them.
  static func path(_ placeholder: String) -> ValueKind {
    ValueKind(placeholder, expected: "a path") { $0.bytes.isEmpty ? nil : $0.bytes }
  }
}

extension ValueKind where Value: RawRepresentable<String> & CaseIterable {
  /// One of the cases of an enumeration, by raw value.
  static func choice(_ placeholder: String) -> ValueKind {
    choice(placeholder, Value.allCases.map { ($0.rawValue, $0) })
  }
}

extension ValueKind {
  /// One of the keys of a short list, as what stands beside it.
  static func choice(
    _ placeholder: String, _ choices: [(name: String, value: Value)]
  ) -> ValueKind {
    let names = choices.map(\.name)
    return ValueKind(placeholder, expected: oneOf(names), choices: names) { word in
      choices.first { $0.name == word.text }?.value
    }
  }

  private static func oneOf(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " or " + last
  }
}
