/// Where merging ends, and what is no token.
struct MergeLimits {
  /// One more than the highest id that may be given.
  var vocabularySize: Int
  var minimumCount: Int64
  /// Most base symbols in a token.
  var tokenLength: Int
  var tuning = MergeTuning()
}

/// What merging costs depends on these, what comes out does not. Tests set them so that small corpora
/// take every way.
struct MergeTuning {
  /// First guess of the lowest count worth a list; too high, it forces the repair. `nil`: by the
  /// counts of the pairs.
  var firstFloor: Int64?
  /// Ids up to which symbols of 16 bits do; two more are no token: what stands between words and
  /// what a merge buries.
  var narrowLimit = 65_534
  /// Base symbols up to which a square of counters, one for each pair, stays near the cache.
  var squareLimit = 512
  /// Slots that are worth a thread.
  var leastShare = 1 << 18
}
