import Primitives
import TokenEmbeddings
import Tokenization

/// Vectors of a text for a person: the first numbers of each, and how long it is.
struct EmbeddingListing {
  private static let shownCount = 5

  let tokenizer: Tokenizer
  let layer: EmbeddingLayer

  func lines(
    of encoding: Encoding, _ parts: EmbeddingLayer.Parts, firstPosition: Int
  ) -> [String] {
    let sum = parts.sum
    var lines = [head(encoding, parts)]
    for (row, id) in encoding.ids.enumerated() {
      let token = tokenizer.bytes(of: id).map { VisibleText.token($0) } ?? "?"
      lines.append("")
      lines.append("\(row)  \(token.prefix(60))  id \(id)")
      lines.append(line("token", parts.tokens, row))
      if let segments = parts.segments {
        lines.append(line("segment \(encoding.typeIDs[row])", segments, row))
      }
      if let positions = parts.positions {
        lines.append(line("position \(firstPosition + row)", positions, row))
      }
      lines.append(line("sum", sum, row))
    }
    return lines + [""] + [HelpLayout.wrapped(tail(parts), indent: 0).dropLast().description]
  }

  private func head(_ encoding: Encoding, _ parts: EmbeddingLayer.Parts) -> String {
    var text = Figures.counted(encoding.count, "token")
    text += " \u{D7} \(Figures.counted(parts.tokens.dimension, "number")): token"
    let scale = layer.record.tokenScale
    if scale != 1 { text += " \u{D7} \(Figures.decimal(scale, places: 2))" }
    if parts.segments != nil { text += " + segment" }
    if parts.positions != nil { text += " + position" }
    return text
  }

  private func tail(_ parts: EmbeddingLayer.Parts) -> String {
    if parts.positions != nil { return "These sums enter the first block of the transformer." }
    switch String(decoding: layer.record.positions, as: UTF8.self) {
    case "rope":
      return "No positions are added: rope turns queries and keys inside the transformer."
    case "alibi":
      return "No positions are added: alibi lowers attention scores by distance inside the "
        + "transformer."
    default: return "No positions are added."
    }
  }

  private func line(_ name: String, _ matrix: EmbeddingMatrix, _ row: Int) -> String {
    let start = row * matrix.dimension
    let values = matrix.values[start..<start + matrix.dimension]
    let shown = values.prefix(Self.shownCount).map { value in
      Self.padded(Figures.decimal(Double(value), places: 4), to: 8)
    }
    let square = values.reduce(0.0) { $0 + Double($1) * Double($1) }
    let more = values.count > Self.shownCount ? " \u{2026}" : ""
    let label = name + String(repeating: " ", count: max(0, 13 - name.count))
    return "  \(label)\(shown.joined(separator: " "))\(more)  length "
      + Figures.decimal(square.squareRoot(), places: 2)
  }

  private static func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
