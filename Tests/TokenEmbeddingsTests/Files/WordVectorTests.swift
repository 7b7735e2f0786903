import Foundation
import Primitives
import Testing

@testable import TokenEmbeddings

@Suite("Word vectors")
struct WordVectorTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  private static let vectors = WordVectors(
    words: ["a", "\u{120}b", "c\u{85}"].map { Array($0.utf8) },
    matrix: EmbeddingMatrix(
      rowCount: 3, dimension: 2,
      values: [1, -0.1, 1e-20, 3.4e38, Float(bitPattern: 0x0A0A_0A0A), 32]))

  private func write(_ vectors: WordVectors, _ form: WordVectors.Form) throws {
    let directory = try AtomicDirectory(at: scratch.path(form.rawValue))
    var output = try WordVectorOutput(
      form, words: vectors.words, dimension: vectors.matrix.dimension,
      to: directory.streamedFile("v"))
    try vectors.matrix.values.withUnsafeBufferPointer { values in
      try output.append(values.extracting(0..<2))
      try output.append(values.extracting(2..<6))
    }
    try output.finish()
    try directory.commit()
  }

  @Test("What is written is read back", arguments: WordVectors.Form.allCases)
  func roundTrip(_ form: WordVectors.Form) throws {
    try write(Self.vectors, form)
    let path = scratch.path("\(form.rawValue)/v")
    #expect(try WordVectors(reading: path, as: form) == Self.vectors)
  }

  @Test("The text is the one of word2vec, with the fewest digits")
  func text() throws {
    try write(Self.vectors, .text)
    #expect(
      try scratch.text(of: "word2vec/v")
        == "3 2\na 1.0 -0.1 \n\u{120}b 1e-20 3.4e+38 \nc\u{85} \(Float(bitPattern: 0x0A0A_0A0A)) 32.0 \n"
    )
  }

  @Test("A file cut anywhere is an error, or lacks nothing but a line end")
  func cuts() throws {
    for form in WordVectors.Form.allCases {
      try write(Self.vectors, form)
      let bytes = [UInt8](
        try Data(contentsOf: scratch.url.appendingPathComponent("\(form.rawValue)/v")))
      for length in bytes.indices {
        do throws(TensorFlaw) {
          let read = try WordVectors(Array(bytes[..<length]), as: form)
          // Digits that are cut off leave another number.
          #expect(read == Self.vectors || form == .text && read.words == Self.vectors.words)
        } catch {
          #expect(!error.description.isEmpty)
        }
      }
    }
  }

  @Test("Equal words, sizes beyond the file and numbers that are none are told")
  func errors() throws {
    let word = Array("a".utf8)
    let directory = try AtomicDirectory(at: scratch.path("d"))
    #expect(throws: TensorFileError.duplicateWord(word: word, first: 0, second: 2)) {
      _ = try WordVectorOutput(
        .text, words: [word, Array("b".utf8), word], dimension: 1, to: directory.streamedFile("v"))
    }
    for (text, flaw) in [
      ("9223372036854775807 3\n", .wordsMissing(expected: .max, found: 0)),
      ("2 1\na 1\n", .wordsMissing(expected: 2, found: 1)),
      ("1 0\n", .line(1, expected: "the number of vectors and their dimension")),
      ("", .line(1, expected: "the number of vectors and their dimension")),
      ("1 2\na 1\n", .line(2, expected: "a word and 2 numbers")),
      ("1 2\na 1 x\n", .line(2, expected: "a word and 2 numbers")),
    ] as [(String, TensorFlaw)] {
      #expect(throws: flaw) { _ = try WordVectors(Array(text.utf8), as: .text) }
    }
    try scratch.write("1 2\na 1 nan\n", to: "n")
    do {
      _ = try WordVectors(reading: scratch.path("n"), as: .text)
      Issue.record("a number that is none was read")
    } catch {
      guard case .notFinite(_, word, 0, 1, let value, .f32) = error, value.isNaN else {
        Issue.record("\(error)")
        return
      }
    }
  }
}
