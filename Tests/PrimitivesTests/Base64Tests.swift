import Foundation
import Testing

@testable import Primitives

@Suite struct Base64Tests {
  @Test("the examples of RFC 4648, section 10")
  func examples() {
    for (bytes, text) in [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ] {
      #expect(Base64.encode(Array(bytes.utf8)) == Array(text.utf8))
      #expect(Base64.decode(Array(text.utf8)) == Array(bytes.utf8))
    }
  }

  @Test("all bytes come back, and are spelled as Foundation spells them")
  func roundTrip() {
    for length in 0..<300 {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ length) }
      let text = Base64.encode(bytes)
      #expect(text == Array(Data(bytes).base64EncodedString().utf8))
      #expect(Base64.decode(text) == bytes)
    }
  }

  @Test("what stands for no bytes is refused")
  func refused() {
    for text in [
      "Z", "Zg", "Zg=", "Zm9", "Zg==Zg==", "=Zg=", "====", "Z===", "Zm9v ", "Zm9v\n", "Zm9-",
      "Zm9_",
      "Zh==", "Zm9=", "Zm 9",
    ] {
      #expect(Base64.decode(Array(text.utf8)) == nil, "\(text)")
    }
  }
}
