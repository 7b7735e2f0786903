/// The sets that Hugging Face's pre-tokenizers cut at, each with the Unicode version of the library
/// behind it, and sets as text of patterns.
extension CodePointSet {
  /// Rust's `char::is_numeric` (Unicode 17 in tokenizers 0.23): N of the pinned version and newer
  /// characters.
  static let numeric = (CodePointSet(category: "n") ?? .empty)
    .union(CodePointSet(0x11DE0, 0x11DE9)).union(CodePointSet(0x16FF4, 0x16FF6))

  /// ASCII signs, and P of the crate unicode_categories, whose data are of Unicode 8.
  static let punctuation = (CodePointSet(category: "p") ?? .empty)
    .subtracting(punctuationSince8)
    .union(CodePointSet(0x21, 0x2F)).union(CodePointSet(0x3A, 0x40))
    .union(CodePointSet(0x5B, 0x60)).union(CodePointSet(0x7B, 0x7E))
    .union(CodePointSet(0x166D, 0x166D)).union(CodePointSet(0x111C9, 0x111C9))

  /// P of the pinned version that was not P in Unicode 8.
  private static let punctuationSince8 = CodePointSet(bounds: [
    0x61D, 0x61E, 0x9FD, 0x9FE, 0xA76, 0xA77, 0xC77, 0xC78, 0xC84, 0xC85, 0x1B4E, 0x1B50, 0x1B7D,
    0x1B80, 0x2E43, 0x2E50, 0x2E52, 0x2E5E, 0x10D6E, 0x10D6F, 0x10EAD, 0x10EAE, 0x10F55, 0x10F5A,
    0x10F86, 0x10F8A, 0x113D4, 0x113D6, 0x113D7, 0x113D9, 0x1144B, 0x11450, 0x1145A, 0x1145C,
    0x1145D, 0x1145E, 0x11660, 0x1166D, 0x116B9, 0x116BA, 0x1183B, 0x1183C, 0x11944, 0x11947,
    0x119E2, 0x119E3, 0x11A3F, 0x11A47, 0x11A9A, 0x11A9D, 0x11A9E, 0x11AA3, 0x11B00, 0x11B0A,
    0x11BE1, 0x11BE2, 0x11C41, 0x11C46, 0x11C70, 0x11C72, 0x11EF7, 0x11EF9, 0x11F43, 0x11F50,
    0x11FFF, 0x12000, 0x12FF1, 0x12FF3, 0x16D6D, 0x16D70, 0x16E97, 0x16E9B, 0x16FE2, 0x16FE3,
    0x1E5FF, 0x1E600, 0x1E95E, 0x1E960,
  ])

  /// The set as a class in the text of a pattern. No range of it may begin or end with a surrogate.
  var classText: String { "[" + rangeText + "]" }

  /// All other code points.
  var negatedClassText: String { "[^" + rangeText + "]" }

  private var rangeText: String {
    var text = ""
    for index in stride(from: 0, to: bounds.count, by: 2) {
      Self.escape(bounds[index], into: &text)
      if bounds[index + 1] - bounds[index] > 1 {
        text += "-"
        Self.escape(bounds[index + 1] - 1, into: &text)
      }
    }
    return text
  }

  fileprivate static func escape(_ scalar: UInt32, into text: inout String) {
    if scalar < 0x80, scalar > 0x20, !(48...57).contains(scalar),
      !(97...122).contains(scalar | 0x20)
    {
      text += "\\"
    }
    text.unicodeScalars.append(Unicode.Scalar(scalar) ?? "\u{FFFD}")
  }
}

extension SplitPattern {
  /// A pattern that matches a text, UTF-8, and nothing else.
  init(literally text: [UInt8]) {
    var pattern = ""
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      CodePointSet.escape(scalar.value, into: &pattern)
    }
    self.init(pattern)
  }
}
