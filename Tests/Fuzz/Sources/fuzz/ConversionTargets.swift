import Tokenization

/// Vocabularies of several files, and what they are converted to.
enum ConversionTargets {
  /// A vocabulary, merges, a configuration, a map of special tokens and added ones, with a zero byte
  /// between two: a list of tokens, or a pair.
  static func olderFiles(_ input: Fuzz.Input) {
    let parts = Array(input).split(separator: 0, maxSplits: 4, omittingEmptySubsequences: false)
      .map(Array.init)
    func part(_ place: Int) -> [UInt8]? {
      parts.count > place && !parts[place].isEmpty ? parts[place] : nil
    }
    let configuration =
      (try? TokenizerConfiguration(
        configuration: part(2), specialTokensMap: part(3), addedTokens: part(4))) ?? .init()
    if let tokenizer = try? WordPieceList.read(parts[0], configuration: configuration) {
      TokenizerTarget.use(tokenizer)
      convert(tokenizer)
    }
    guard parts.count > 1,
      let tokenizer = try? VocabularyAndMerges.read(
        vocabulary: parts[0], merges: parts[1], configuration: configuration)
    else { return }
    TokenizerTarget.use(tokenizer)
    convert(tokenizer)
  }

  /// To every kind of file, with and without losses: an error, or files. What is a SentencePiece model
  /// then can be read.
  static func convert(_ tokenizer: Tokenizer) {
    for target in Conversion.Target.allCases {
      for isLossy in [false, true] {
        guard let conversion = try? Conversion(of: tokenizer, to: target, isLossy: isLossy) else {
          continue
        }
        precondition(!conversion.files.isEmpty)
        guard target == .sentencePiece else { continue }
        precondition((try? SentencePieceFile(reading: conversion.files[0].bytes)) != nil)
      }
    }
  }
}
