import Primitives
import Tokenization
import TokenizerTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Counts that somebody else made: files, and tables.
enum CountsTarget {
  private static let path: String = {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    return "\(folder)/fuzz-counts-\(getpid())"
  }()

  private static let bytes = try? BPETrainingRun(.init())
  private static let pieces = try? UnigramRun(SentencePieceOptions())

  /// Whose counts they are and whether it is a table in the first byte. What is read can be written.
  static func read(_ input: Fuzz.Input) {
    guard let choice = input.first, let bytes, let pieces else { return }
    let run: any TrainingRun = choice & 1 == 0 ? bytes : pieces
    let text = Array(input.dropFirst())
    var options = CorpusOptions()
    if choice & 1 != 0 { options.documents = .line }
    if choice & 2 != 0 {
      guard
        let (corpus, _) = try? CountTable.read(
          text, path: Array("t".utf8), sentences: run.counting.sentences, options: options,
          threads: 1)
      else { return }
      use(corpus, run)
    } else {
      write(text)
      guard
        let corpus = try? CountFile.read(
          Array(path.utf8), for: run.counting, reading: options, threads: 1)
      else { return }
      use(corpus, run)
    }
  }

  private static func use(_ corpus: CountedCorpus, _ run: any TrainingRun) {
    let table = try? CountTable.text(of: corpus.counts, sentences: run.counting.sentences)
    precondition(table != nil, "what was read is no table")
    let profile = CountProfile(corpus.counts)
    precondition(profile.words == corpus.counts.wordCount)
  }

  private static func write(_ bytes: [UInt8]) {
    guard let file = fopen(path, "w") else { preconditionFailure("cannot write \(path)") }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }
}
