import Primitives
import Tokenization

/// A piece as the walks over the text see it: what they add or multiply, its parent and its length.
struct PieceNode: BitwiseCopyable {
  /// Score or probability.
  var value: Float
  /// Number of the parent, the longest other piece that this one begins with, above the length.
  var link: UInt32
}

/// The pieces of a round and where they begin in the text.
///
/// All pieces are nodes of one suffix tree. So a place of the text needs no more than the longest
/// piece that begins there; the shorter ones are its ancestors. When pieces go, each place gets the
/// nearest ancestor that stays: nothing is ever matched again.
struct UnigramPieces: ~Copyable {
  /// By place of the text: the longest piece that begins there.
  let deepest: PageBuffer<UInt32>
  var nodes: PageBuffer<PieceNode>
  /// Where in the text each piece stands.
  var places: PageBuffer<UInt32>
  var scores: [Float]
  let shape: PieceShape

  var count: Int { scores.count }

  init(
    deepest: consuming PageBuffer<UInt32>, nodes: consuming PageBuffer<PieceNode>,
    places: consuming PageBuffer<UInt32>, scores: [Float], shape: PieceShape
  ) {
    self.deepest = deepest
    self.nodes = nodes
    self.places = places
    self.scores = scores
    self.shape = shape
  }

  func length(of piece: Int) -> Int { shape.length(nodes[piece].link) }

  /// Least score; what text without a piece costs is measured from it.
  var leastScore: Float { scores.min() ?? 0 }

  /// Keeps the pieces with these numbers, in their order.
  mutating func keep(_ kept: [UInt32], threads: Int) throws(SentencePieceTrainingError) {
    guard let newNumbers = PageBuffer<UInt32>(count: count),
      let newNodes = PageBuffer<PieceNode>(count: kept.count),
      let newPlaces = PageBuffer<UInt32>(count: kept.count)
    else { throw .outOfMemory(bytes: 4 * count + 12 * kept.count) }
    let none = shape.none
    for piece in 0..<count { newNumbers[piece] = none }
    for (number, piece) in kept.enumerated() { newNumbers[Int(piece)] = UInt32(number) }
    // Pieces that go stand for their nearest ancestor that stays.
    for piece in 0..<count where newNumbers[piece] == none {
      var ancestor = shape.parent(nodes[piece].link)
      while ancestor != none, newNumbers[Int(ancestor)] == none {
        ancestor = shape.parent(nodes[Int(ancestor)].link)
      }
      // One that went before it in this loop has the number of its own ancestor by now.
      if ancestor != none { newNumbers[piece] = newNumbers[Int(ancestor)] }
    }
    var newScores: [Float] = []
    newScores.reserveCapacity(kept.count)
    for (number, piece) in kept.enumerated() {
      let node = nodes[Int(piece)]
      let parent = shape.parent(node.link)
      newNodes[number] = PieceNode(
        value: node.value,
        link: shape.link(
          parent: parent == none ? none : newNumbers[Int(parent)],
          length: shape.length(node.link)))
      newPlaces[number] = places[Int(piece)]
      newScores.append(scores[Int(piece)])
    }
    nonisolated(unsafe) let (deepest, numbers) = (deepest.base, newNumbers.base)
    let parts = Parts(self.deepest.count, size: 1 << 16)
    parts.run(threads: threads) { range in
      for place in range {
        let piece = deepest[place]
        if piece != none { deepest[place] = numbers[Int(piece)] }
      }
    }
    nodes = newNodes
    places = newPlaces
    scores = newScores
  }

  /// Another one of the same pieces, for a path of its own.
  func copy() throws(SentencePieceTrainingError) -> UnigramPieces {
    guard let deepest = PageBuffer<UInt32>(count: self.deepest.count),
      let nodes = PageBuffer<PieceNode>(count: count),
      let places = PageBuffer<UInt32>(count: count)
    else { throw .outOfMemory(bytes: 4 * self.deepest.count + 12 * count) }
    deepest.base.update(from: self.deepest.base, count: self.deepest.count)
    nodes.base.update(from: self.nodes.base, count: count)
    places.base.update(from: self.places.base, count: count)
    return UnigramPieces(
      deepest: deepest, nodes: nodes, places: places, scores: scores, shape: shape)
  }
}

/// How a parent and a length share 32 bits: as few for the length as the longest piece needs.
struct PieceShape: Sendable {
  let lengthBits: UInt32
  let lengthMask: UInt32
  /// No piece.
  let none: UInt32

  init(longestPiece: Int) {
    lengthBits = UInt32(Int.bitWidth - longestPiece.leadingZeroBitCount)
    lengthMask = 1 << lengthBits - 1
    none = UInt32.max >> lengthBits
  }

  /// Most pieces that can be numbered.
  var mostPieces: Int { Int(none) }

  @inline(__always)
  func parent(_ link: UInt32) -> UInt32 { link &>> lengthBits }

  @inline(__always)
  func length(_ link: UInt32) -> Int { Int(link & lengthMask) }

  @inline(__always)
  func link(parent: UInt32, length: Int) -> UInt32 {
    parent &<< lengthBits | UInt32(truncatingIfNeeded: length)
  }
}
