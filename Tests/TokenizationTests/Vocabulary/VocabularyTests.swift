import Testing

@testable import Tokenization

@Suite("Vocabulary")
struct VocabularyTests {
  private let tokens: [[UInt8]?] = [[1, 2], nil, [], [3], nil, [4, 5, 6], [7]]

  @Test("Tokens and holes are where they were put; an empty token is none")
  func tokenByID() {
    let vocabulary = Vocabulary(tokens: tokens)
    #expect(vocabulary.count == 7)
    #expect(vocabulary.tokenCount == 5)
    #expect(vocabulary.longestTokenLength == 3)
    for (id, token) in tokens.enumerated() {
      #expect(vocabulary[TokenID(id)].map(Array.init) == token)
    }
    #expect(vocabulary[7] == nil)
    #expect(vocabulary.firstID(of: [3]) == 3)
    #expect(vocabulary.firstID(of: []) == 2)
    #expect(vocabulary.firstID(of: [3, 4]) == nil)
  }

  @Test("Tokens that are removed leave holes, and all others as they were")
  func removing() {
    let vocabulary = Vocabulary(tokens: tokens)
    for ids in [[], [0], [3], [0, 3, 5, 6], [1, 2], [6], [0, 1, 2, 3, 4, 5, 6]] as [[TokenID]] {
      let rest = vocabulary.removing(ids)
      #expect(rest.count == 7)
      for (id, token) in tokens.enumerated() {
        let isRemoved = ids.contains(TokenID(id))
        #expect(rest[TokenID(id)].map(Array.init) == (isRemoved ? nil : token))
      }
      #expect(rest.bytes.count == (0..<7).reduce(0) { $0 + rest.length(of: $1) })
    }
  }

  @Test("A builder grows, and takes back what is no token")
  func builder() {
    var builder = VocabularyBuilder(tokenCount: 0, byteCount: 0)
    var expected: [[UInt8]?] = []
    for length in 0..<60 {
      let token = (0..<length).map { UInt8($0) }
      let isToken = builder.append(upTo: 2 * length) { target in
        for (index, byte) in token.enumerated() { target[index] = byte }
        return length % 3 == 0 ? nil : length
      }
      #expect(isToken == (length % 3 != 0))
      if isToken { expected.append(token) }
      if length % 7 == 0 {
        builder.appendHoles(before: TokenID(builder.count + 2))
        expected += [nil, nil]
      }
    }
    let vocabulary = builder.vocabulary
    #expect((0..<vocabulary.count).map { vocabulary[TokenID($0)].map(Array.init) } == expected)
  }
}
