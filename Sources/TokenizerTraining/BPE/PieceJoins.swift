import Tokenization

/// Which two tokens may become one where pieces have rules: SentencePiece's pieces hold one script,
/// marks of blanks only at one end, perhaps no second digit.
///
/// A rule is a walk over the characters of a piece; of the walk over a token only two things matter
/// for its neighbours: what it must meet before it, and what it leaves behind. So a pair is judged
/// with two bytes, whatever the lengths.
struct PieceJoins {
  /// What a token asks of the script before it and leaves to the one behind it.
  struct Ends {
    /// The script of the first character that has one of its own; `any` if it goes with all.
    var lead: UInt8
    /// The script that the next character must have; `any`: none.
    var tail: UInt8
    /// Whether nothing in the token has a script of its own: it hands on what stands before it.
    var isTransparent = false
    /// Whether it is made of marks of blanks.
    var isBlank = false
    /// Whether characters may stand behind it, and before it, in one piece; marks beside marks have a
    /// rule of their own.
    var mayBeLeft = true
    var mayBeRight = true
  }

  static let any = UInt8.max

  private var ends: [Ends]
  /// Whether marks of blanks may stand inside a piece.
  private let isFree: Bool
  /// Whether marks of blanks alone may be a piece.
  private let joinsBlanks: Bool

  /// - Parameter ends: by id, of the tokens that are there before anything is merged.
  init(_ ends: [Ends], isFree: Bool, joinsBlanks: Bool) {
    self.ends = ends
    self.isFree = isFree
    self.joinsBlanks = joinsBlanks
  }

  @inline(__always)
  func allow(_ left: Int, _ right: Int) -> Bool {
    ends.withUnsafeBufferPointer { ends in
      let (a, b) = (ends[left], ends[right])
      if a.isBlank && b.isBlank { return joinsBlanks }
      guard a.mayBeLeft, b.mayBeRight else { return false }
      return a.tail == Self.any || b.lead == Self.any || a.tail == b.lead
    }
  }

  /// Adds the token that two others become: the next id.
  mutating func merge(_ left: Int, _ right: Int) {
    let (a, b) = (ends[left], ends[right])
    var joined = Ends(
      lead: a.isTransparent ? b.lead : a.lead, tail: b.isTransparent ? a.tail : b.tail,
      isTransparent: a.isTransparent && b.isTransparent, isBlank: a.isBlank && b.isBlank,
      mayBeLeft: b.mayBeLeft, mayBeRight: a.mayBeRight)
    if isFree {
      // A mark has characters on both sides now, or it may still not end (or begin) a piece.
      joined.mayBeLeft = !joined.isBlank || a.mayBeLeft
      joined.mayBeRight = !joined.isBlank || a.mayBeRight
    } else if joined.isBlank {
      joined.mayBeLeft = false
      joined.mayBeRight = false
    }
    ends.append(joined)
  }
}
