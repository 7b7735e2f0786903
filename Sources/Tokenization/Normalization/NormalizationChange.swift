/// A stretch of a text that normalization changed.
public struct NormalizationChange: Sendable, Equatable {
  /// Bytes of the text.
  public var source: Range<Int>
  /// Bytes of the normalized text that stand there now; empty for what was dropped.
  public var result: Range<Int>
}

extension NormalizationChain {
  /// What the last call with recorded edits changed, in order and as short as possible.
  ///
  /// - Complexity: O(*n*) in both texts.
  public func changes(
    of text: UnsafeBufferPointer<UInt8>, to normal: UnsafeBufferPointer<UInt8>
  ) -> [NormalizationChange] {
    var list = ChangeList(text: text, normal: normal)
    var map = sourceMap()
    var position = 0
    while position < normal.count {
      let source = map.sourceRange(of: position..<position + 1)
      list.extend(to: position + 1, source)
      position += 1
    }
    list.finish()
    return list.changes
  }
}

/// Groups the bytes of a normalized text by the source that they share.
private struct ChangeList {
  let text: UnsafeBufferPointer<UInt8>
  let normal: UnsafeBufferPointer<UInt8>
  private(set) var changes: [NormalizationChange] = []
  /// The group that is open: what of both texts it covers.
  private var source = 0..<0
  private var result = 0..<0

  init(text: UnsafeBufferPointer<UInt8>, normal: UnsafeBufferPointer<UInt8>) {
    self.text = text
    self.normal = normal
  }

  /// Adds the byte before `end`.
  mutating func extend(to end: Int, _ bytes: Range<Int>) {
    let isContinuation = normal[end - 1] & 0xC0 == 0x80
    if bytes.lowerBound >= source.upperBound && !isContinuation {
      close()
      // What no byte stems from was dropped at the beginning or between two.
      if bytes.lowerBound > source.upperBound {
        source = source.upperBound..<bytes.lowerBound
        close()
      }
      source = source.upperBound..<source.upperBound
    }
    source = source.lowerBound..<max(source.upperBound, bytes.upperBound)
    result = result.lowerBound..<end
  }

  mutating func finish() {
    close()
    source = source.upperBound..<text.count
    close()
  }

  /// Notes the open group if its texts differ, without what they have in common at their ends.
  private mutating func close() {
    let (old, new) = (text.extracting(source), normal.extracting(result))
    let common = CommonEnds(old, new)
    if common.prefix < old.count || common.prefix < new.count {
      changes.append(
        NormalizationChange(
          source: source.lowerBound + common.prefix..<source.upperBound - common.suffix,
          result: result.lowerBound + common.prefix..<result.upperBound - common.suffix))
    }
    source = source.upperBound..<source.upperBound
    result = result.upperBound..<result.upperBound
  }
}
