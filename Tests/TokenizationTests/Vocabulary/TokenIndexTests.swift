import Testing
import Tokenization

@Suite("Token index")
struct TokenIndexTests {
  @Test("Canonically equal tokens stay apart, holes and strangers have no id")
  func lookUp() {
    let tokens: [[UInt8]?] = [[0x65, 0xCC, 0x81], nil, [0xC3, 0xA9], [0x65], [0]]
    let index = TokenIndex(Vocabulary(tokens: tokens))
    for (id, token) in tokens.enumerated() {
      if let token { #expect(index.id(of: token) == TokenID(id)) }
    }
    #expect(index.id(of: []) == nil)
    #expect(index.id(of: [0x65, 0xCC]) == nil)
    #expect(index.firstDuplicate == nil)
  }

  @Test("The first token that occurs twice is named")
  func duplicates() {
    let index = TokenIndex(Vocabulary(tokens: [[1], [2], [3], [2], [1]]))
    #expect(index.firstDuplicate?.first == 1)
    #expect(index.firstDuplicate?.second == 3)
    #expect(index.id(of: [2]) == 1)
  }
}
