/// A stretch of a source that can be counted apart from the rest, with some text around it.
struct TextBlock {
  var buffer: TextBuffer
  /// The stretch, as offsets into the buffer. What stands before and behind it in the buffer is
  /// there to be looked at, not to be counted.
  var lower: Int
  var upper: Int
  /// Offset in the source of the first byte of the buffer.
  var origin: Int
  /// Whether the stretch begins where the source begins, and ends where it ends.
  var startsSource: Bool
  var endsSource: Bool
  /// Where line numbers stand, for sources that cannot be read again.
  var firstLine: LineMark?
}
