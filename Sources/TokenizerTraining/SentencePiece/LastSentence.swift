import NativeBridges
import Tokenization

/// The sentence that stands last when SentencePiece looks for substrings (0.2.3,
/// `trainer_interface.cc`, `LoadSentences`): the ends of that one it counts twice.
///
/// Sentences of which normalization leaves nothing are filled up from the back there. So of M that
/// are left the last one is number M or, if that was an empty one, the next that was not.
struct LastSentence {
  private let rules: SentenceRules
  private let chain: NormalizationChain

  init(_ rules: SentenceRules, _ normalizer: CompiledNormalizer) {
    self.rules = rules
    chain = NormalizationChain(normalizer)
  }

  /// The last word of that sentence, normalized; nil without sentences, and for standard input, which
  /// cannot be read twice.
  func lastWord(of corpus: Corpus) throws(CorpusError) -> [UInt8]? {
    guard !corpus.readsStandardInput else { return nil }
    var left = 0
    var hasEmpty = false
    var last: [UInt8] = []
    try forEach(in: corpus) { sentence in
      if isEmpty(sentence) {
        hasEmpty = true
      } else {
        left += 1
        last.removeAll(keepingCapacity: true)
        last.append(contentsOf: sentence)
      }
      return true
    }
    if hasEmpty {
      var number = 0
      try forEach(in: corpus) { sentence in
        number += 1
        guard number >= left, !isEmpty(sentence) else { return true }
        last = Array(sentence)
        return false
      }
    }
    guard left > 0 else { return nil }
    let normal = last.withUnsafeBufferPointer { normalized($0) }
    let mark = Array("▁".utf8)
    let start = normal.indices.last { normal[$0...].starts(with: mark) } ?? 0
    return Array(normal[start...])
  }

  /// Calls `body` with each sentence that is read, until it returns false.
  private func forEach(
    in corpus: Corpus, _ body: (UnsafeBufferPointer<UInt8>) -> Bool
  ) throws(CorpusError) {
    let reader = DocumentReader(corpus)
    while let batch = try reader.nextBatch() {
      let goesOn = batch.bytes.withUnsafeBufferPointer { bytes in
        for index in 0..<batch.count {
          let sentence = bytes.extracting(batch.range(of: index))
          if sentence.isEmpty || rules.skip(sentence) != nil { continue }
          if !body(sentence) { return false }
        }
        return true
      }
      if !goesOn { return }
    }
  }

  private func isEmpty(_ sentence: UnsafeBufferPointer<UInt8>) -> Bool {
    // No rules take these away.
    if let first = sentence.first, (0x21...0x7E).contains(first) { return false }
    return normalized(sentence).isEmpty
  }

  private func normalized(_ sentence: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    // Rules do not fail on any text.
    (try? chain.normalize(sentence, recordingEdits: false)).map { Array($0.bytes) } ?? []
  }
}
