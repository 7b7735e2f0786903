import Primitives
import Testing

@testable import Tokenization

@Suite("Piece encoder")
struct PieceEncoderTests {
  /// A model of all bytes and random merges, with ids that need so many bits.
  private func model(idBits: Int, _ generator: inout SeededGenerator) -> (CompiledModel, Int) {
    // Ids in between have no token of their own.
    var tokens = (0..<256).map { [UInt8($0)] }
    var merges: [Merge] = []
    var known = Set(tokens)
    let letters = (0..<6).map { UInt8(97 + $0) }
    while merges.count < 60 {
      let left =
        merges.isEmpty || Bool.random(using: &generator)
        ? Int(letters.randomElement(using: &generator) ?? 97) : tokens.count - 1
      let right = Int(letters.randomElement(using: &generator) ?? 97)
      let bytes = tokens[left] + tokens[right]
      if !known.insert(bytes).inserted { continue }
      merges.append(
        Merge(left: TokenID(left), right: TokenID(right), result: TokenID(tokens.count)))
      tokens.append(bytes)
    }
    let model = BPEModel(vocabulary: Vocabulary(tokens: tokens), merges: merges)
    return (CompiledModel.bpe(CompiledBPE(model)), max(tokens.count, 1 << idBits))
  }

  private struct Pieces {
    var text: [UInt8] = []
    var starts: [UInt32] = []
    var ends: [UInt32] = []
  }

  private func pieces(_ generator: inout SeededGenerator, count: Int) -> Pieces {
    var pieces = Pieces()
    for _ in 0..<count {
      let kind = Int.random(in: 0..<10, using: &generator)
      let length =
        kind < 7
        ? Int.random(in: 1...6, using: &generator)
        : kind < 9
          ? Int.random(in: 1...34, using: &generator) : Int.random(in: 1...600, using: &generator)
      // Few letters, so that pieces come again; some that no merge joins, so that ids are many.
      let letters = kind % 2 == 0 ? 97...102 : 97...98
      pieces.starts.append(UInt32(pieces.text.count))
      for _ in 0..<length {
        pieces.text.append(
          kind == 8 ? 0xE4 : UInt8(Int.random(in: letters, using: &generator)))
      }
      pieces.ends.append(UInt32(pieces.text.count))
      if kind == 3 { pieces.text.append(0x20) }
    }
    pieces.text += [UInt8](repeating: 97, count: 16)
    return pieces
  }

  private func ids(_ pieces: Pieces, by encoder: inout PieceEncoder<CompiledModel>) -> [TokenID] {
    [TokenID](unsafeUninitializedCapacity: pieces.text.count + IDPacking.spareIDs) {
      buffer, count in
      guard let output = buffer.baseAddress else { return }
      count = encoder.encode(
        pieces.text, starts: pieces.starts, ends: pieces.ends, count: pieces.starts.count,
        into: output)
    }
  }

  private func uncached(_ pieces: Pieces, _ model: CompiledModel) -> [TokenID] {
    var all: [TokenID] = []
    for (start, end) in zip(pieces.starts, pieces.ends) {
      pieces.text[Int(start)..<Int(end)].withUnsafeBufferPointer { piece in
        all += [TokenID](unsafeUninitializedCapacity: piece.count) { buffer, count in
          count = buffer.baseAddress.map { model.encode(piece, into: $0) } ?? 0
        }
      }
    }
    return all
  }

  @Test(
    "Cached ids are those of the model, with vectors and without, however small the caches",
    arguments: [10, 16, 17, 20, 24], [0, 1 << 22])
  func oracle(idBits: Int, cacheBytes: Int) {
    var generator = SeededGenerator(seed: UInt64(idBits))
    let (model, idCount) = model(idBits: idBits, &generator)
    let encoders = [true, false].map {
      Shared(
        PieceEncoder(model: model, idCount: idCount, cacheBytes: cacheBytes, usesVectors: $0))
    }
    for round in 0..<4 {
      let pieces = pieces(&generator, count: 2500)
      let expected = uncached(pieces, model)
      for index in encoders.indices {
        #expect(ids(pieces, by: &encoders[index].encoder) == expected, "round \(round)")
        #expect(ids(pieces, by: &encoders[index].encoder) == expected, "round \(round) again")
      }
    }
  }

  @Test("Pieces that someone chose for one place of a cache stay right, and few are looked at")
  func chosenPieces() {
    var generator = SeededGenerator(seed: 3)
    let (model, idCount) = model(idBits: 16, &generator)
    for length in [9, 20] {
      var chosen = Pieces()
      while chosen.starts.count < 200 {
        let piece = (0..<length).map { _ in UInt8.random(in: 97...102, using: &generator) }
        let isChosen = (piece + [UInt8](repeating: 0, count: 16)).withUnsafeBufferPointer {
          guard let start = $0.baseAddress else { return false }
          return length < 16
            ? ShortKey(at: start, length: length).hash >> 56 == 255
            : WidePieceCache.Key(at: start, length: length).hash >> 56 == 255
        }
        guard isChosen else { continue }
        chosen.starts.append(UInt32(chosen.text.count))
        chosen.text += piece
        chosen.ends.append(UInt32(chosen.text.count))
      }
      chosen.text += [UInt8](repeating: 97, count: 16)
      let expected = uncached(chosen, model)
      for usesVectors in [true, false] {
        var encoder = PieceEncoder(
          model: model, idCount: idCount, cacheBytes: 0, usesVectors: usesVectors)
        for _ in 0..<3 { #expect(ids(chosen, by: &encoder) == expected) }
      }
    }
  }

  private final class Shared {
    var encoder: PieceEncoder<CompiledModel>
    init(_ encoder: consuming PieceEncoder<CompiledModel>) { self.encoder = encoder }
  }

  @Test("Packed ids come back", arguments: [1, 65_536, 65_537, 100_256, 1 << 20, 1 << 24])
  func packing(idCount: Int) {
    let packing = IDPacking(idCount: idCount)
    for size in [16, 32] {
      let memory = ZeroedPages(byteCount: size + IDPacking.slack)
      let ids = (0..<packing.most(in: size)).map { TokenID(max(0, idCount - 1 - 7 * $0)) }
      #expect(ids.count >= (size == 16 ? 5 : 10))
      packing.pack(ids, count: ids.count, to: memory.base)
      var unpacked = [TokenID](repeating: 0, count: ids.count)
      #expect(packing.unpack(memory.base, into: &unpacked) == ids.count)
      #expect(unpacked == ids)
    }
  }
}
