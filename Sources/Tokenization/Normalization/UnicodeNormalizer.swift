import NativeBridges

/// Takes texts through one step that a table describes; one for each thread, since it owns a cache
/// and scratch.
///
/// `NormalizationTable` finds the few runs that may change. A run is answered by arithmetic
/// (Hangul), by the table, by the cache of runs seen before, or by ICU; all other bytes are copied
/// in stretches, and text that is normalized already is not copied at all, unless its capitals
/// become small.
public struct UnicodeNormalizer: ~Copyable {
  /// Longest run, in bytes, for which ICU's quadratic reordering is faster than `LongRun`.
  private static let longestForICU = 256

  /// Classes and data of the step.
  public let table: NormalizationTable
  private var cache = RunCache()
  private var scratch: [UInt8] = []
  private var edits: [tt_edit] = []

  init(_ table: NormalizationTable) { self.table = table }

  /// - Throws: `.noUnicodeData` if the installed ICU lacks its data of the form.
  public init(
    _ form: NormalizationForm, unicode: UnicodeData = .current
  ) throws(TextPreparationError) {
    self.init(try .table(for: form, unicode: unicode))
  }

  /// Normalizes `count` bytes to `output`, unless they are normalized already.
  ///
  /// The text must begin and end where no character joins another: at the ends of a document or
  /// where the table says that it may be cut. Bytes that are not UTF-8 pass as they are.
  /// - Returns: true if the text is normalized already; `output` is empty then.
  /// - Complexity: O(`count`), also for marks in the worst order.
  public mutating func normalize(
    _ text: UnsafePointer<UInt8>, count: Int, into output: inout NormalizedText,
    recordingEdits: Bool
  ) -> Bool {
    output.removeAll()
    let end = text + count
    var copied = text
    var run = table.nextRun(from: text, to: end)
    while run.start < end {
      if let replacement = shortReplacement(of: run, readableTo: end) {
        if !replacement.isUnchanged {
          copy(from: copied, to: run.start, readableTo: end, into: &output)
          output.append(replacement)
          copied = run.end
          if recordingEdits && replacement.hasParts {
            recordParts(of: run, new: Int(replacement.length), in: &output)
          } else if recordingEdits {
            output.recordEdit(
              old: run.length, new: Int(replacement.length),
              samePrefix: Int(replacement.samePrefix), sameSuffix: Int(replacement.sameSuffix))
          }
        }
      } else {
        normalizeLong(run, after: &copied, readableTo: end, into: &output, recordingEdits)
      }
      run = table.nextRun(from: run.end, to: end)
    }
    if copied == text && !table.lowersASCII { return true }
    copy(from: copied, to: end, readableTo: end, into: &output)
    output.pad()
    return false
  }

  /// Appends what stands between two runs.
  @inline(__always)
  private func copy(
    from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>,
    readableTo limit: UnsafePointer<UInt8>, into output: inout NormalizedText
  ) {
    if table.lowersASCII {
      output.appendLowered(from: start, to: end, readableTo: limit)
    } else {
      output.append(from: start, to: end, readableTo: limit)
    }
  }

  /// What a run becomes; nil if run or result is too long for the cache.
  @inline(__always)
  private mutating func shortReplacement(
    of run: NormalizationTable.Run, readableTo end: UnsafePointer<UInt8>
  ) -> RunReplacement? {
    if table.isMap { return table.replacement(of: run) }
    guard run.length <= RunCache.Key.capacity else { return nil }
    if let syllable = table.composes ? Hangul.composed(run) : Hangul.decomposed(run) {
      return syllable
    }
    let key = RunCache.Key(run, readableTo: end)
    return cache.replacement(of: key) ?? newReplacement(of: run, for: key)
  }

  @inline(never)
  private mutating func newReplacement(
    of run: NormalizationTable.Run, for key: RunCache.Key
  ) -> RunReplacement? {
    let count = normalizeToScratch(run)
    guard count <= RunReplacement.capacity else { return nil }
    let hasParts = parts(of: run) > 1
    let replacement = scratch.withUnsafeBufferPointer {
      RunReplacement(of: run.bytes, is: $0.extracting(..<count), hasParts: hasParts)
    }
    cache.insert(replacement, for: key)
    return replacement
  }

  /// Appends all from `copied` to the end of a run that the cache cannot hold.
  @inline(never)
  private mutating func normalizeLong(
    _ run: NormalizationTable.Run, after copied: inout UnsafePointer<UInt8>,
    readableTo end: UnsafePointer<UInt8>, into output: inout NormalizedText, _ recordingEdits: Bool
  ) {
    let count = normalizeToScratch(run)
    let common = scratch.withUnsafeBufferPointer { CommonEnds(run.bytes, $0.extracting(..<count)) }
    if common.prefix == run.length && count == run.length { return }
    copy(from: copied, to: run.start, readableTo: end, into: &output)
    scratch.withUnsafeBufferPointer { scratch in
      guard let start = scratch.baseAddress else { return }
      output.append(from: start, to: start + count, readableTo: start + scratch.count)
    }
    copied = run.end
    guard recordingEdits else { return }
    if parts(of: run) > 1 {
      recordParts(of: run, new: count, in: &output)
    } else {
      output.recordEdit(
        old: run.length, new: count, samePrefix: common.prefix, sameSuffix: common.suffix)
    }
  }

  @inline(never)
  private mutating func recordParts(
    of run: NormalizationTable.Run, new: Int, in output: inout NormalizedText
  ) {
    let count = parts(of: run)
    edits.withUnsafeBufferPointer { output.recordEdits($0.extracting(..<count), new: new) }
  }

  /// Places in which a run changes, told apart as ICU does and left in `edits`; 1 for runs that are
  /// not for ICU.
  private mutating func parts(of run: NormalizationTable.Run) -> Int {
    guard case .form(let icu, _) = table.definition, run.length <= Self.longestForICU else {
      return 1
    }
    if edits.isEmpty {
      edits = Array(repeating: tt_edit(), count: Self.longestForICU)
    }
    let count = edits.withUnsafeMutableBufferPointer { edits in
      tt_normalizer_edits(
        icu, UnsafeRawPointer(run.start).assumingMemoryBound(to: CChar.self), Int32(run.length),
        edits.baseAddress, Int32(edits.count))
    }
    return count < 0 || count > edits.count ? 1 : Int(count)
  }

  /// Normalizes a run to the start of `scratch` and returns the length.
  private mutating func normalizeToScratch(_ run: NormalizationTable.Run) -> Int {
    if case .form(let icu, _) = table.definition, run.length <= Self.longestForICU {
      // UAX 15, section 9.1: no form makes more than 18 characters of one; 11 bytes of each byte.
      let capacity = run.length * 12 + 64
      if scratch.count < capacity { scratch = Array(repeating: 0, count: capacity) }
      let count = scratch.withUnsafeMutableBytes { output in
        tt_normalizer_normalize(
          icu, UnsafeRawPointer(run.start).assumingMemoryBound(to: CChar.self),
          Int32(run.length), output.baseAddress?.assumingMemoryBound(to: CChar.self),
          Int32(capacity))
      }
      if count >= 0 && count <= capacity { return Int(count) }
    }
    scratch = LongRun.normalized(run, by: table)
    return scratch.count
  }
}
