import Testing

@testable import Tokenization

@Suite("Cache of long pieces")
struct LongPieceCacheTests {
  @Test(
    "A piece has its ids or none, the greatest too, and the last one always has them",
    arguments: [1, 300, 1 << 16, 1 << 16 + 1, 1 << 24], [0, 1 << 16])
  func ids(idCount: Int, byteCount: Int) {
    var cache = LongPieceCache(idCount: idCount, byteCount: byteCount)
    var generator = SeededGenerator(seed: 6)
    var known: [(piece: [UInt8], ids: [TokenID])] = []
    var output = [TokenID](repeating: 0, count: 600)
    func found(_ piece: [UInt8]) -> [TokenID]? {
      piece.withUnsafeBufferPointer { piece in
        output.withUnsafeMutableBufferPointer { output in
          guard let base = output.baseAddress else { return nil }
          let count = cache.ids(of: piece, hash: cache.hash(piece), into: base)
          return count < 0 ? nil : Array(output[..<count])
        }
      }
    }
    for number in 0..<2000 {
      let length = Int.random(in: 4...LongPieceCache.maximumLength, using: &generator)
      var piece = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      // No two are equal.
      for place in 0..<4 { piece[place] = UInt8(truncatingIfNeeded: number >> (8 * place)) }
      #expect(found(piece) == nil)
      var ids = (0..<Int.random(in: 0...length, using: &generator)).map { _ in
        TokenID.random(in: 0..<TokenID(idCount), using: &generator)
      }
      ids.append(TokenID(idCount - 1))
      piece.withUnsafeBufferPointer { piece in
        cache.insert(piece, hash: cache.hash(piece), ids: ids, idCount: ids.count)
      }
      known.append((piece, ids))
      #expect(found(piece) == ids, "seed 6, piece \(number)")
    }
    let remembered = known.filter { found($0.piece) != nil }
    #expect(!remembered.isEmpty && remembered.count < known.count)
    for one in remembered { #expect(found(one.piece) == one.ids) }
  }
}
