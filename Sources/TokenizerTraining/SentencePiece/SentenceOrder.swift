/// What a second reading of a corpus tells of the order of its sentences: seeds depend on how the
/// sentence behind another begins (0.2.3, `MakeSeedSentencePiecesFromCorpus`), and where lines are not
/// cut into words sums in single precision depend on the order of all.
struct SentenceOrder {
  /// Distinct last words; where nothing is cut, distinct sentences.
  var words = PreTokenCounts(bytes: [], ends: [], counts: [])
  /// The number of the last word of each sentence, in order; only that of the last sentence where
  /// all sentences begin alike.
  var sentences: [UInt32] = []
  /// The character that each of these sentences begins with.
  var firstCharacters: [UInt32] = []
  var isComplete = false
}
