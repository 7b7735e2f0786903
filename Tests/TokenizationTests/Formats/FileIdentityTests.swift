import Testing

@testable import Tokenization

@Suite("Files read and written again")
struct FileIdentityTests {
  @Test("A file that is read and written is the same byte for byte", arguments: SampleFile.allCases)
  func identity(sample: SampleFile) throws {
    let bytes = try sample.bytes()
    #expect(!bytes.isEmpty)
    guard let written = try sample.written(bytes) else {
      // Formats of others that are only read.
      #expect(sample == .tekken || sample == .trainingRecord)
      return
    }
    #expect(String(decoding: written, as: UTF8.self) == String(decoding: bytes, as: UTF8.self))
    #expect(written == bytes)
    #expect(try sample.written(bytes) == written)
  }

  @Test("A SentencePiece file keeps the fields that nobody here knows, in all its messages")
  func unknownFields() throws {
    let file = try SentencePieceFile(reading: SampleFile.unigramModel.bytes())
    var message = try ProtobufMessage(reading: file.bytes, file.bytes.indices)
    let stranger: [UInt8] = [0, 1, 0xFF]
    message.append(4, stranger)
    message.append(200, 1.5 as Float)
    message.append(77, -1)
    var (trainer, normalizer) = (file.trainer, file.normalizer)
    trainer.append(99, stranger)
    normalizer.append(6, Array("A\tB\n".utf8))
    let whole =
      SentencePieceFile(
        pieces: Array(file.pieces), trainer: trainer, normalizer: normalizer
      ).bytes + message.encoded.suffix(message.encoded.count - file.bytes.count)
    #expect(try SentencePieceFile(reading: whole).bytes == whole)
    #expect(whole.count > file.bytes.count + 20)
  }
}
