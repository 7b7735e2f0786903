import NativeBridges

/// Replaces each occurrence of a text by another, from left to right.
// Unchecked because of the pointers: written in init only.
final class TextReplacement: @unchecked Sendable {
  /// What is looked for; never empty.
  let text: [UInt8]
  let replacement: [UInt8]
  private let needle: UnsafeMutablePointer<UInt8>
  private let content: UnsafeMutablePointer<UInt8>
  /// Readable bytes of `content`: short texts are copied 32 bytes at once.
  private let contentCapacity: Int

  init(of text: [UInt8], by replacement: [UInt8]) {
    self.text = text
    self.replacement = replacement
    needle = .allocate(capacity: text.count)
    needle.initialize(from: text, count: text.count)
    contentCapacity = max(32, replacement.count)
    content = .allocate(capacity: contentCapacity)
    content.initialize(repeating: 0, count: contentCapacity)
    content.update(from: replacement, count: replacement.count)
  }

  deinit {
    needle.deallocate()
    content.deallocate()
  }

  /// - Returns: true if the text does not occur; `output` is empty then.
  /// - Complexity: O(`source.count`).
  func apply(
    to source: UnsafeBufferPointer<UInt8>, into output: inout NormalizedText, recordingEdits: Bool
  ) -> Bool {
    output.removeAll()
    guard let start = source.baseAddress else { return true }
    let end = start + source.count
    var copied = start
    while let found = next(from: copied, to: end) {
      output.append(from: copied, to: found, readableTo: end)
      output.append(
        from: content, to: content + replacement.count, readableTo: content + contentCapacity)
      copied = found + text.count
      if recordingEdits {
        output.recordEdit(old: text.count, new: replacement.count, samePrefix: 0, sameSuffix: 0)
      }
    }
    if copied == start { return true }
    output.append(from: copied, to: end, readableTo: end)
    output.pad()
    return false
  }

  /// Where a text may end although it goes on: behind the last occurrence, and where none can have
  /// begun.
  func certainEnd(of source: UnsafeBufferPointer<UInt8>) -> Int {
    guard let start = source.baseAddress else { return 0 }
    var searched = start
    while let found = next(from: searched, to: start + source.count) {
      searched = found + text.count
    }
    return max(searched - start, source.count - text.count + 1)
  }

  /// The first occurrence at or after `start`.
  @inline(__always)
  private func next(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
  ) -> UnsafePointer<UInt8>? {
    tt_find(start, end - start, needle, text.count).map { $0.assumingMemoryBound(to: UInt8.self) }
  }
}
