/// `fuzz TARGET [libFuzzer options] [SEED DIRECTORY...]`: feeds a target until it fails.
@main
struct Fuzz {
  typealias Input = UnsafeBufferPointer<UInt8>

  /// What reads data that anyone may have written, with what must hold for whatever it makes of them.
  static let targets: [String: @Sendable (Input) -> Void] = [
    "charsmap": CharsmapTargets.precompiled,
    "comparison": ComparisonTarget.render,
    "corpus": CorpusTarget.train,
    "counts": CountsTarget.read,
    "layer-record": TensorTargets.layerRecord,
    "npy": TensorTargets.tensors,
    "older-files": ConversionTargets.olderFiles,
    "normalizer": PipelineTargets.normalizer,
    "pattern": PatternTarget.cut,
    "pre-tokenizer": PipelineTargets.preTokenizer,
    "rank-sidecar": RankTargets.sidecar,
    "ranks": RankTargets.ranks,
    "rules": CharsmapTargets.rules,
    "safetensors": TensorTargets.tensors,
    "sentencepiece": TokenizerTarget.sentencePieceModel,
    "tekken": RankTargets.tekken,
    "tokenizer": TokenizerTarget.readAndUse,
    "training-record": TokenizerTarget.trainingRecord,
    "word-vectors": TensorTargets.wordVectors,
  ]

  nonisolated(unsafe) private static var run: @Sendable (Input) -> Void = { _ in }

  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count > 1, let target = targets[arguments[1]] else {
      print("fuzz TARGET [OPTION...] [DIRECTORY...]; targets:", targets.keys.sorted())
      return
    }
    run = target
    // libFuzzer counts and keeps the arguments as `main` does.
    let words = [arguments[0]] + arguments.dropFirst(2)
    let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
      capacity: words.count + 1)
    for (index, word) in words.enumerated() { list[index] = strdup(word) }
    list[words.count] = nil
    var count = CInt(words.count)
    var base: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = list
    _ = runDriver(&count, &base, test)
  }

  static let test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt = { data, size in
    run(Input(start: data, count: size))
    return 0
  }
}

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// compiler-rt's FuzzerInterface.h.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
