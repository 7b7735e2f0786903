/// Which characters SentencePiece's trainers never join in one piece, by its flags
/// (`trainer_interface.cc`, `IsValidSentencePiece`; 0.2.3).
///
/// A cut stands where the two characters around it can be in no piece together. What its trainers
/// refuse besides, because of a third character, they must judge themselves.
public struct SentencePieceCuts: Sendable, Hashable, Codable {
  /// What the mark of a blank, U+2581, does to words.
  public enum Whitespace: String, Sendable, Hashable, Codable, CaseIterable {
    /// `split_by_whitespace=false`: it may stand anywhere in a piece.
    case free
    /// A word begins with it.
    case begins
    /// `treat_whitespace_as_suffix`: a word ends with it.
    case ends
  }

  public var whitespace: Whitespace
  /// `split_by_unicode_script`: a piece has characters of one script. Common is a script there.
  public var splitsScripts: Bool
  /// `split_by_number`: digits have a script like others; if not, they go with any.
  public var splitsNumbers: Bool
  /// `split_digits`: each digit is a piece.
  public var splitsDigits: Bool

  /// The defaults of SentencePiece's trainers.
  public init(
    whitespace: Whitespace = .begins, splitsScripts: Bool = true, splitsNumbers: Bool = true,
    splitsDigits: Bool = false
  ) {
    self.whitespace = whitespace
    self.splitsScripts = splitsScripts
    self.splitsNumbers = splitsNumbers
    self.splitsDigits = splitsDigits
  }

  func cutsBetween(_ before: UInt32, _ after: UInt32) -> Bool {
    let (isDigit, isDigitAfter) = (Self.isDigit(before), Self.isDigit(after))
    if splitsDigits && (isDigit || isDigitAfter) { return true }
    if before == BlankMark.scalar || after == BlankMark.scalar {
      switch whitespace {
      case .free: return false
      case .begins: return after == BlankMark.scalar
      case .ends: return before == BlankMark.scalar
      }
    }
    guard splitsScripts, splitsNumbers || !(isDigit || isDigitAfter) else { return false }
    let (first, second) = (Self.script(before), Self.script(after))
    return first != second && first != ScriptTable.inherited && second != ScriptTable.inherited
  }

  /// ASCII and fullwidth digits only.
  public static func isDigit(_ scalar: UInt32) -> Bool {
    (0x30...0x39).contains(scalar) || (0xFF10...0xFF19).contains(scalar)
  }

  /// The script that a character has in a piece; `nil`: that of the character before it.
  public static func pieceScript(_ scalar: UInt32) -> UInt8? {
    let script = script(scalar)
    return script == ScriptTable.inherited ? nil : script
  }

  private static func script(_ scalar: UInt32) -> UInt8 {
    let script = ScriptTable.shared[scalar]
    return script == ScriptTable.none ? ScriptTable.common : script
  }
}
