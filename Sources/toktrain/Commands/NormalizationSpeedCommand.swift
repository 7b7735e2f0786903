import Primitives
import Tokenization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `toktrain normalization-speed`: MB/s of each step on a file in memory, on one core, the result
/// copied. In no list: the benchmarks run it.
struct NormalizationSpeedCommand: Command {
  var file: [UInt8] = []
  var normalization = NormalizationChoice.steps([.form(.nfc)])
  var unicode = UnicodeData.huggingFace
  var recordsEdits = false
  var passes = 7
  var threads = 1
  var isQuiet = false

  static var schema: Schema<NormalizationSpeedCommand> {
    Schema(
      "normalization-speed", "Prints how fast text is normalized.", examples: [],
      positionals: [.one("FILE", \.file, "text to normalize")],
      options: [
        .value("normalization", short: "n", \.normalization, .normalization, "the steps"),
        .value("unicode", \.unicode, .choice("DATA"), "whose characters they know"),
        .flag("edits", \.recordsEdits, "record what leads back to the source"),
        .value("passes", \.passes, .number(1...1000), "the fastest counts (default 7)"),
      ] + Option.common)
  }

  func run(on console: Console) throws(Failure) {
    let text = try Failure.mapping { () throws(FileError) in try WholeFile.read(file) }
    let compiled = try normalization.compiled(unicode)
    let fastest = try Failure.normalizing(VisibleText.path(file)) {
      () throws(PatternError) -> Double in
      try speed(of: compiled, on: text)
    }
    try console.print(Figures.decimal(fastest, places: 0))
  }

  /// Megabytes of text a second.
  private func speed(
    of normalizer: CompiledNormalizer, on text: [UInt8]
  ) throws(PatternError) -> Double {
    let chain = NormalizationChain(normalizer)
    var copy = [UInt8](repeating: 0, count: text.count)
    var best = Double.infinity
    for _ in 0..<passes {
      let start = Self.processorSeconds()
      try text.withUnsafeBufferPointer { (text) throws(PatternError) in
        let normal = try chain.normalize(text, recordingEdits: recordsEdits).bytes
        // Text that no step changes is not copied by the chain.
        if normal.baseAddress == text.baseAddress {
          copy.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: normal) }
        }
      }
      best = min(best, Self.processorSeconds() - start)
    }
    return Double(text.count) / 1e6 / best
  }

  /// What the thread has had of the processor: what else runs there does not count.
  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
