import Tokenization

/// Why a block could not be counted; places are byte offsets in its source, for whoever knows the
/// source to turn into lines.
enum BlockFailure: Error {
  case corpus(CorpusError)
  case invalidUTF8(offset: Int)
  case utf16
  /// `offset`: where the document begins, or the part of it behind a special token. The place in the
  /// error is one of the normalized text, counted from where that begins in the source.
  case pattern(offset: Int, PatternError)
  case record(offset: Int, reason: String)
}
