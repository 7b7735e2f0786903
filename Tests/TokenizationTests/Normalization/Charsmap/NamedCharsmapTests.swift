import Testing

@testable import Tokenization

@Suite struct NamedCharsmapTests {
  @Test(
    "the named sets are made, and have the sizes of SentencePiece 0.2.3's",
    arguments: [
      (NamedCharsmap.nmtNFKC, 240_007), (.nfkc, 240_008), (.nmtNFKCFolded, 247_164),
      (.nfkcFolded, 247_165),
    ])
  func sizes(name: NamedCharsmap, bytes: Int) throws {
    #expect(try name.charsmap().precompiled.count == bytes)
  }

  @Test("their rules are as many as SentencePiece 0.2.3's")
  func counts() {
    #expect(NamedRules.nmtNFKC.rules.count == 225_276)
    #expect(NamedRules.nmtNFKC.rules.values.count { $0.isEmpty } == 30)
    #expect(NamedRules.nfkcFolded.rules.count == 226_640)
  }

  @Test("what ICU lacks of Unicode 16 and 17 is there")
  func laterUnicode() {
    func rule(_ key: String) -> String? {
      NamedRules.nfkcFolded.rules[Array(key.utf8)].map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(rule("\u{1CCD6}") == "a")
    #expect(rule("\u{1CCD6}\u{301}") == "á")
    #expect(rule("\u{16D63}\u{16D67}\u{16D67}") == "\u{16D6A}")
    #expect(rule("\u{16EB8}") == "\u{16ED3}")
    #expect(rule("\u{A7DC}") == "\u{19B}")
  }

  @Test("no rules are no charsmap")
  func identity() throws {
    #expect(try NamedCharsmap.identity.charsmap() == .identity)
    #expect(NamedCharsmap(rawValue: "nmt_nfkc_cf") == .nmtNFKCFolded)
  }
}
