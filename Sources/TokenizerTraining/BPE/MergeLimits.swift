/// Where merging ends, and what is no token.
struct MergeLimits {
  /// One more than the highest id that may be given.
  var vocabularySize: Int
  var minimumCount: Int64
  /// Most base symbols in a token.
  var tokenLength: Int
  /// First guess of the lowest count worth a list; tests set it too high to force the repair.
  var firstFloor: Int64?
}
