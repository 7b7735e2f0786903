import Tokenization

/// Which texts may be pieces (SentencePiece 0.2.3, `trainer_interface.cc`, `IsValidSentencePiece`).
///
/// A piece has characters of one script; kana count as Han, marks that inherit their script go with
/// any. Common is a script like others: "1." and "a-" are no pieces, "1.5" is one.
public struct PieceRules: Sendable, Equatable {
  /// What the marks of blanks and the scripts do.
  public var cuts = SentencePieceCuts()
  /// Most characters of a piece.
  public var maximumLength = 16
  /// Whether marks of blanks alone may be a piece.
  public var allowsWhitespaceOnly = false
  /// Whether marks of blanks stand behind words.
  public var putsSpacesBehindWords = false

  public init() {}

  /// The mark of a blank.
  public static let blank: UInt32 = 0x2581
  /// Parts what stands around it: where a piece that is not learned stood in the text.
  public static let boundary: UInt32 = 0x1F
  /// Stands for rare characters.
  static let rare: UInt32 = 0x2585

  /// Whether a character can be in a piece at all.
  public static func isPossible(_ scalar: UInt32) -> Bool {
    scalar != 0 && scalar != 0x20 && scalar != boundary
  }

  /// Whether a text may be a piece.
  ///
  /// - Parameter piece: Unicode scalars.
  public func allow(_ piece: some Collection<UInt32>) -> Bool {
    guard !piece.isEmpty, piece.count <= maximumLength else { return false }
    let isBlank = allowsWhitespaceOnly && piece.allSatisfy { $0 == Self.blank }
    var previous = PieceJoins.any
    for (place, scalar) in piece.enumerated() {
      guard Self.isPossible(scalar) else { return false }
      if scalar == Self.blank {
        if !isBlank && !allowsBlank(at: place, of: piece.count) { return false }
        continue
      }
      if cuts.splitsDigits && SentencePieceCuts.isDigit(scalar) && piece.count > 1 { return false }
      let script = script(of: scalar) ?? previous
      if script != PieceJoins.any && previous != PieceJoins.any && previous != script {
        return false
      }
      previous = script
    }
    return true
  }

  private func allowsBlank(at place: Int, of count: Int) -> Bool {
    let isFree = cuts.whitespace == .free
    if putsSpacesBehindWords { return place == count - 1 || (isFree && place > 0) }
    return place == 0 || (isFree && place < count - 1)
  }

  /// The script that a character asks for; `any`: it goes with all. `nil`: that of the character
  /// before it.
  func script(of scalar: UInt32) -> UInt8? {
    if !cuts.splitsScripts || (!cuts.splitsNumbers && SentencePieceCuts.isDigit(scalar)) {
      return PieceJoins.any
    }
    return SentencePieceCuts.pieceScript(scalar)
  }
}

extension PieceJoins {
  /// For tokens that are single characters.
  init(_ characters: [UInt32], _ rules: PieceRules) {
    let isFree = rules.cuts.whitespace == .free
    self.init(
      characters.map { scalar in
        let script = scalar == PieceRules.blank ? nil : rules.script(of: scalar)
        var ends = Ends(lead: script ?? Self.any, tail: script ?? Self.any)
        ends.isTransparent = script == nil
        ends.isBlank = scalar == PieceRules.blank
        if ends.isBlank {
          ends.mayBeLeft = !rules.putsSpacesBehindWords
          ends.mayBeRight = rules.putsSpacesBehindWords
        }
        let isAlone =
          !PieceRules.isPossible(scalar)
          || (rules.cuts.splitsDigits && SentencePieceCuts.isDigit(scalar))
        if isAlone {
          ends.mayBeLeft = false
          ends.mayBeRight = false
        }
        return ends
      }, isFree: isFree, joinsBlanks: rules.allowsWhitespaceOnly)
  }
}
