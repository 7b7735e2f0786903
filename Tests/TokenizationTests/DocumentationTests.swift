import Foundation
import Testing
import Tokenization

/// The examples of the documentation, run.
@Suite("Documentation")
struct DocumentationTests {
  private static let root = (0..<3).reduce(URL(fileURLWithPath: #filePath)) { place, _ in
    place.deletingLastPathComponent()
  }

  /// The vocabulary of the demonstration.
  private let path = root.appendingPathComponent("Vocab/corpora-wordpiece").path

  @Test("A text becomes ids and comes back")
  func app() throws {
    let tokenizer = try Tokenizer(contentsOf: path)
    let encoding = try tokenizer.encode("Hello, world")
    let text = try tokenizer.decode(encoding.ids)
    #expect(text == "hello, world" && encoding.count > 2)
  }

  @Test("Places are counted in the unit that is asked for")
  func places() throws {
    let tokenizer = try Tokenizer(contentsOf: path)
    var inUTF16 = EncodingOptions()
    inUTF16.offsetUnit = .utf16
    let place = try tokenizer.encode("größer: 🙂 東京", options: inUTF16).offsets.last
    #expect(place == 12..<13)
  }

  @Test("A long text becomes windows of one length, and texts become a batch")
  func lengths() async throws {
    let tokenizer = try Tokenizer(contentsOf: path)
    var options = EncodingOptions(addsSpecialTokens: true)
    options.truncation = Truncation(longest: 8, stride: 2)
    options.keepsOverflow = true
    options.padding = Padding(id: 0, token: Array("[PAD]".utf8))
    let window = try tokenizer.encode(
      "a text that is longer than eight ids, by far", options: options)
    let windows = [window] + window.overflowing
    #expect(windows.count > 1 && Set(windows.map(\.count)) == [8])
    #expect(windows[1].ids[1...2] == windows[0].ids[5...6])
    let batch = try await tokenizer.encodeBatch(
      ["one text", "another text, longer"], options: options)
    let mask = batch.map(\.attentionMask)
    #expect(Set(mask.map(\.count)).count == 1 && mask[0].last == 0 && mask[1].last == 1)
  }

  @Test("Special tokens are taken where they are allowed, and refused elsewhere")
  func special() throws {
    let tokenizer = try Tokenizer(contentsOf: path)
    var strict = EncodingOptions(allowedSpecialTokens: .named([Array("[SEP]".utf8)]))
    strict.otherSpecialTokens = .error
    let ids = try tokenizer.ids(of: "a question [SEP] an answer", options: strict)
    #expect(ids.contains(try #require(tokenizer.id(of: Array("[SEP]".utf8)))))
    #expect(throws: TokenizerError.specialTokenInText(token: Array("[CLS]".utf8), offset: 2)) {
      try tokenizer.ids(of: "a [CLS]", options: strict)
    }
  }

  @Test("An encoder of one's own is used again and again")
  func encoder() throws {
    let tokenizer = try Tokenizer(contentsOf: path)
    let compiled = try CompiledTokenizer(tokenizer)
    var encoder = try TokenEncoder(compiled, cacheBytes: 8 << 20)
    var buffer: [TokenID] = []
    for line in ["first line", "second line"] {
      buffer.removeAll(keepingCapacity: true)
      try encoder.encode(Array(line.utf8), into: &buffer)
    }
    #expect(try buffer == tokenizer.ids(of: "second line"))
  }

  @Test("Every example on the page stands in this file")
  func examples() throws {
    let page = Self.root.appendingPathComponent(
      "Sources/Tokenization/Tokenization.docc/Encoding.md")
    let blocks = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```swift\n")
      .dropFirst().map { $0.components(separatedBy: "```")[0] }
    let source = Self.plain(try String(contentsOfFile: #filePath, encoding: .utf8))
    #expect(blocks.count >= 6)
    for block in blocks { #expect(source.contains(Self.plain(block)), "\(block)") }
  }

  /// Lines without what stands before them.
  private static func plain(_ text: String) -> String {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      .joined(separator: "\n")
  }

  @Test("Where no tokenizer lies, the error says what was looked for")
  func nothing() throws {
    #expect(throws: LoadingError.self) { try Tokenizer(contentsOf: "/nowhere") }
    let corpora = Self.root.appendingPathComponent("Corpora").path
    let error = #expect(throws: LoadingError.self) { try Tokenizer(contentsOf: corpora) }
    #expect("\(try #require(error))".contains("holds no tekken.json, tokenizer.json, "))
    let family = Self.root.appendingPathComponent("Vocab")
    for name in try FileManager.default.contentsOfDirectory(atPath: family.path).sorted()
    where !name.hasPrefix(".") {
      let tokenizer = try Tokenizer(contentsOf: family.appendingPathComponent(name).path)
      #expect(try !tokenizer.ids(of: "Tokenizers cut text.").isEmpty)
    }
  }
}
