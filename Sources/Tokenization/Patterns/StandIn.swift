// Stands in until the pattern compiler lands: GPT-2's pattern alone.
public enum PatternError: Error { case standIn }
public enum NamedPattern: String, CaseIterable, Sendable {
  case gpt2
  public var pattern: SplitPattern {
    SplitPattern(
      #"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#,
      dialect: .huggingFace)
  }
}
extension SplitPattern { public var huggingFaceText: String? { text } }
public final class CompiledPattern: Sendable {
  public init(_ pattern: SplitPattern, linesAreDocuments: Bool = false) throws(PatternError) {}
  public func nextCut(in text: UnsafePointer<UInt8>, count: Int, from: Int, to: Int) -> Int? {
    var i = max(from, 1)
    while i < min(to, count) {
      let a = text[i - 1] | 32, b = text[i]
      if a >= 97, a <= 122, b == 32 { return i }
      i += 1
    }
    return nil
  }
  public func pieceEnds(
    of text: UnsafePointer<UInt8>, from lower: Int, to upper: Int, startsDocument: Bool,
    endsDocument: Bool, into ends: UnsafeMutablePointer<UInt32>
  ) -> Int {
    // 0 other 1 letter 2 number 3 space(not ' ') 4 ' '
    func next(_ i: Int) -> (Int, Int) {
      let b = text[i]
      if b < 0x80 {
        if b == 32 { return (4, 1) }
        if b >= 9 && b <= 13 { return (3, 1) }
        if b >= 48 && b <= 57 { return (2, 1) }
        return ((b | 32) >= 97 && (b | 32) <= 122 ? 1 : 0, 1)
      }
      var n = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : b >= 0xC2 ? 2 : 1
      if n == 1 || i + n > upper { return (0, 1) }
      var v = UInt32(b) & (n == 4 ? 7 : n == 3 ? 15 : 31)
      for k in 1..<n { guard text[i + k] & 0xC0 == 0x80 else { n = 1; break }; v = v << 6 | UInt32(text[i + k] & 63) }
      guard n > 1, let s = Unicode.Scalar(v) else { return (0, 1) }
      switch s.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return (1, n)
      case .decimalNumber, .letterNumber, .otherNumber: return (2, n)
      default: return (s.properties.isWhitespace ? 3 : 0, n)
      }
    }
    var i = lower, k = 0
    while i < upper {
      var (c, n) = next(i)
      if text[i] == 39, i + 1 < upper {
        let x = text[i + 1], y = i + 2 < upper ? text[i + 2] : 0
        var l = 0
        if x == 115 || x == 100 || x == 109 || x == 116 { l = 2 }
        else if (x == 108 && y == 108) || (x == 118 && y == 101) || (x == 114 && y == 101) { l = 3 }
        if l > 0 { i += l; ends[k] = UInt32(i); k += 1; continue }
      }
      if c == 4, i + 1 < upper { let (d, m) = next(i + 1); if d < 3 { i += 1; c = d; n = m } }
      if c < 3 {
        repeat { i += n; if i >= upper { break }; let (d, m) = next(i); if d != c { break }; n = m } while true
      } else {
        let start = k == 0 ? lower : Int(ends[k - 1]); var last = i
        repeat { last = i; i += n; if i >= upper { break }; let (d, m) = next(i); if d < 3 { break }; n = m } while true
        if i < upper, last > start { i = last }
      }
      ends[k] = UInt32(i); k += 1
    }
    return k
  }
}
