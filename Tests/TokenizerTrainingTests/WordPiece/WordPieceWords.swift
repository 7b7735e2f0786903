import Tokenization

@testable import TokenizerTraining

extension PreTokenCounts {
  /// Words and how often each occurs, no word twice.
  init(_ words: [(String, UInt64)]) {
    var ends: [Int] = []
    var end = 0
    for (word, _) in words {
      end += word.utf8.count
      ends.append(end)
    }
    self.init(bytes: words.flatMap { Array($0.0.utf8) }, ends: ends, counts: words.map(\.1))
  }
}

extension WordPieceTrainingResult {
  /// By id, as `vocab.txt` has them.
  var tokens: [String] {
    (0..<TokenID(model.vocabulary.count)).map { id in
      String(decoding: model.vocabulary[id] ?? [], as: UTF8.self)
    }
  }
}
