import NativeBridges
import Primitives

/// What may be cut from a text: at each place the pieces that begin there. Pointers are those of
/// `UnigramPieces`, which lives longer.
struct PieceLattice: @unchecked Sendable {
  let deepest: UnsafePointer<UInt32>
  let nodes: UnsafePointer<PieceNode>
  let shape: PieceShape
  /// Score of a character without a piece: 10 below the least (SentencePiece, `kUnkPenalty`).
  let unknownScore: Float

  /// The text's symbols and the scores of those that are pieces besides, where there are any.
  private var symbols: UnsafePointer<UInt32>?
  private var lone: UnsafePointer<Float>?

  init(_ pieces: borrowing UnigramPieces) {
    deepest = UnsafePointer(pieces.deepest.base)
    nodes = UnsafePointer(pieces.nodes.base)
    shape = pieces.shape
    unknownScore = pieces.leastScore - 10
  }

  /// The same where some characters are pieces that are not among the nodes.
  ///
  /// - Parameter lone: scores by symbol; of characters without a piece, `unknownScore`.
  init(
    _ pieces: borrowing UnigramPieces, _ text: borrowing UnigramText, lone: UnsafePointer<Float>
  ) {
    self.init(pieces)
    symbols = UnsafePointer(text.symbols.base)
    self.lone = lone
  }

  /// Score of a character that is no node.
  @inline(__always)
  func loneScore(at place: Int) -> Float {
    if let lone, let symbols { return lone[Int(symbols[place])] }
    return unknownScore
  }

  /// Number of the piece that a character without one counts for: SentencePiece's trainer has no
  /// other id for it than that of its first piece.
  static let unknown: UInt32 = 0

  /// Asks for the memory of what begins in a word that is walked soon: its first misses are most of
  /// what a word costs where there are many pieces.
  @inline(__always)
  func prefetch(_ start: UInt32, _ end: UInt32) {
    var place = Int(start)
    let last = min(Int(end), place &+ 64)
    while place < last {
      prefetch(at: place)
      place &+= 1
    }
  }

  @inline(__always)
  func prefetch(at place: Int) {
    let piece = deepest[place]
    if piece != shape.none { tt_prefetch(nodes + Int(piece)) }
  }

  /// Calls `body` with each piece at a place, the longest first. Returns whether the last is a single
  /// character: where it is not, the character is one without a piece.
  @inline(__always)
  func forEach(
    at place: Int, _ body: (_ piece: UInt32, _ length: Int, _ value: Float) -> Void
  ) -> Bool {
    var piece = deepest[place]
    var length = 0
    while piece != shape.none {
      let node = nodes[Int(piece)]
      length = shape.length(node.link)
      body(piece, length, node.value)
      piece = shape.parent(node.link)
    }
    return length == 1
  }
}
