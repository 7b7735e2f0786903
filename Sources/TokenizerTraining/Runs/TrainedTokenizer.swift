import Primitives
import Tokenization

/// What a training run of any family made, and what it saw on the way.
public struct TrainedTokenizer: Sendable {
  public let tokenizer: Tokenizer
  /// What was asked of the family's trainer, and what came of it.
  public let account: TrainingAccount
  /// What was read, and what was left out.
  public let summary: CorpusSummary
  /// Tokens that the corpus becomes.
  public let corpusTokens: UInt64
  let corpusOptions: CorpusOptions
  /// The family's own file, where one holds all that `tokenizer` does.
  var sentencePieceFile: SentencePieceFile?
  /// Occurrences of bytes or characters that an alphabet limit left without a token.
  public var droppedSymbols: UInt64 = 0
  /// Characters too rare for a piece, where characters have pieces; `nil` where they have none.
  public var leftOutCharacters: RequiredCharacters.CountedCharacters?

  /// How WordPiece was learned, where it was.
  public var wordPiece: WordPieceAccount?

  /// Tokens of the vocabulary, special ones included.
  public var tokenCount: Int { tokenizer.idCount }

  /// Bytes of text that a token stands for on the average; `nil` without tokens, where a table of
  /// counts does not say how long the text was, and where rare words were left out.
  public var bytesPerToken: Double? {
    if summary.floor != nil { return nil }
    let bytes = summary.sample.documents > 0 ? summary.sample.bytes : summary.weightedBytes
    return corpusTokens == 0 || bytes == 0 ? nil : Double(bytes) / Double(corpusTokens)
  }

  /// How a directory that `write` filled is told from others.
  public static var signature: AtomicDirectory.Signature {
    TrainingManifest.signature(fileNames: HuggingFaceDirectory.fileNames)
  }

  /// Writes all files of the tokenizer and `training.json`, and puts the directory in place.
  public func write(to directory: borrowing AtomicDirectory) throws(TrainingRunError) {
    let files = try TrainingRunError.mapping { () throws(FormatError) in
      if let sentencePieceFile {
        return try HuggingFaceDirectory.files(for: sentencePieceFile, tokenizer)
      }
      return try HuggingFaceDirectory.files(for: tokenizer)
    }
    let manifest = TrainingManifest(trained: self, files: files)
    do throws(FileError) {
      for file in files { try directory.write(file.bytes, to: file.name) }
      try directory.write(manifest.bytes, to: TrainingManifest.fileName)
      try directory.commit()
    } catch {
      throw .file(error)
    }
  }
}
