import Foundation
import Primitives
import Testing
import Tokenization
import TokenizerTraining

@testable import TokenEmbeddings

@Suite("Vectors learned from a corpus")
struct CorpusVectorsTests {
  /// Sentences about fruit and about vehicles, which share no other words than the commonest.
  private static let texts: [String] = (0..<60).map { index in
    let fruit = ["apple", "banana", "cherry"][index % 3]
    let vehicle = ["car", "truck", "bus"][index / 3 % 3]
    return index % 2 == 0
      ? "they eat a sweet ripe \(fruit) from the tree"
      : "they drive a fast new \(vehicle) on the road"
  }

  private static let tokenizer = Result {
    var options = WordPieceTrainingRun.Options()
    options.training.vocabularySize = 400
    return try CompiledTokenizer(
      WordPieceTrainingRun(options).train(on: Corpus(texts: texts)).tokenizer)
  }

  private static func vectors(
    _ texts: [String] = texts, threads: Int = 2, dimension: Int = 12, minimumCount: Int = 2,
    rank: Int? = nil
  ) throws -> (matrix: [[Float]?], singularValues: [Double], tokenizer: Tokenizer) {
    let tokenizer = try tokenizer.get()
    let vectors = try CorpusVectors(
      of: Corpus(texts: texts), tokenizer: tokenizer,
      options: CorpusVectorOptions(dimension: dimension, minimumCount: minimumCount, rank: rank),
      threads: threads)
    let rows = vectors.isLearned.indices.map { id -> [Float]? in
      var row = [Float](repeating: .nan, count: dimension)
      let isLearned = row.withUnsafeMutableBufferPointer {
        vectors.copyVector(of: TokenID(id), to: $0)
      }
      return isLearned ? row : nil
    }
    return (rows, vectors.singularValues, tokenizer.tokenizer)
  }

  private static func cosine(_ left: [Float], _ right: [Float]) -> Float {
    func dot(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    return dot(left, right) / (dot(left, left) * dot(right, right)).squareRoot()
  }

  @Test("What is used alike is near: apple and banana, car and truck, but not apple and truck")
  func meaning() throws {
    let (matrix, _, tokenizer) = try Self.vectors()
    func vector(_ word: String) throws -> [Float] {
      let id = try #require(tokenizer.id(of: Array(word.utf8)))
      return try #require(matrix[Int(id)])
    }
    let (apple, banana) = (try vector("apple"), try vector("banana"))
    let (car, truck) = (try vector("car"), try vector("truck"))
    #expect(Self.cosine(apple, banana) > Self.cosine(apple, truck) + 0.5)
    #expect(Self.cosine(car, truck) > Self.cosine(banana, car) + 0.5)
  }

  @Test("Rows are centred and have the deviation that was asked for; rare tokens have none")
  func statistics() throws {
    let (matrix, _, tokenizer) = try Self.vectors(minimumCount: 10)
    let rows = matrix.compactMap { $0 }
    let squares = rows.joined().reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs((squares / Double(rows.count * 12)).squareRoot() - 0.02) < 1e-7)
    for column in 0..<12 {
      #expect(abs(rows.reduce(0.0) { $0 + Double($1[column]) }) < 1e-6)
    }
    // In each of the texts; a third of a half of them; none.
    for (word, isThere) in [("they", true), ("apple", true), ("[UNK]", false)] {
      let id = try #require(tokenizer.id(of: Array(word.utf8)))
      #expect((matrix[Int(id)] != nil) == isThere, "\(word)")
    }
  }

  @Test("The same bits for any number of threads")
  func threads() throws {
    let expected = try Self.vectors(threads: 1)
    for threads in [2, 3, 8] {
      let found = try Self.vectors(threads: threads)
      #expect(found.matrix == expected.matrix)
      #expect(found.singularValues == expected.singularValues)
    }
  }

  @Test("Spreading few directions over more numbers changes no angle")
  func spread() throws {
    let narrow = try Self.vectors(dimension: 4, rank: 4).matrix.compactMap { $0 }
    let wide = try Self.vectors(dimension: 40, rank: 4).matrix.compactMap { $0 }
    #expect(narrow.count == wide.count)
    for first in narrow.indices {
      for second in narrow.indices {
        let difference =
          Self.cosine(narrow[first], narrow[second]) - Self.cosine(wide[first], wide[second])
        #expect(abs(difference) < 1e-4)
      }
    }
  }

  @Test("Information is that of its formula, where it is positive")
  func information() {
    let documents = CooccurrenceCountsTests.randomDocuments(seed: 3, idCount: 30, count: 30)
    let counts = CooccurrenceCountsTests.counts(documents, idCount: 31, window: 3)
    let table = CooccurrenceCountsTests.table(counts)
    let sums = counts.rowSums.map { Double($0) }
    let total = sums.reduce(0) { $0 + ($1 > 0 ? pow($1, 0.75) : 0) }
    let information = MutualInformation(
      of: counts, contextSmoothing: 0.75, minimumCount: 6, threads: 2)
    var found: [[Float]] = Array(repeating: Array(repeating: 0, count: 31), count: 31)
    var transposed = found
    for block in information.matrix.blocks {
      for row in block.rows {
        let index = row - block.rows.lowerBound
        for entry in block.starts[index]..<block.starts[index + 1] {
          found[row][Int(block.columns[entry])] = block.values[entry]
        }
      }
    }
    for block in information.transposed.blocks {
      for row in block.rows {
        let index = row - block.rows.lowerBound
        for entry in block.starts[index]..<block.starts[index + 1] {
          transposed[Int(block.columns[entry])][row] = block.values[entry]
        }
      }
    }
    var positive = 0
    for row in 0..<31 {
      for column in 0..<31 {
        let count = Double(table[TokenID(row)]?[TokenID(column)] ?? 0)
        var expected = count > 0 ? log(count * total / (sums[row] * pow(sums[column], 0.75))) : 0
        if min(counts.occurrences[row], counts.occurrences[column]) < 6 { expected = 0 }
        #expect(abs(Double(found[row][column]) - max(0, expected)) < 1e-6)
        #expect(abs(Double(transposed[row][column]) - max(0, expected)) < 1e-6)
        if expected > 0 { positive += 1 }
      }
    }
    #expect(positive > 50)
  }

  @Test("Errors say what is wrong")
  func errors() throws {
    #expect(
      throws: CorpusVectorError.outOfRange(
        option: "dimension", value: "0", least: "1", most: "65536")
    ) { try CorpusVectorOptions(dimension: 0) }
    #expect(
      throws: CorpusVectorError.outOfRange(option: "rank", value: "9", least: "1", most: "8")
    ) { try CorpusVectorOptions(dimension: 8, rank: 9) }
    #expect(
      throws: CorpusVectorError.outOfRange(
        option: "contextSmoothing", value: "nan", least: "0.0", most: "1.0")
    ) { try CorpusVectorOptions(dimension: 8, contextSmoothing: .nan) }
    #expect(throws: CorpusVectorError.nothingToLearn(tokens: 0, minimumCount: 5)) {
      _ = try CorpusVectors(
        of: Corpus(texts: []), tokenizer: Self.tokenizer.get(),
        options: CorpusVectorOptions(dimension: 8))
    }
    #expect(throws: CorpusVectorError.nothingToLearn(tokens: 1, minimumCount: 1)) {
      _ = try CorpusVectors(
        of: Corpus(texts: ["apple"]), tokenizer: Self.tokenizer.get(),
        options: CorpusVectorOptions(dimension: 8, minimumCount: 1))
    }
  }
}
