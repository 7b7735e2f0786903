import Primitives
import Tokenization

/// The directory of a layer: the tokenizer's files, `vocab.tsv`, `layer.json`,
/// `embeddings.safetensors`, and the tables in other forms where they are asked for.
public enum LayerDirectory {
  /// A form in which tables are written besides.
  public enum Form: String, Sendable, CaseIterable {
    /// A file for each table.
    case npy
    /// Tokens alone.
    case word2vec
    case word2vecBinary = "word2vec-binary"

    var wordVectors: WordVectors.Form? {
      switch self {
      case .npy: nil
      case .word2vec: .text
      case .word2vecBinary: .binary
      }
    }
  }

  /// How a directory that toktrain wrote is told from others.
  public static let signature = AtomicDirectory.Signature(
    marker: LayerRecord.fileName, markerPrefix: Array(LayerRecord.start.utf8),
    fileNames: TokenizerLocation.fileNames + [
      VocabularyTable.fileName, LayerRecord.fileName, LayerPlan.tensorFileName,
      wordVectorName(.text), wordVectorName(.binary),
    ] + TableRole.allCases.map(numpyName))

  static func numpyName(_ role: TableRole) -> String {
    switch role {
    case .token: "token_embedding.npy"
    case .position: "position_embedding.npy"
    case .segment: "segment_embedding.npy"
    case .rotaryCosines: "rotary_cosines.npy"
    case .rotarySines: "rotary_sines.npy"
    case .biasSlopes: "alibi_slopes.npy"
    }
  }

  static func wordVectorName(_ form: WordVectors.Form) -> String {
    form == .text ? "token_embedding.txt" : "token_embedding.bin"
  }

  /// Writes all files of a layer and puts the directory in place.
  ///
  /// - Parameters:
  ///   - files: the tokenizer's own.
  ///   - counts: how often each id was used, where that is known.
  /// - Throws: `LayerError`; nothing is left then.
  public static func write(
    _ plan: LayerPlan, of tokenizer: Tokenizer, files: [HuggingFaceDirectory.File],
    counts: [UInt64]? = nil, also forms: [Form] = [], to directory: borrowing AtomicDirectory,
    threads: Int, progress: (@Sendable (_ bytes: Int, _ total: Int) -> Void)? = nil
  ) throws(LayerError) {
    try plan.writeTensors(to: directory, threads: threads, progress: progress)
    for form in forms { try write(plan, of: tokenizer, as: form, to: directory) }
    do throws(FileError) {
      for file in files { try directory.write(file.bytes, to: file.name) }
      try directory.write(
        VocabularyTable.bytes(of: tokenizer, counts: counts), to: VocabularyTable.fileName)
      try directory.write(LayerRecord.bytes(of: plan, tokenizer), to: LayerRecord.fileName)
      try directory.commit()
    } catch {
      throw .file(error)
    }
  }

  private static func write(
    _ plan: LayerPlan, of tokenizer: Tokenizer, as form: Form,
    to directory: borrowing AtomicDirectory
  ) throws(LayerError) {
    if let words = form.wordVectors {
      return try writeWords(plan, of: tokenizer, as: words, to: directory)
    }
    for table in plan.tables { try writeArray(table, plan.options.elementType, to: directory) }
  }

  private static func writeArray(
    _ table: LayerTable, _ type: ElementType, to directory: borrowing AtomicDirectory
  ) throws(LayerError) {
    let file = try streamedFile(numpyName(table.role), of: directory)
    do throws(TensorFileError) {
      var output = try NumpyOutput(type, shape: table.shape, to: file)
      try table.forEachBlock(of: table.rowCount) { (rows) throws(TensorFileError) in
        try output.append(rows)
      }
      try output.finish()
    } catch {
      throw .tensors(error)
    }
  }

  private static func writeWords(
    _ plan: LayerPlan, of tokenizer: Tokenizer, as form: WordVectors.Form,
    to directory: borrowing AtomicDirectory
  ) throws(LayerError) {
    guard let table = plan.tables.first else { return }
    let file = try streamedFile(wordVectorName(form), of: directory)
    do throws(TensorFileError) {
      var output = try WordVectorOutput(
        form, words: TokenWords.words(of: tokenizer), dimension: table.columnCount, to: file)
      try table.forEachBlock(of: plan.vocabularySize) { (rows) throws(TensorFileError) in
        try output.append(rows)
      }
      try output.finish()
    } catch {
      throw .tensors(error)
    }
  }

  private static func streamedFile(
    _ name: String, of directory: borrowing AtomicDirectory
  ) throws(LayerError) -> FileOutput {
    do throws(FileError) { return try directory.streamedFile(name) } catch { throw .file(error) }
  }
}

/// What tokens are called in files of word vectors: as the model's own files spell them, with blanks and
/// what cannot be seen escaped, since a blank ends a word there.
enum TokenWords {
  static func words(of tokenizer: Tokenizer) -> [[UInt8]] {
    (0..<TokenID(tokenizer.idCount)).map { id in
      guard let word = tokenizer.spelling(of: id) else { return Array("<unused-\(id)>".utf8) }
      let isPlain = !word.isEmpty && word.allSatisfy { $0 > 0x20 && $0 != 0x7F }
      if isPlain { return word }
      return word.isEmpty
        ? Array("<empty-\(id)>".utf8) : Array(VisibleText.token(word[...]).utf8)
    }
  }
}
