/// File names are bytes; messages are text: control characters and ill-formed bytes are escaped.
enum PathText {
  static func display(_ path: [UInt8]) -> String {
    var text = ""
    for scalar in String(decoding: path, as: UTF8.self).unicodeScalars {
      if scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar.value == 0xFFFD {
        text += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
