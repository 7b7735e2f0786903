import Testing
import Tokenization

@Suite("Byte alphabet")
struct ByteAlphabetTests {
  @Test("Every byte has a spelling of its own that leads back to it")
  func bijection() {
    let spellings = (0...255).map { ByteAlphabet.spelling(of: [UInt8($0)]) }
    #expect(Set(spellings).count == 256)
    for (byte, spelling) in spellings.enumerated() {
      #expect(ByteAlphabet.bytes(spelled: spelling) == [UInt8(byte)])
    }
  }

  @Test("Known spellings")
  func known() {
    #expect(ByteAlphabet.spelling(of: Array(" \n".utf8)) == Array("ĠĊ".utf8))
    #expect(ByteAlphabet.bytesInOrder.first == UInt8(ascii: "!"))
    #expect(ByteAlphabet.bytesInOrder[188] == 0)
    #expect(ByteAlphabet.bytesInOrder[220] == UInt8(ascii: " "))
  }

  @Test(
    "Other characters and broken UTF-8 stand for nothing",
    arguments: [[0x20], [0x0A], [0xC2, 0xAD], [0xC5, 0x84], [0xE5, 0xAD, 0x97], [0xC3], [0xA1]])
  func refused(spelling: [UInt8]) {
    #expect(ByteAlphabet.bytes(spelled: spelling) == nil)
  }
}
