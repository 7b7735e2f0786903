import NativeBridges

extension BlockCounter {
  /// Counts the lines of a block.
  func noteLines(of block: TextBlock) {
    let text = block.buffer.bytes
    var lines = LineFeeds.count(in: text, from: block.lower, to: block.upper)
    if block.endsSource, block.upper > block.lower, text[block.upper - 1] != UInt8(ascii: "\n") {
      lines += 1
    }
    survey?.lines += lines
  }

  /// Notes the longest word if the document that was just counted brought it.
  ///
  /// - Parameter offset: of the document, or of the part of one, in its source.
  func noteLongest(
    _ text: UnsafePointer<UInt8>, from lower: Int, to upper: Int, at offset: Int
  ) throws(BlockFailure) {
    do throws(CorpusError) {
      try documents.finish()
    } catch {
      throw .corpus(error)
    }
    let longest = documents.words.longest
    guard longest.count > survey?.longestWord?.bytes.count ?? 0 else { return }
    // What normalization has changed is not found: the document is near enough.
    let found = tt_find(text + lower, upper - lower, longest, longest.count).map {
      $0 - UnsafeRawPointer(text + lower)
    }
    survey?.longestWord = (
      longest, CorpusSurvey.Place(source: source, offset: offset + (found ?? 0))
    )
  }
}
