import Testing

@testable import TokenEmbeddings

@Suite("Embedding matrix")
struct EmbeddingMatrixTests {
  @Test("A row belongs to a token, and ids past the table have none")
  func rows() {
    let matrix = EmbeddingMatrix(rowCount: 3, dimension: 4)
    #expect(matrix.values.count == 12)
    #expect(matrix[2].map { Array($0) } == [0, 0, 0, 0])
    #expect(matrix[2]?.startIndex == 8)
    #expect(matrix[3] == nil)
  }
}
