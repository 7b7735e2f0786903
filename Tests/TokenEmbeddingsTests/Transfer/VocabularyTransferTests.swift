import Primitives
import Testing
import Tokenization
import TokenizerTraining

@testable import TokenEmbeddings

@Suite("Rows for another vocabulary")
struct VocabularyTransferTests {
  private static let texts = [
    "the baker weighs the flour before the oven is hot", "the flour and the baker and the oven",
    "a hot oven bakes the bread that the baker weighs", "before the bread the baker weighs flour",
  ]

  private static func bytePair(_ size: Int) throws -> Tokenizer {
    var options = BPETrainingRun.Options()
    options.training.vocabularySize = size
    return try BPETrainingRun(options).train(on: Corpus(texts: texts)).tokenizer
  }

  private static func wordPiece(_ size: Int) throws -> Tokenizer {
    var options = WordPieceTrainingRun.Options()
    options.training.vocabularySize = size
    return try WordPieceTrainingRun(options).train(on: Corpus(texts: texts)).tokenizer
  }

  private static func pieces(_ size: Int) throws -> Tokenizer {
    var options = SentencePieceOptions()
    options.vocabularySize = size
    return try SentencePieceBPERun(options).train(on: Corpus(texts: texts)).tokenizer
  }

  /// Row *i* is made of the numbers i, i + 0.5 and 1.
  private static func table(_ tokenizer: Tokenizer, extra: Int = 0) -> EmbeddingMatrix {
    let rows = tokenizer.idCount + extra
    return EmbeddingMatrix(
      rowCount: rows, dimension: 3,
      values: (0..<rows).flatMap { [Float($0), Float($0) + 0.5, 1] })
  }

  private static func text(_ tokenizer: Tokenizer, _ id: Int) -> String {
    String(decoding: tokenizer.bytes(of: TokenID(id)) ?? [], as: UTF8.self)
  }

  @Test("Tokens of both vocabularies keep their rows, others get the mean of their pieces")
  func subwordMean() throws {
    let (old, new) = (try Self.bytePair(270), try Self.bytePair(300))
    let table = Self.table(old)
    let transfer = try VocabularyTransfer(from: old, to: new, method: .subwordMean)
    let rows = try transfer.rows(from: table)
    #expect(rows.rowCount == new.idCount)
    var built = 0
    for id in 0..<new.idCount {
      let bytes = Array(try #require(new.bytes(of: TokenID(id))))
      let row = try #require(rows[TokenID(id)])
      if let same = old.id(of: bytes) {
        #expect(transfer.origins[id] == .copied(same))
        #expect(row.elementsEqual(table[same] ?? []))
        continue
      }
      built += 1
      var encoder = try TokenEncoder(CompiledTokenizer(old))
      var pieces: [TokenID] = []
      try encoder.encode(bytes, into: &pieces)
      #expect(transfer.origins[id] == .pieces(pieces) && pieces.count > 1)
      let mean = pieces.reduce(0.0) { $0 + Double($1) } / Double(pieces.count)
      #expect(row.elementsEqual([Float(mean), Float(mean + 0.5), 1]))
    }
    #expect(built > 15)
  }

  @Test("Families spell the same token differently; it is copied all the same")
  func families() throws {
    let (bytes, words, pieces) = (
      try Self.bytePair(330), try Self.wordPiece(120), try Self.pieces(60)
    )
    for (old, new, word, inside) in [
      (bytes, words, "baker", nil), (words, bytes, " baker", "h"), (pieces, words, "the", "##e"),
      (bytes, pieces, "\u{2581}the", nil), (words, pieces, "\u{2581}the", "e"),
    ] as [(Tokenizer, Tokenizer, String, String?)] {
      let transfer = try VocabularyTransfer(from: old, to: new, method: .subwordMean)
      for token in [word, inside].compactMap({ $0 }) {
        let id = try #require(new.id(of: Array(token.utf8)), "\(token)")
        guard case .copied(let source) = transfer.origins[Int(id)] else {
          Issue.record("\(token) is \(transfer.origins[Int(id)])")
          continue
        }
        func plain(_ text: String) -> String {
          text.replacing("\u{2581}", with: "").replacing("##", with: "").replacing(" ", with: "")
        }
        #expect(plain(Self.text(old, Int(source))) == plain(token))
      }
    }
    // What begins a word stays apart from what is inside one.
    let transfer = try VocabularyTransfer(from: words, to: words, method: .mean)
    for id in 0..<words.idCount { #expect(transfer.origins[id] == .copied(TokenID(id))) }
  }

  @Test("New rows are the mean of the old ones, or drawn about it; padding counts for nothing")
  func mean() throws {
    let (old, new) = (try Self.bytePair(270), try Self.bytePair(280))
    var table = Self.table(old, extra: 10)
    for index in 270 * 3..<280 * 3 { table.values[index] = 1e9 }
    let mean = Float(269) / 2
    let plain = try VocabularyTransfer(from: old, to: new, method: .mean)
    let rows = try plain.rows(from: table, rowCount: 288)
    #expect(rows.rowCount == 288)
    for id in 270..<280 {
      #expect(plain.origins[id] == .mean)
      #expect(rows[TokenID(id)]?.elementsEqual([mean, mean + 0.5, 1]) == true)
    }
    #expect(rows[285]?.elementsEqual([0, 0, 0]) == true)
    let sampled = try VocabularyTransfer(from: old, to: new, method: .sampledMean)
    let drawn = try sampled.rows(from: table, seed: 3)
    #expect(drawn != (try sampled.rows(from: table, seed: 4)))
    #expect(drawn == (try sampled.rows(from: table, seed: 3, threads: 1)))
    for id in 270..<280 {
      let row = Array(try #require(drawn[TokenID(id)]))
      // The deviation is 78 · √10⁻⁹; the first two columns vary together, the third not at all.
      #expect(row[0] != mean && abs(row[0] - mean) < 0.02)
      #expect(abs(row[1] - row[0] - 0.5) < 1e-4 && row[2] == 1)
    }
  }

  @Test("Draws about the mean have the covariance that they should")
  func covariance() throws {
    let (old, new) = (try Self.bytePair(257), try Self.bytePair(310))
    var numbers = RandomSequence(seed: 1, place: 0)
    var table = EmbeddingMatrix(rowCount: 257, dimension: 2)
    for row in 0..<257 {
      let (x, y) = (numbers.unit() - 0.5, numbers.unit() - 0.5)
      table.values[2 * row] = Float(30000 * x)
      table.values[2 * row + 1] = Float(30000 * (x + 0.5 * y))
    }
    let transfer = try VocabularyTransfer(from: old, to: new, method: .sampledMean)
    let statistics = RowStatistics(table, rowCount: 257)
    var products = SIMD4<Double>()
    var count = 0.0
    for seed in UInt64(0)..<60 {
      let rows = try transfer.rows(from: table, seed: seed)
      for id in 257..<TokenID(new.idCount) {
        guard let row = rows[id] else { continue }
        let x = Double(row[row.startIndex]) - statistics.mean[0]
        let y = Double(row[row.startIndex + 1]) - statistics.mean[1]
        products += SIMD4(x * x, x * y, y * y, 0)
        count += 1
      }
    }
    var expected = SIMD4<Double>()
    for row in 0..<257 {
      let x = Double(table.values[2 * row]) - statistics.mean[0]
      let y = Double(table.values[2 * row + 1]) - statistics.mean[1]
      expected += SIMD4(x * x, x * y, y * y, 0) / 257 * 1e-9
    }
    // Some 2,000 draws: a deviation of 3 %, of which five are allowed.
    for place in 0..<3 { #expect(abs(products[place] / count / expected[place] - 1) < 0.15) }
  }

  @Test("FOCUS: shared tokens that are used alike, weighted by sparsemax of the cosines")
  func focus() throws {
    let (old, new) = (try Self.bytePair(270), try Self.bytePair(280))
    // Token 270 is used nearly as 104 and a little as 105; of 271 nothing is known.
    var auxiliary = EmbeddingMatrix(rowCount: 280, dimension: 2)
    func place(_ id: Int, _ x: Float, _ y: Float) {
      (auxiliary.values[2 * id], auxiliary.values[2 * id + 1]) = (x, y)
    }
    for id in 0..<100 { place(id, -1, 0) }
    place(104, 2, 0)
    place(105, 0, 3)
    for id in 272..<280 { place(id, 0, 1) }
    place(270, 0.8, 0.6)
    let transfer = try VocabularyTransfer(
      from: old, to: new, method: .focus, auxiliary: auxiliary)
    guard case .weighted(let weights) = transfer.origins[270] else {
      Issue.record("\(transfer.origins[270])")
      return
    }
    #expect(weights.map(\.id) == [104, 105])
    #expect(abs(weights[0].weight - 0.6) < 1e-6 && abs(weights[1].weight - 0.4) < 1e-6)
    #expect(transfer.origins[271] == .drawn)
    #expect(transfer.origins[275] == .weighted([WeightedRow(id: 105, weight: 1)]))
    let rows = try transfer.rows(from: Self.table(old))
    let row = Array(try #require(rows[270]))
    #expect(abs(row[0] - 104.4) < 1e-4 && row[2] == 1)
    for threads in [1, 2, 3, 8] {
      let again = try VocabularyTransfer(
        from: old, to: new, method: .focus, auxiliary: auxiliary, threads: threads)
      #expect(again.origins == transfer.origins)
    }
  }

  @Test("Errors say what does not fit")
  func errors() throws {
    let (old, new) = (try Self.bytePair(270), try Self.bytePair(280))
    #expect(throws: TransferError.tooFewRows(rows: 269, ids: 270)) {
      try VocabularyTransfer(from: old, to: new, method: .mean)
        .rows(from: EmbeddingMatrix(rowCount: 269, dimension: 3))
    }
    #expect(throws: TransferError.noAuxiliary) {
      try VocabularyTransfer(from: old, to: new, method: .focus)
    }
    #expect(throws: TransferError.tooFewAuxiliaryRows(rows: 9, ids: 280)) {
      try VocabularyTransfer(
        from: old, to: new, method: .focus,
        auxiliary: EmbeddingMatrix(rowCount: 9, dimension: 3))
    }
    #expect(throws: TransferError.noSharedTokens) {
      try VocabularyTransfer(
        from: old, to: new, method: .focus,
        auxiliary: EmbeddingMatrix(rowCount: 280, dimension: 3))
    }
  }
}
