import Primitives
import Testing
import Tokenization

@testable import TokenEmbeddings

@Suite("Nearest tokens")
struct NearestTokensTests {
  private static func random(
    rows: Int, dimension: Int, seed: UInt64
  ) -> EmbeddingMatrix {
    var numbers = RandomSequence(seed: seed, place: 0)
    let values = (0..<rows * dimension).map { _ in Float(2 * numbers.unit() - 1) }
    return EmbeddingMatrix(rowCount: rows, dimension: dimension, values: values)
  }

  /// All cosines in double precision, the nearest first.
  private static func reference(
    _ matrix: EmbeddingMatrix, tokenCount: Int, to vector: [Float]
  ) -> [(id: TokenID, cosine: Double)] {
    func dot(_ left: some Sequence<Float>, _ right: some Sequence<Float>) -> Double {
      zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    var all: [(id: TokenID, cosine: Double)] = []
    for id in 0..<TokenID(tokenCount) {
      guard let row = matrix[id], dot(row, row) > 0 else { continue }
      all.append((id, dot(row, vector) / (dot(row, row) * dot(vector, vector)).squareRoot()))
    }
    return all.sorted { ($1.cosine, $0.id) < ($0.cosine, $1.id) }
  }

  @Test("Those of the definition, for all dimensions and threads", arguments: [1, 3, 16, 37])
  func definition(dimension: Int) throws {
    let matrix = Self.random(rows: 2500, dimension: dimension, seed: UInt64(dimension))
    for threads in [1, 2, 3, 8] {
      let search = try NearestTokens(matrix, tokenCount: 2490, threads: threads)
      let direction = try search.direction(of: [7])
      let found = search.nearest(to: direction, count: 12, excluding: [7])
      let expected = Self.reference(matrix, tokenCount: 2490, to: direction).filter { $0.id != 7 }
      #expect(found.count == 12)
      for (neighbor, known) in zip(found, expected) {
        #expect(abs(Double(neighbor.cosine) - known.cosine) < 1e-5)
        if dimension > 3 { #expect(neighbor.id == known.id) }
      }
    }
  }

  @Test("Of equally near tokens the lower id comes first; rows of zeros and padding never come")
  func ties() throws {
    let matrix = EmbeddingMatrix(
      rowCount: 6, dimension: 2, values: [0, 0, 2, 0, 1, 0, 0, 1, 1, 0, 5, 0])
    let search = try NearestTokens(matrix, tokenCount: 5, threads: 1)
    let direction = try search.direction(of: [1])
    #expect(search.nearest(to: direction, count: 9).map(\.id) == [1, 2, 4, 3])
    #expect(search.nearest(to: direction, count: 2).map(\.id) == [1, 2])
    #expect(search.nearest(to: direction, count: 0).isEmpty)
    #expect(search.nearest(to: direction, count: 9).map(\.cosine) == [1, 1, 1, 0])
  }

  @Test("A word of several tokens is their mean; an analogy is a sum of directions")
  func combinations() throws {
    let matrix = EmbeddingMatrix(
      rowCount: 4, dimension: 2, values: [3, 0, 0, 5, 1, 1, -1, 1])
    let search = try NearestTokens(matrix, tokenCount: 4, threads: 1)
    let half = Float(0.5).squareRoot()
    #expect(try search.direction(of: [0, 1]) == [half, half])
    let (first, second) = (try search.direction(of: [0, 1]), try search.direction(of: [2]))
    #expect(abs(search.cosine(first, second) - 1) < 1e-6)
    // (0, 1) - (1, 0) + (1, 1) / √2
    let analogy = try search.analogy([0], to: [1], as: [2])
    let expected = [half - 1, half + 1]
    let length = (expected[0] * expected[0] + expected[1] * expected[1]).squareRoot()
    for (value, known) in zip(analogy, expected) { #expect(abs(value - known / length) < 1e-6) }
  }

  @Test("Errors say which row")
  func errors() throws {
    var matrix = EmbeddingMatrix(rowCount: 3, dimension: 2)
    #expect(throws: NeighborError.tooFewRows(rows: 3, tokens: 4)) {
      try NearestTokens(matrix, tokenCount: 4)
    }
    let search = try NearestTokens(matrix, tokenCount: 3)
    #expect(throws: NeighborError.noDirection(ids: [1])) { try search.direction(of: [1]) }
    #expect(throws: NeighborError.noRow(id: 3, rows: 3)) { try search.direction(of: [3]) }
    matrix.values[5] = .nan
    #expect(throws: NeighborError.notFinite(row: 2, column: 1)) {
      try NearestTokens(matrix, tokenCount: 3)
    }
    matrix.values[5] = 1e30
    #expect(throws: NeighborError.tooLarge(row: 2)) {
      try NearestTokens(matrix, tokenCount: 3)
    }
  }
}
