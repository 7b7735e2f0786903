import NativeBridges

/// What a reader sees as one character (UAX 29), by ICU's version of Unicode.
public enum GraphemeClusters {
  /// Where they end, ascending, in bytes; a byte that is not UTF-8 is one by itself. Where memory is
  /// short or a text is longer than 2³¹ - 1 bytes, every byte ends one.
  ///
  /// - Complexity: O(bytes).
  public static func ends(in text: [UInt8]) -> [Int] {
    let ends = [Int](unsafeUninitializedCapacity: text.count) { ends, count in
      count = tt_grapheme_ends(text, text.count, ends.baseAddress)
    }
    return ends.isEmpty ? Array(text.indices.map { $0 + 1 }) : ends
  }
}
