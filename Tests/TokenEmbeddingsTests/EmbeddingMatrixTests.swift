import Testing

@testable import TokenEmbeddings

@Suite("Embedding matrix")
struct EmbeddingMatrixTests {
  @Test("A row belongs to a token, and ids past the table have none")
  func rows() {
    let zeros = EmbeddingMatrix(rowCount: 3, dimension: 4)
    #expect(zeros.values.count == 12)
    #expect(zeros[2].map { Array($0) } == [0, 0, 0, 0])
    #expect(zeros[2]?.startIndex == 8)
    #expect(zeros[3] == nil)
    let matrix = EmbeddingMatrix(rowCount: 2, dimension: 2, values: [1, 2, 3, 4])
    #expect(matrix[1].map { Array($0) } == [3, 4])
  }
}
