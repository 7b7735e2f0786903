import Primitives
import TokenEmbeddings
import Tokenization
import TokenizerTraining

/// Learns vectors from the files of a command line.
enum LearnedVectors {
  /// - Parameter inputs: files, directories, lists; a line is a document.
  static func learn(
    from inputs: [[UInt8]], by tokenizer: Tokenizer, _ options: CorpusVectorOptions,
    documents: DocumentBoundary = .line, threads: Int, _ console: Console
  ) throws(Failure) -> CorpusVectors {
    var corpusOptions = CorpusOptions()
    corpusOptions.documents = documents
    corpusOptions.invalidUTF8 = .bytes
    let corpus = try Failure.mapping { () throws(CorpusError) in
      try Corpus(inputs: inputs, options: corpusOptions)
    }
    let compiled = try Failure.mapping { () throws(TokenizerError) in
      try CompiledTokenizer(tokenizer)
    }
    console.showProgress()
    defer { console.endProgress() }
    do throws(CorpusVectorError) {
      return try CorpusVectors(
        of: corpus, tokenizer: compiled, options: options, threads: threads,
        progress: TrainingProgress(on: console.progress))
    } catch {
      throw Failure(error)
    }
  }

  /// Vectors for a layer.
  ///
  /// - Parameter std: root of the mean square of their numbers.
  static func tokens(
    from inputs: [[UInt8]], by tokenizer: Tokenizer, dimension: Int, seed: UInt64, std: Double,
    threads: Int, _ console: Console
  ) throws(Failure) -> TokenVectors {
    let options: CorpusVectorOptions
    do throws(CorpusVectorError) {
      options = try CorpusVectorOptions(dimension: dimension, seed: seed, standardDeviation: std)
    } catch {
      throw Failure(error)
    }
    let vectors = try learn(from: inputs, by: tokenizer, options, threads: threads, console)
    let count = vectors.isLearned.count { $0 }
    console.note(
      "rows: \(Figures.grouped(count)) learned from \(Figures.counted(vectors.tokenCount, "token")), "
        + "\(Figures.grouped(vectors.isLearned.count - count)) drawn")
    return .learned(vectors.matrix, isLearned: vectors.isLearned, origin: vectors.origin)
  }
}
