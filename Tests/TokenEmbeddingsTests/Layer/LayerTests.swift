import Foundation
import Primitives
import Testing
import Tokenization

@testable import TokenEmbeddings

@Suite("Embedding layers")
struct LayerTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  /// Tokens a and b, id 2 without a token, a special one for padding, an added one.
  private static let tokenizer = Tokenizer(
    normalizer: Normalizer([]), preTokenizer: PreTokenizer([]),
    model: .bpe(
      BPEModel(
        vocabulary: Vocabulary(tokens: [Array("a".utf8), Array("b ".utf8), nil]), merges: [],
        base: .bytes)),
    specialTokens: [
      SpecialToken(id: 3, content: Array("<pad>".utf8)),
      SpecialToken(id: 4, content: Array("w\\x".utf8), isSpecial: false),
    ])

  @discardableResult
  private func write(
    _ options: LayerOptions, vectors: TokenVectors = .drawn, also forms: [LayerDirectory.Form] = [],
    threads: Int = 1, to name: String = "layer"
  ) throws -> TensorFile {
    let plan = try LayerPlan(options, for: Self.tokenizer, vectors: vectors)
    let directory = try AtomicDirectory(
      at: scratch.path(name), existing: .replaced(LayerDirectory.signature))
    try LayerDirectory.write(
      plan, of: Self.tokenizer, files: [], also: forms, to: directory, threads: threads)
    return try TensorFile(opening: scratch.path("\(name)/embeddings.safetensors"))
  }

  private func matrix(_ file: TensorFile, _ name: String) throws -> EmbeddingMatrix {
    try file.matrix(named: Array(name.utf8)).matrix()
  }

  @Test("Padding has rows of zeros: that of its token, and those behind the vocabulary")
  func padding() throws {
    var options = LayerOptions(dimension: 6, maxLength: 3)
    options.paddingMultiple = 8
    let tokens = try matrix(try write(options), "token_embedding.weight")
    #expect(tokens.rowCount == 8 && tokens.dimension == 6)
    for row in 0..<8 {
      let isZero = tokens[TokenID(row)]?.allSatisfy { $0 == 0 }
      #expect(isZero == [3, 5, 6, 7].contains(row))
    }
  }

  @Test("Files are the same for any number of threads")
  func threads() throws {
    let options = LayerOptions(
      dimension: 4096, initialization: .preset(.bert), maxLength: 300, elementType: .bf16)
    var files: [Data] = []
    for threads in [1, 2, 3, 8] {
      try write(options, threads: threads, to: "t\(threads)")
      files.append(
        try Data(
          contentsOf: scratch.url.appendingPathComponent("t\(threads)/embeddings.safetensors"))
      )
    }
    #expect(files.allSatisfy { $0 == files[0] })
  }

  @Test("Sums are scaled tokens, segments and positions", arguments: Preset.allCases)
  func sums(preset: Preset) throws {
    var options = LayerOptions(dimension: 64, initialization: .preset(preset), maxLength: 10)
    options.std = preset == .keras ? nil : 0.5
    let file = try write(options)
    let layer = try EmbeddingLayer(contentsOf: scratch.path("layer"))
    var encoding = Encoding()
    encoding.ids = [1, 0, 4]
    encoding.typeIDs = layer.record.segmentCount > 0 ? [0, 1, 1] : [0, 0, 0]
    let parts = try layer.parts(of: encoding, firstPosition: 5)
    let sum = parts.sum
    let tokens = try matrix(file, "token_embedding.weight")
    let scale = Float(preset == .transformer ? 8 : 1)
    for (row, id) in encoding.ids.enumerated() {
      for column in 0..<64 {
        var expected = try #require(tokens[id]).map { $0 * scale }[column]
        if layer.record.segmentCount > 0 {
          let table = try matrix(file, "segment_embedding.weight").values
          expected += table[Int(encoding.typeIDs[row]) * 64 + column]
        }
        if layer.record.positionTensor != nil {
          expected += try matrix(file, "position_embedding.weight").values[(5 + row) * 64 + column]
        }
        #expect(sum.values[row * 64 + column] == expected)
      }
    }
  }

  @Test(
    "Presets have parts of one size, and a sinusoid beside tokens of 0.02 is told to drown them")
  func balance() throws {
    for preset in Preset.allCases {
      let options = LayerOptions(dimension: 512, initialization: .preset(preset))
      let balance = try #require(try LayerPlan(options, for: Self.tokenizer).balance)
      #expect(balance.drowning == nil, "\(preset): \(balance)")
    }
    var options = LayerOptions(dimension: 512, initialization: .drawn(.normal(std: 0.02)))
    let drowning = try #require(try LayerPlan(options, for: Self.tokenizer).balance?.drowning)
    #expect(drowning.large == .position && drowning.small == .token)
    #expect(abs(drowning.ratio - 35.355) < 0.001)
    options.positions = .learned
    #expect(try LayerPlan(options, for: Self.tokenizer).balance?.drowning == nil)
  }

  @Test("Rows of a file are kept, cut, or followed by drawn ones, in another type")
  func resizing() throws {
    let options = LayerOptions(dimension: 4, initialization: .preset(.t5), naming: .t5)
    for rows in [2, 5, 9] {
      var header = NumpyHeader.bytes(type: "<f4", rows: rows, columns: 4)
      for index in 0..<rows * 4 {
        header += withUnsafeBytes(of: Float(index).bitPattern.littleEndian) { Array($0) }
      }
      try Data(header).write(to: scratch.url.appendingPathComponent("old.npy"))
      let old = try #require(try TensorFile(opening: scratch.path("old.npy")).tokenMatrix())
      var resized = options
      resized.elementType = .f16
      let drawn = try matrix(try write(options), "shared.weight")
      let tokens = try matrix(try write(resized, vectors: .resized(old)), "shared.weight")
      #expect(tokens.rowCount == 5)
      for id in 0..<5 where id != 3 || rows > 3 {
        let expected =
          id < rows
          ? (0..<4).map { Float(4 * id + $0) }
          : drawn[TokenID(id)].map { row in row.map { HalfFloat.value(HalfFloat.bits($0)) } }
        #expect(tokens[TokenID(id)].map { Array($0) } == expected)
      }
      let kept = try LayerPlan(options, for: Self.tokenizer, vectors: .resized(old)).resizedRows
      #expect(kept == min(5, rows))
    }
  }

  @Test("The vocabulary is listed with bytes, kinds and counts")
  func vocabulary() {
    let text = VocabularyTable.bytes(of: Self.tokenizer, counts: [7, 0, 0, 1])
    #expect(
      String(decoding: text, as: UTF8.self) == """
        id\ttoken\tkind\tscore\tcount
        0\ta\tbyte\t\t7
        1\tb \ttoken\t\t0
        2\t\tunused\t\t0
        3\t<pad>\tspecial\t\t1
        4\tw\\x5Cx\tadded\t\t

        """)
  }

  @Test("Tables in other forms hold the same numbers, and words without blanks")
  func forms() throws {
    let options = LayerOptions(
      dimension: 2, initialization: .preset(.torch), maxLength: 3, paddingMultiple: 4)
    let file = try write(options, also: LayerDirectory.Form.allCases)
    for (role, name) in [("token", "token_embedding"), ("position", "position_embedding")] {
      let array = try TensorFile(opening: scratch.path("layer/\(role)_embedding.npy"))
      #expect(try matrix(array, "") == matrix(file, "\(name).weight"))
    }
    for (form, name) in [(WordVectors.Form.text, "txt"), (.binary, "bin")] {
      let vectors = try WordVectors(
        reading: scratch.path("layer/token_embedding.\(name)"), as: form)
      #expect(
        vectors.words.map { String(decoding: $0, as: UTF8.self) }
          == ["a", "b\u{120}", "<unused-2>", "<pad>", "w\\x"])
      let tokens = try matrix(file, "token_embedding.weight").values
      #expect(vectors.matrix.values == Array(tokens[..<10]))
    }
  }

  @Test("A number that f16 cannot hold is named, and nothing is left")
  func overflow() throws {
    let options = LayerOptions(
      dimension: 2, maxLength: 1, segmentCount: 0, elementType: .f16)
    var values = [Float](repeating: 1, count: 10)
    values[5] = -70_000
    let given = EmbeddingMatrix(rowCount: 5, dimension: 2, values: values)
    let path = scratch.path("layer/embeddings.safetensors")
    #expect(
      throws: LayerError.tensors(
        .notFinite(
          path: path, tensor: Array("token_embedding.weight".utf8), row: 2, column: 1,
          value: -70_000, .f16))
    ) { try write(options, vectors: .given(given, origin: "test"), threads: 3) }
    #expect(scratch.names() == [])
  }

  @Test("Options that cannot be are told before anything is made")
  func options() throws {
    func error(_ change: (inout LayerOptions) -> Void) -> LayerError? {
      var options = LayerOptions(dimension: 6)
      change(&options)
      do throws(LayerError) {
        _ = try LayerPlan(options, for: Self.tokenizer)
        return nil
      } catch {
        return error
      }
    }
    #expect(error { _ in } == nil)
    #expect(
      error { $0.dimension = 0 } == .countOutOfRange(name: "a dimension", 0, 1...1 << 20))
    #expect(error { $0.dimension = 7 } == .oddDimension(7, what: "sines and cosines"))
    #expect(
      error {
        $0.positions = .rotary(RotaryPositions(headDimension: 3))
      } == .oddDimension(3, what: "numbers that are turned"))
    #expect(
      error {
        $0.positions = .rotary(RotaryPositions(headDimension: 4))
      } == .headDoesNotDivide(dimension: 6, head: 4))
    #expect(error { $0.std = 0 } == .stdOutOfRange(0))
    #expect(error { $0.std = .nan } != nil)
    #expect(
      error {
        $0.initialization = .drawn(.xavier); $0.std = 1
      } == .fixedWidth(.xavier))
    #expect(error { $0.truncation = 7 } == .truncationOutOfRange(7))
    #expect(
      error {
        $0.initialization = .drawn(.zeros); $0.truncation = 2
      } == .truncationUnfit(.zeros))
    #expect(
      error { $0.maxLength = 1 << 21 } == .countOutOfRange(name: "a length", 1 << 21, 1...1 << 20))
    #expect(
      error {
        $0.positions = .sinusoidal(SinusoidalPositions(base: 1))
      } == .baseOutOfRange(1))
    #expect(
      error { $0.naming = .llama } == .noName(.position, .llama))
    #expect(
      error {
        $0.naming = .gpt2; $0.segmentCount = 2
      } == .noName(.segment, .gpt2))
    #expect(error { $0.naming = .gpt2 } == nil)
    let matrix = EmbeddingMatrix(rowCount: 4, dimension: 6)
    #expect(
      throws: LayerError.vectorsDiffer(
        rows: 4, columns: 6, expectedRows: 5, expectedColumns: 6)
    ) {
      _ = try LayerPlan(
        LayerOptions(dimension: 6), for: Self.tokenizer, vectors: .given(matrix, origin: ""))
    }
  }

  @Test("A vocabulary whose ids are mostly without tokens has no layer")
  func sparse() {
    var tokenizer = Self.tokenizer
    tokenizer.specialTokens.append(SpecialToken(id: 1000, content: Array("far".utf8)))
    #expect(throws: LayerError.sparseIDs(tokens: 5, ids: 1001)) {
      _ = try LayerPlan(LayerOptions(dimension: 2), for: tokenizer)
    }
  }

  @Test("Ids, types and positions without a row are told")
  func beyond() throws {
    try write(LayerOptions(dimension: 2, maxLength: 3))
    let layer = try EmbeddingLayer(contentsOf: scratch.path("layer"))
    var encoding = Encoding()
    encoding.ids = [0, 5]
    encoding.typeIDs = [0, 0]
    #expect(throws: LayerError.idBeyondTable(id: 5, rows: 5)) {
      _ = try layer.parts(of: encoding)
    }
    encoding.ids = [0, 1]
    encoding.typeIDs = [0, 2]
    #expect(throws: LayerError.typeBeyondTable(type: 2, segments: 2)) {
      _ = try layer.parts(of: encoding)
    }
    encoding.typeIDs = [0, 1]
    _ = try layer.parts(of: encoding, firstPosition: 1)
    #expect(throws: LayerError.positionBeyondTable(position: 3, length: 3)) {
      _ = try layer.parts(of: encoding, firstPosition: 2)
    }
    #expect(throws: LayerError.positionBeyondTable(position: .max, length: 3)) {
      _ = try layer.parts(of: encoding, firstPosition: .max)
    }
  }

  @Test("A record that lies about its tables, or is cut anywhere, is told")
  func records() throws {
    try write(LayerOptions(dimension: 2, maxLength: 3))
    let text = try scratch.text(of: "layer/layer.json")
    let path = scratch.path("layer/layer.json")
    for (old, new, field) in [
      ("toktrain/layer/1", "toktrain/layer/9", "format"),
      ("\"dimension\": 2", "\"x\": 2", "dimension"),
      ("\"dimension\": 2", "\"dimension\": -2", "dimension"),
      ("\"padded_size\": 5", "\"padded_size\": \"5\"", "padded_size"),
      ("\"scale\": 1.4", "\"scale\": -1.4", "scale"),
    ] {
      let bytes = Array(text.replacingOccurrences(of: old, with: new).utf8)
      #expect(bytes != Array(text.utf8))
      do throws(LayerError) {
        _ = try LayerRecord(reading: bytes, path: path)
        Issue.record("\(new) was read")
      } catch {
        guard case .record(path, field, _) = error else {
          Issue.record("\(error)")
          continue
        }
      }
    }
    for length in 0..<text.utf8.count - 2 {
      #expect(throws: LayerError.self) {
        _ = try LayerRecord(reading: Array(text.utf8.prefix(length)), path: path)
      }
    }
    try scratch.write(
      text.replacingOccurrences(of: "\"dimension\": 2", with: "\"dimension\": 3"),
      to: "layer/layer.json")
    #expect(
      throws: LayerError.tableDiffers(
        path: scratch.path("layer/embeddings.safetensors"),
        tensor: Array("token_embedding.weight".utf8), found: [5, 2], expected: [5, 3])
    ) { _ = try EmbeddingLayer(contentsOf: scratch.path("layer")) }
  }
}
