/// The stretches that normalization changed, in order.
struct EditList: ~Copyable {
  private struct Edit {
    /// Unchanged bytes since the edit before.
    var gap: UInt32
    /// Length in the source and in the result.
    var old: UInt32
    var new: UInt32
    /// Bytes of the source behind it that what is new stems from too.
    var following: UInt32 = 0
  }

  private var edits: [Edit] = []
  /// Where the last edit ends in the result.
  private var end = 0
  /// Bytes of the first character of the result, to which belongs what was dropped before it; 0 if
  /// that belongs to nothing.
  var firstCharacter = 0

  init() {}

  mutating func removeAll() {
    edits.removeAll(keepingCapacity: true)
    end = 0
    firstCharacter = 0
  }

  /// Adds a change of `old` source bytes to `new` bytes from `position` of the result on.
  @inline(__always)
  mutating func append(at position: Int, old: Int, new: Int) {
    let gap = position &- end
    end = position &+ new
    if gap | old | new <= Int(UInt32.max) {
      edits.append(
        Edit(
          gap: UInt32(truncatingIfNeeded: gap), old: UInt32(truncatingIfNeeded: old),
          new: UInt32(truncatingIfNeeded: new)))
    } else {
      appendInParts(gap: gap, old: old, new: new)
    }
  }

  /// Adds `new` bytes before a character of `length` bytes, from which they stem; its own bytes stem
  /// from themselves.
  mutating func appendAddition(at position: Int, new: Int, before length: Int) {
    append(at: position, old: 0, new: new)
    edits[edits.count - 1].following = UInt32(length)
  }

  /// Splits what 32 bits cannot hold.
  private mutating func appendInParts(gap: Int, old: Int, new: Int) {
    var rest = (gap: gap, old: old, new: new)
    while rest.gap | rest.old | rest.new > 0 {
      let edit =
        rest.gap > Int(UInt32.max)
        ? Edit(gap: .max, old: 0, new: 0)
        : Edit(
          gap: UInt32(rest.gap), old: UInt32(clamping: rest.old), new: UInt32(clamping: rest.new))
      rest.gap -= Int(edit.gap)
      rest.old -= Int(edit.old)
      rest.new -= Int(edit.new)
      edits.append(edit)
    }
  }

  /// Adds `old` source bytes that left nothing to what became the character at `character..<position`
  /// of the result; at the start they stand by themselves.
  mutating func appendDeletion(of old: Int, at position: Int, behind character: Int) {
    if let last = edits.last, end == position {
      if let sum = UInt32(exactly: Int(last.old) + old) {
        edits[edits.count - 1].old = sum
      } else {
        append(at: position, old: old, new: 0)
      }
    } else {
      let start = max(end, character)
      append(at: start, old: position - start + old, new: position - start)
    }
  }

  /// Takes away the edits at or after `position` of the result; what is left of one that reaches over
  /// it stems from all of its source.
  mutating func removeAll(from position: Int) {
    while let last = edits.last, end > position {
      let start = end - Int(last.new)
      if start < position {
        edits[edits.count - 1].new = UInt32(position - start)
        end = position
      } else {
        end = start - Int(last.gap)
        edits.removeLast()
      }
    }
  }

  func sourceRange(of range: Range<Int>, from cursor: inout SourceCursor) -> Range<Int> {
    if range.lowerBound < cursor.result { cursor = SourceCursor() }
    // The cursor stops at the edit that holds the first byte: the next range may begin there too.
    advance(&cursor, to: range.lowerBound)
    let lower =
      range.lowerBound < firstCharacter
      ? 0 : sourceRange(ofByteAt: range.lowerBound, cursor).lowerBound
    guard !range.isEmpty else { return lower..<lower }
    var ahead = cursor
    advance(&ahead, to: range.upperBound - 1)
    return lower..<sourceRange(ofByteAt: range.upperBound - 1, ahead).upperBound
  }

  /// Passes the edits that end at or before `position`.
  private func advance(_ cursor: inout SourceCursor, to position: Int) {
    while cursor.index < edits.count {
      let edit = edits[cursor.index]
      let result = cursor.result + Int(edit.gap) + Int(edit.new)
      if result > position { return }
      cursor.result = result
      cursor.source += Int(edit.gap) + Int(edit.old)
      cursor.index += 1
    }
  }

  private func sourceRange(ofByteAt position: Int, _ cursor: SourceCursor) -> Range<Int> {
    let offset = position - cursor.result
    if cursor.index < edits.count, offset >= Int(edits[cursor.index].gap) {
      let edit = edits[cursor.index]
      let start = cursor.source + Int(edit.gap)
      return start..<start + Int(edit.old) + Int(edit.following)
    }
    return cursor.source + offset..<cursor.source + offset + 1
  }
}

/// A place between the edits of a normalized text, from which ascending queries go on.
public struct SourceCursor: Sendable {
  fileprivate var index = 0
  /// Where the edit before `index` ends in the result and in the source.
  fileprivate var result = 0
  fileprivate var source = 0

  /// The beginning of the text.
  public init() {}
}
