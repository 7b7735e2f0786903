import NativeBridges
import Tokenization

/// Reads sentences in the order that they have in SentencePiece (0.2.3, `trainer_interface.cc`,
/// `LoadSentences`): the place of one of which normalization leaves nothing is filled with the last.
struct SentenceReading {
  private let rules: SentenceRules
  private let chain: NormalizationChain
  private let metaPieces: Needles

  init(_ rules: SentenceRules, _ normalizer: CompiledNormalizer, metaPieces: [[UInt8]]) {
    self.rules = rules
    chain = NormalizationChain(normalizer)
    self.metaPieces = Needles(metaPieces)
  }

  /// The order of all sentences. Memory: the distinct last words, and eight bytes a sentence.
  func order(of corpus: Corpus) throws(CorpusError) -> SentenceOrder {
    var table = WordMerging(expected: 1 << 10, bytes: 1 << 14)
    var order = SentenceOrder(isComplete: true)
    let none = UInt32.max
    try forEach(in: corpus) { sentence in
      let normal = normalized(sentence)
      guard !normal.isEmpty else {
        order.sentences.append(none)
        order.firstCharacters.append(none)
        return
      }
      let last = lastWord(of: normal)
      let number = normal.withUnsafeBufferPointer {
        table.add($0.extracting(last), 1, endsSentence: true)
      }
      order.sentences.append(UInt32(number))
      order.firstCharacters.append(firstCharacter(of: normal))
    }
    var place = 0
    while place < order.sentences.count {
      guard order.sentences[place] == none else {
        place += 1
        continue
      }
      order.sentences.swapAt(place, order.sentences.count - 1)
      order.firstCharacters.swapAt(place, order.firstCharacters.count - 1)
      order.sentences.removeLast()
      order.firstCharacters.removeLast()
    }
    order.words = table.wordsAsTheyCame()
    return order
  }

  /// The order where all sentences begin with a mark of a blank: only of the last one nothing follows.
  ///
  /// Of M sentences that are left, that is number M or, if it was an empty one, the next that was not.
  func lastSentence(of corpus: Corpus) throws(CorpusError) -> SentenceOrder {
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
    }
    if hasEmpty {
      var number = 0
      var isFound = false
      try forEach(in: corpus) { sentence in
        number += 1
        guard !isFound, number >= left, !isEmpty(sentence) else { return }
        last = Array(sentence)
        isFound = true
      }
    }
    guard left > 0 else { return SentenceOrder() }
    let normal = last.withUnsafeBufferPointer { normalized($0) }
    let word = Array(normal[lastWord(of: normal)])
    return SentenceOrder(
      words: PreTokenCounts(bytes: word, ends: [word.count], counts: [1]), sentences: [0],
      firstCharacters: [PieceRules.blank])
  }

  /// Calls `body` with each sentence that is read.
  private func forEach(
    in corpus: Corpus, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) throws(CorpusError) {
    let reader = DocumentReader(corpus)
    while let batch = try reader.nextBatch() {
      batch.bytes.withUnsafeBufferPointer { bytes in
        for index in 0..<batch.count {
          let sentence = bytes.extracting(batch.range(of: index))
          if !sentence.isEmpty && rules.skip(sentence) == nil { body(sentence) }
        }
      }
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

  private func lastWord(of normal: [UInt8]) -> Range<Int> {
    var borders = WordBorders()
    var cuts = rules
    cuts.marksFollowers = false
    let padded = normal + [UInt8](repeating: 0, count: TextBuffer.padding)
    padded.withUnsafeBufferPointer { padded in
      if let base = padded.baseAddress { borders.append(0..<normal.count, of: base, cuts) }
    }
    var last = 0..<normal.count
    borders.withPointers { starts, ends, count in
      if count > 0 { last = Int(starts[count - 1])..<Int(ends[count - 1]) }
    }
    return last
  }

  private func firstCharacter(of normal: [UInt8]) -> UInt32 {
    normal.withUnsafeBufferPointer { normal in
      if let base = normal.baseAddress,
        metaPieces.next(in: base, from: 0, to: normal.count)?.lowerBound == 0
      {
        return PieceRules.boundary
      }
      return CharacterSymbols.scalar(normal, at: 0).value
    }
  }
}
