import Testing

@testable import Tokenization

@Suite("Trie of pieces")
struct PieceTrieTests {
  /// The ids of all prefixes of a text that are pieces, by length, by looking at every piece.
  private func naive(_ pieces: [[UInt8]], _ text: ArraySlice<UInt8>) -> [Int: TokenID] {
    var ids: [Int: TokenID] = [:]
    for (id, piece) in pieces.enumerated() where !piece.isEmpty && text.starts(with: piece) {
      ids[piece.count] = TokenID(id)
    }
    return ids
  }

  private func trie(_ pieces: [[UInt8]]) -> PieceTrie {
    let vocabulary = Vocabulary(tokens: pieces)
    return PieceTrie(
      vocabulary, pieces.indices.map { .init(vocabulary.range(of: TokenID($0)), id: TokenID($0)) })
  }

  private func check(_ pieces: [[UInt8]], in text: [UInt8]) {
    let trie = trie(pieces)
    text.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for place in text.indices {
        let expected = naive(pieces, text[place...])
        var found: [Int: TokenID] = [:]
        trie.forEachPrefix(of: base + place, to: base + text.count) { found[$0] = $1 }
        #expect(found == expected)
        let longest = trie.longestPrefix(of: base + place, to: base + text.count)
        #expect(longest?.length == expected.keys.max())
        #expect(longest?.id == expected.max { $0.key < $1.key }?.value)
      }
    }
  }

  @Test("All pieces that a text begins with are found", arguments: 0..<24)
  func random(seed: Int) {
    var random = SeededGenerator(seed: UInt64(seed))
    // Few letters make pieces that begin alike, many make nodes with many children.
    let alphabet = Array("aé東😀b\u{1}cdefghijklmnopqrstuvwxyz0123456789ßüñ").prefix(
      [2, 4, 7, 40][seed % 4])
    let longest = [3, 9, 30][seed % 3]
    func word() -> [UInt8] {
      let letters = (0..<Int.random(in: 1...longest, using: &random)).map { _ in
        alphabet.randomElement(using: &random) ?? "a"
      }
      return Array(String(letters).utf8)
    }
    let pieces = (0..<[1, 30, 500][seed % 3]).map { _ in word() }
    var text: [UInt8] = []
    for _ in 0..<40 {
      text += (Bool.random(using: &random) ? word() : pieces.randomElement(using: &random)) ?? []
    }
    check(pieces, in: text)
  }

  @Test("Pieces that agree in many bytes, or in all")
  func alike() {
    let long = [UInt8](repeating: 0x61, count: 100)
    var pieces = (1...100).map { Array(long.prefix($0)) }
    pieces += (1...60).map { long + Array("\($0)".utf8) } + pieces.reversed()
    check(pieces, in: long + Array("17a42".utf8))
  }

  @Test("Every byte that text can begin with has a node of its own")
  func wide() {
    let pieces = (0x80..<0x900).compactMap { Unicode.Scalar($0) }.map { Array(String($0).utf8) }
    let trie = trie(pieces)
    for (id, piece) in pieces.enumerated() {
      piece.withUnsafeBufferPointer { piece in
        guard let base = piece.baseAddress else { return }
        #expect(trie.longestPrefix(of: base, to: base + piece.count)?.id == TokenID(id))
      }
    }
  }

  @Test("NUL is a character like others; what is no text, or nothing, is no piece")
  func odd() {
    let pieces: [[UInt8]] = [
      [0], [0x61, 0, 0x62], [0x61], [], [0xE2], [0xE2, 0x96, 0x81], [0x96],
    ]
    let trie = trie(pieces)
    func ids(_ text: [UInt8]) -> [TokenID] {
      var ids: [TokenID] = []
      text.withUnsafeBufferPointer { text in
        guard let base = text.baseAddress else { return }
        trie.forEachPrefix(of: base, to: base + text.count) { ids.append($1) }
      }
      return ids
    }
    #expect(ids([0, 0]) == [0])
    #expect(ids([0x61, 0, 0x62]) == [2, 1])
    #expect(ids([0xE2, 0x96, 0x81]) == [5])
    #expect(ids([0x96, 0x81]) == [])
    #expect(ids([0x62]) == [])
  }

  @Test("Without pieces nothing is found")
  func none() {
    check([], in: [0, 1, 2, 0])
  }
}
