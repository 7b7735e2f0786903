/// What the tokens of a text stand for, in its bytes.
enum TokenSpans {
  /// Empties the spans of tokens that share characters with a later one which has them and others, or
  /// some of them.
  ///
  /// Above all what is put before a text: offsets give it the place of the first character, as Hugging
  /// Face's do, which has tokens of its own. Tokens of the same place stay: they are one change together.
  /// So do bytes of a character before which something was dropped: they end inside it.
  /// - Parameter spans: `Encoding.offsets` in bytes, of one text.
  static func emptyPrefixes(
    _ spans: inout [Range<Int>], in text: UnsafeBufferPointer<UInt8>
  ) {
    var following = text.count..<text.count
    var isPrefix = false
    for index in spans.indices.reversed() {
      let span = spans[index]
      if span != following {
        isPrefix =
          following.lowerBound < span.upperBound
          && (span.upperBound == text.count || text[span.upperBound] & 0xC0 != 0x80)
      }
      if isPrefix { spans[index] = span.lowerBound..<span.lowerBound }
      following = span
    }
  }
}
