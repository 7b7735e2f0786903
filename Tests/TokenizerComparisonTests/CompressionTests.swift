import Testing

@testable import TokenizerComparison

@Suite("Compression")
struct CompressionTests {
  @Test("Bytes per token are a ratio, and none without tokens")
  func ratio() {
    #expect(Compression(bytes: 9, tokens: 4).bytesPerToken == 2.25)
    #expect(Compression(bytes: 0, tokens: 0).bytesPerToken == nil)
  }
}
