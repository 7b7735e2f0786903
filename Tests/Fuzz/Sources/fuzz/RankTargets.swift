import Tokenization

enum RankTargets {
  /// Lines for all bytes, so that a few more make a whole file.
  private static let bytes: [UInt8] = {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    return (0...255).flatMap { byte in
      [digits[byte >> 2], digits[byte << 4 & 63]] + Array("== \(byte)\n".utf8)
    }
  }()
  private static let sidecar = RankSidecar(
    pattern: #" ?\w+|\s+|[^\s\w]+"#,
    specialTokens: [SpecialToken(id: 60_000, content: Array("<s>".utf8))])

  /// Lines behind those of all bytes, and the same lines alone. What is read is written and read again
  /// as the same, and ids are those of joining pairs one by one.
  static func ranks(_ input: Fuzz.Input) {
    for text in [bytes + Array(input), Array(input)] {
      guard let file = try? RankFile(reading: text, sidecar: sidecar),
        let tokenizer = try? file.tokenizer()
      else { continue }
      let written = file.bytes
      precondition((try? RankFile(reading: written))?.bytes == written)
      guard let again = try? RankFile(of: tokenizer) else {
        preconditionFailure("what was read cannot be written")
      }
      precondition(again.bytes == written && again.sidecar == sidecar)
      TokenizerTarget.use(tokenizer)
      check(file, tokenizer)
    }
  }

  private static func check(_ file: RankFile, _ tokenizer: Tokenizer) {
    var ranks: [[UInt8]: TokenID] = [:]
    for id in 0..<TokenID(file.vocabulary.count) {
      if let token = file.vocabulary[id] { ranks[Array(token)] = id }
    }
    let piece = Array("theme".utf8)
    guard let compiled = try? CompiledTokenizer(tokenizer),
      var encoder = try? TokenEncoder(compiled)
    else { return }
    for word in ranks.keys.filter({ $0.count < 40 }).prefix(20) + [piece] {
      // Words alone are pieces.
      guard word.allSatisfy({ (0x61...0x7A).contains($0) }) else { continue }
      var ids: [TokenID] = []
      guard (try? encoder.encode(word + piece, into: &ids)) != nil else { continue }
      precondition(ids == naive(word + piece, ranks), "other ids than by joining pairs")
    }
  }

  private static func naive(_ piece: [UInt8], _ ranks: [[UInt8]: TokenID]) -> [TokenID] {
    if let whole = ranks[piece] { return [whole] }
    var parts = piece.map { [$0] }
    while true {
      var best: (id: TokenID, place: Int)?
      for place in parts.indices.dropLast() {
        if let id = ranks[parts[place] + parts[place + 1]], id < best?.id ?? .max {
          best = (id, place)
        }
      }
      guard let best else { return parts.compactMap { ranks[$0] } }
      parts[best.place] += parts.remove(at: best.place + 1)
    }
  }

  /// A sidecar: what is read is written and read again as the same.
  static func sidecar(_ input: Fuzz.Input) {
    guard let sidecar = try? RankSidecar(reading: Array(input)) else { return }
    precondition((try? RankSidecar(reading: sidecar.bytes)) == sidecar)
    if let file = try? RankFile(reading: bytes, sidecar: sidecar),
      let tokenizer = try? file.tokenizer()
    {
      TokenizerTarget.use(tokenizer)
    }
  }

  /// A tekken.json behind `{"vocab": [...]` of all bytes.
  static func tekken(_ input: Fuzz.Input) {
    let list = bytes.split(separator: 0x0A).enumerated().map { rank, line in
      let token = String(decoding: line.prefix(4), as: UTF8.self)
      return #"{"rank": \#(rank), "token_bytes": "\#(token)"}"#
    }.joined(separator: ",")
    let start = Array(#"{"vocab": [\#(list)], "#.utf8)
    for text in [start + Array(input), Array(input)] {
      if let tokenizer = try? TokenizerFile.load(text) { TokenizerTarget.use(tokenizer) }
    }
  }
}
