import Primitives
import Testing

@testable import Tokenization

@Suite("Malformed files")
struct MalformedFilesTests {
  private static let text = Array("Aa ab<s>new é ﬁ字 <|end|>\u{FFFD} ".utf8) + [0xFF, 0x0A]

  /// Whatever was read can be used.
  private static func use(_ tokenizer: Tokenizer) {
    guard let compiled = try? CompiledTokenizer(tokenizer),
      var encoder = try? TokenEncoder(compiled)
    else { return }
    var ids: [TokenID] = []
    try? encoder.encode(text, into: &ids)
    _ = try? TokenDecoder(tokenizer).decode(ids)
  }

  @Test(
    "A file cut short anywhere is an error, or where it may end there, a file",
    arguments: SampleFile.allCases)
  func truncated(sample: SampleFile) throws {
    var bytes = try sample.bytes()
    if sample.isJSON { bytes.removeLast(bytes.last == 0x0A ? 2 : 1) }
    // What a list of tokens begins with is one, if it has the token for unknown words.
    let step = sample == .ranks || sample == .tekken ? 5 : 1
    for length in stride(from: 0, through: sample.isJSON ? bytes.count : bytes.count - 1, by: step)
    {
      let part = Array(bytes[..<length])
      do {
        let tokenizer = try sample.read(part)
        #expect(!sample.isJSON, "the first \(length) bytes")
        if let tokenizer, !sample.isOfPair { Self.use(tokenizer) }
      } catch let error as FormatError {
        #expect(!error.description.contains("\n"))
      }
    }
  }

  @Test(
    "A changed, lost or repeated byte is an error or another file, never a trap",
    arguments: SampleFile.allCases)
  func changed(sample: SampleFile) throws {
    let whole = try sample.bytes()
    var generator = SeededGenerator(seed: 15)
    for round in 0..<120 {
      var bytes = whole
      for _ in 0...Int.random(in: 0...2, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0...3, using: &generator) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(bytes[place], at: place)
        case 2: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        default: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        }
      }
      guard let tokenizer = try? sample.read(bytes) else { continue }
      if !sample.isOfPair || round % 40 == 0 { Self.use(tokenizer) }
      guard let written = try? sample.written(bytes) else { continue }
      #expect(try sample.written(written) == written, "\(bytes)")
    }
  }

  @Test("What follows a file is an error", arguments: SampleFile.allCases)
  func trailing(sample: SampleFile) throws {
    #expect(throws: FormatError.self) { try sample.read(try sample.bytes() + [0xFF]) }
    if sample.isJSON {
      #expect(throws: FormatError.self) { try sample.read(try sample.bytes() + Array("{}".utf8)) }
    }
  }

  @Test("A file of another format is an error")
  func otherFormats() throws {
    // Files of one format, or one that takes whatever is an object.
    let kinds: [[SampleFile]] = [
      [.bytePairs, .characterPairs, .wordPiece, .words, .unigram], [.pairModel, .unigramModel],
      [.ranks], [.rankSidecar], [.tekken], [.vocabulary], [.merges], [.list],
      [.configuration, .specialTokensMap, .addedTokens, .trainingRecord],
    ]
    for (number, kind) in kinds.dropLast().enumerated() {
      for (other, strangers) in kinds.enumerated() where other != number {
        for stranger in strangers {
          #expect(throws: FormatError.self, "\(stranger.rawValue) as \(kind[0].rawValue)") {
            try kind[0].read(try stranger.bytes())
          }
        }
      }
    }
    for kind in kinds.joined() {
      for bytes in [[], [0], Array("[]".utf8), Array("null".utf8), Array("\u{FEFF}".utf8)] {
        #expect(throws: FormatError.self, "\(bytes) as \(kind.rawValue)") {
          if kind != .merges { _ = try kind.read(bytes) } else { throw FormatError.missingByte(0) }
        }
      }
    }
  }

  @Test(
    "Nesting of a million levels is an error",
    arguments: SampleFile.allCases.filter { $0.isJSON })
  func deep(sample: SampleFile) throws {
    let bytes = Array(#"{"model":"#.utf8) + [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(throws: FormatError.self) { try sample.read(bytes) }
    let objects = Array(String(repeating: #"{"a":"#, count: 100_000).utf8)
    #expect(throws: FormatError.self) { try sample.read(objects) }
  }
}
