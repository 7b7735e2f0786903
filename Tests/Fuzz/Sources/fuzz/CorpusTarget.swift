import Tokenization
import TokenizerTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

enum CorpusTarget {
  private static let path: String = {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    return "\(folder)/fuzz-corpus-\(getpid())"
  }()

  /// A corpus of any kind, its options in the first byte. What is learned depends on no threads.
  static func train(_ input: Fuzz.Input) {
    guard let choice = input.first else { return }
    write(Fuzz.Input(rebasing: input.dropFirst()))
    var options = CorpusOptions()
    options.documents = [.file, .line, .separator([0x0A, 0x0A])][Int(choice & 3) % 3]
    options.invalidUTF8 = [.error, .replace, .bytes][Int(choice >> 2 & 3) % 3]
    if choice & 16 != 0 { options.jsonlField = ["text", "a"] }
    precondition(tokens(options, threads: 1) == tokens(options, threads: 2))
  }

  /// `nil` where the corpus was refused.
  private static func tokens(_ corpusOptions: CorpusOptions, threads: Int) -> [UInt8]? {
    var options = BPETrainingRun.Options()
    options.training.vocabularySize = 300
    options.training.specialTokens = [Array("<s>".utf8)]
    options.threads = threads
    guard let corpus = try? Corpus(inputs: [Array(path.utf8)], options: corpusOptions),
      let trained = try? BPETrainingRun(options).train(on: corpus)
    else { return nil }
    return try? HuggingFaceTokenizer.write(trained.tokenizer)
  }

  private static func write(_ bytes: Fuzz.Input) {
    guard let file = fopen(path, "w") else { preconditionFailure("cannot write \(path)") }
    fwrite(bytes.baseAddress, 1, bytes.count, file)
    fclose(file)
  }
}
